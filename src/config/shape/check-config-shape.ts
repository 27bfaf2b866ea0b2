import { nearestName } from '../../core/nearest-name.ts';
import { member, type MapNode, type Node } from '../node.ts';
import { mayHoldTag } from '../parameters/value-type.ts';
import type { Report } from '../problem.ts';
import { checkShape } from './check-shape.ts';
import { shapeContext } from './shape-context.ts';
import { CONFIG, ORB } from './config-shapes.ts';
import { below, ROOT, type Path } from './schema-path.ts';
import { notInEnum, requiredKey, wrongType } from './schema-texts.ts';
import { schemaType } from './schema-type.ts';
import { branchesDeprecated, droppedTopLevelKey, namesDifferByCase, unusualName, version2 } from './shape-texts.ts';
import type { MapShape } from './shape.ts';

/** The forms of names in CircleCI's JSON schema. The documentation asks for more than what compiles. */
const ELEMENT_NAME = /^[a-z][a-z0-9_-]*$/;
const JOB_NAME = /^[A-Za-z][A-Za-z\s\d_-]*$/;

const VERSIONS = ['2', '2.0', '2.1'];

/** Reports what CircleCI's schema check finds in a config before anything is expanded. */
export function checkConfigShape(root: Node, report: Report): void {
  if (root.kind !== 'map') {
    report.error(wrongType('#', 'Mapping', schemaType(root)), root.at);
    return;
  }
  checkVersion(root, report);
  checkSections(root, CONFIG, { path: ROOT, report, orbs: new Set() });
}

/** Reports the same for an orb, which is a file of its own. */
export function checkOrbShape(root: Node, report: Report): void {
  if (root.kind === 'map') checkSections(root, ORB, { path: ROOT, report, orbs: new Set() });
  else report.error(wrongType('#', 'Mapping', schemaType(root)), root.at);
}

function checkVersion(root: MapNode, report: Report): void {
  const version = member(root, 'version');
  if (version === undefined) {
    report.error(requiredKey('#', 'version', ['Start the config with version: 2.1.']), root.at);
  } else if (version.kind !== 'scalar') report.error(wrongType('#/version', 'String', schemaType(version)), version.at);
  else if (mayHoldTag(version)) return;
  else if (!VERSIONS.includes(String(version.value))) {
    report.error(notInEnum('#/version', String(version.value), VERSIONS), version.at);
  } else if (Number(version.value) === 2) report.warning(version2(), version.at);
}

interface Sections {
  readonly path: Path;
  readonly report: Report;
  /** The inline orbs that have been checked: aliases of YAML make one orb stand at many places. */
  readonly orbs: Set<Node>;
}

function checkSections(root: MapNode, shape: MapShape, sections: Sections): void {
  const { path, report } = sections;
  const context = shapeContext(report, member(root, 'commands'));
  const known = [...shape.keys.keys()];
  for (const [key, { keyAt, value }] of root.entries) {
    const section = shape.keys.get(key);
    if (section) checkShape(value, section, below(path, key), context);
    else report.warning(droppedTopLevelKey(key, nearestName(key, known)), keyAt);
  }
  checkNames(member(root, 'commands'), 'command', ELEMENT_NAME, report);
  checkNames(member(root, 'executors'), 'executor', ELEMENT_NAME, report);
  checkJobs(member(root, 'jobs'), report);
  checkInlineOrbs(member(root, 'orbs'), sections);
}

function checkNames(elements: Node | undefined, kind: string, pattern: RegExp, report: Report): void {
  if (elements?.kind !== 'map') return;
  for (const [name, { keyAt }] of elements.entries) {
    if (!pattern.test(name)) report.warning(unusualName(kind, name, pattern.source), keyAt);
  }
}

function checkJobs(jobs: Node | undefined, report: Report): void {
  checkNames(jobs, 'job', JOB_NAME, report);
  if (jobs?.kind !== 'map') return;
  const spellings = new Map<string, string>();
  for (const [name, { keyAt, value }] of jobs.entries) {
    const lower = name.toLowerCase();
    const other = spellings.get(lower);
    if (other !== undefined) report.warning(namesDifferByCase(name, other), keyAt);
    spellings.set(lower, name);
    const branches = value.kind === 'map' ? value.entries.get('branches') : undefined;
    if (branches) report.warning(branchesDeprecated(), branches.keyAt);
  }
}

function checkInlineOrbs(declarations: Node | undefined, { path, report, orbs }: Sections): void {
  if (declarations?.kind !== 'map') return;
  for (const [name, { value }] of declarations.entries) {
    if (value.kind !== 'map' || orbs.has(value)) continue;
    orbs.add(value);
    checkSections(value, ORB, { path: below(below(path, 'orbs'), name), report, orbs });
  }
}
