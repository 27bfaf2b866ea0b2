import { member, type MapNode, type Node } from '../node.ts';
import { mayHoldTag } from '../parameters/value-type.ts';
import type { Report } from '../problem.ts';
import { checkSections } from './check-sections.ts';
import { CONFIG } from './shapes/config-shapes.ts';
import { wrongType } from './schema/schema-texts.ts';
import { schemaType } from './schema/schema-type.ts';
import { unsupportedVersion, version2 } from './shape-texts.ts';

const VERSIONS = ['2', '2.0', '2.1'];

/** Reports what CircleCI's schema check finds in a config before anything is expanded. Orbs that are written in it have a check of their own. */
export function checkConfigShape(root: Node, report: Report): void {
  if (root.kind !== 'map') {
    report.error(wrongType('#', 'Mapping', schemaType(root), [formHint(root)]), root.at);
    return;
  }
  checkVersion(root, report);
  checkSections(root, CONFIG, report);
}

function formHint(root: Node): string {
  const isEmpty = root.kind === 'scalar' && root.value === null;
  return isEmpty
    ? 'There is nothing in the file: start it with version: 2.1.'
    : 'A config is a map with the keys version, jobs and workflows.';
}

function checkVersion(root: MapNode, report: Report): void {
  const version = member(root, 'version');
  if (version === undefined) {
    report.error(unsupportedVersion('Start the config with version: 2.1.'), root.at);
  } else if (version.kind !== 'scalar') report.error(wrongType('#/version', 'String', schemaType(version)), version.at);
  else if (mayHoldTag(version)) return;
  else if (!VERSIONS.includes(String(version.value))) {
    report.error(unsupportedVersion('Write version: 2.1.'), version.at);
  } else if (Number(version.value) === 2) report.warning(version2(), version.at);
}
