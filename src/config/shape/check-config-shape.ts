import { member, type MapNode, type Node } from '../node.ts';
import { mayHoldTag } from '../parameters/value-type.ts';
import type { Report } from '../problem.ts';
import { checkSections } from './check-sections.ts';
import { CONFIG } from './shapes/config-shapes.ts';
import { EXTRANEOUS_KEY, onlyWarned, wrongType } from './schema/schema-texts.ts';
import { schemaType } from './schema/schema-type.ts';
import { noFlag, unsupportedVersion, version2 } from './shape-texts.ts';

const VERSIONS = ['2', '2.0', '2.1'];

/** Reports what CircleCI's schema check finds in a config before anything is expanded. Orbs that are written in it have a check of their own. */
export function checkConfigShape(root: Node, report: Report): void {
  if (root.kind !== 'map') {
    report.error(wrongType('#', 'Mapping', schemaType(root), [formHint(root)]), root.at);
    return;
  }
  checkVersion(root, report);
  checkSetup(member(root, 'setup'), report);
  checkSections(root, CONFIG, isVersion2(root) ? milder(report) : report);
}

/** Of keys in a config of version 2 that it does not know, CircleCI has only ever warned (cljdoc/cljdoc#51). */
function milder(report: Report): Pick<Report, 'error' | 'warning'> {
  return {
    error: (fact, at) => {
      if (fact.code === EXTRANEOUS_KEY) report.warning(onlyWarned(fact), at);
      else report.error(fact, at);
    },
    warning: (fact, at) => report.warning(fact, at),
  };
}

export function isVersion2(root: MapNode): boolean {
  const version = member(root, 'version');
  return version?.kind === 'scalar' && Number(version.value) === 2;
}

function formHint(root: Node): string {
  const isEmpty = root.kind === 'scalar' && root.value === null;
  return isEmpty
    ? 'There is nothing in the file: start it with version: 2.1.'
    : 'A config is a map with the keys version, jobs and workflows.';
}

function checkSetup(setup: Node | undefined, report: Report): void {
  if (setup?.kind !== 'scalar' || setup.value === null || mayHoldTag(setup)) return;
  if (typeof setup.value !== 'boolean') report.warning(noFlag('setup'), setup.at);
}

function checkVersion(root: MapNode, report: Report): void {
  const version = member(root, 'version');
  if (version === undefined) {
    report.error(unsupportedVersion('Start the config with version: 2.1.'), root.at);
  } else if (version.kind !== 'scalar') report.error(wrongType('#/version', 'String', schemaType(version)), version.at);
  else if (mayHoldTag(version)) return;
  else if (!VERSIONS.includes(String(version.value))) {
    report.error(unsupportedVersion('Write version: 2.1.'), version.at);
  } else if (isVersion2(root)) report.warning(version2(), version.at);
}
