import { nearestName } from '../../core/nearest-name.ts';
import { lineStarts } from '../line-starts.ts';
import { member, type MapNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import { checkShape } from './check-shape.ts';
import { below, pathText, ROOT } from './schema/schema-path.ts';
import { wrongType } from './schema/schema-texts.ts';
import { shapeContext } from './shape-context.ts';
import { branchesDeprecated, droppedTopLevelKey, namesDifferByCase, unusualName } from './shape-texts.ts';
import type { MapShape } from './shapes/shape.ts';

type Findings = Pick<Report, 'error' | 'warning'>;

/** The forms of names in CircleCI's JSON schema. The documentation asks for more than what compiles. */
const ELEMENT_NAME = /^[a-z][a-z0-9_-]*$/;
/** The sections whose keys are names of what is declared there. */
const DECLARING: ReadonlySet<string> = new Set(['commands', 'executors', 'job-groups', 'jobs', 'workflows']);
const JOB_NAME = /^[A-Za-z][A-Za-z\s\d_-]*$/;

/** Checks the sections of a config or an orb. An orb that is written in one is checked when it is read. */
export function checkSections(root: MapNode, shape: MapShape, report: Findings): void {
  const context = shapeContext(report, member(root, 'commands'));
  const known = [...shape.keys.keys()];
  for (const [key, { keyAt, value }] of root.entries) {
    const section = shape.keys.get(key);
    if (section) {
      checkShape(value, section, below(ROOT, key), context);
      if (DECLARING.has(key)) checkDeclared(value, key, report);
    } else if (!holdsAnchor(keyAt)) report.warning(droppedTopLevelKey(key, nearestName(key, known)), keyAt);
  }
  checkNames(member(root, 'commands'), 'command', ELEMENT_NAME, report);
  checkNames(member(root, 'executors'), 'executor', ELEMENT_NAME, report);
  checkJobs(member(root, 'jobs'), report);
}

/** A key of one's own is where YAML's anchors are kept: that CircleCI drops it is what is wanted. */
function holdsAnchor({ source, line, column }: Place): boolean {
  if (column !== 1) return false;
  const starts = lineStarts(source);
  let end = line;
  while (end < starts.length && /[ \t\r\n#-]/.test(source.text[starts[end] ?? 0] ?? ' ')) end += 1;
  return /[\s,[{]&[^\s,[\]{}]/.test(source.text.slice(starts[line - 1], starts[end]));
}

/** Elsewhere nothing may stand for a value; what is declared has to be something. */
function checkDeclared(section: Node, key: string, report: Findings): void {
  if (section.kind !== 'map') return;
  for (const [name, { value }] of section.entries) {
    if (value.kind !== 'scalar' || value.value !== null || name === 'version') continue;
    report.error(wrongType(pathText(below(below(ROOT, key), name)), 'Mapping', 'Null'), value.at);
  }
}

function checkNames(elements: Node | undefined, kind: string, pattern: RegExp, report: Findings): void {
  if (elements?.kind !== 'map') return;
  for (const [name, { keyAt }] of elements.entries) {
    if (!pattern.test(name)) report.warning(unusualName(kind, name, pattern.source), keyAt);
  }
}

function checkJobs(jobs: Node | undefined, report: Findings): void {
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
