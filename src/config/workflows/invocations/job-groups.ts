import { mapNode, member, scalarNode, type Entry, type MapNode, type Node } from '../../node.ts';
import type { Place } from '../../source.ts';
import { dependentsOf } from '../dependencies/dependents.ts';
import type { Dependency, Invocation, JobSet } from './invocation.ts';
import { expandInvocation, writtenInvocations, type Reading, type WrittenInvocation } from './read-invocations.ts';
import { resolveRequirements, TERMINAL_STATUSES } from '../dependencies/requires.ts';
import {
  groupArguments,
  groupKeyNotSupported,
  nestedGroup,
  repeatedGroupJob,
  serialGroupInGroup,
} from '../workflow-texts.ts';

/** Jobs that run as one unit, as they are declared under `job-groups`. */
export interface JobGroup {
  readonly name: string;
  readonly jobs: Node | undefined;
}

export type JobGroups = ReadonlyMap<string, JobGroup>;

/** What an invocation of a job group becomes. */
export interface ExpandedGroup {
  /** The first job, which has the requirements of the group. */
  readonly entry: Invocation;
  /** All others. */
  readonly others: readonly Invocation[];
  /** What the others wait for. */
  readonly dependencies: ReadonlyMap<Invocation, readonly Dependency[]>;
  /** What requiring the group means. */
  readonly set: JobSet;
}

export function readJobGroups(root: MapNode): JobGroups {
  const groups = member(root, 'job-groups');
  if (groups?.kind !== 'map') return new Map();
  return new Map([...groups.entries].map(([name, { value }]) => [name, { name, jobs: member(value, 'jobs') }]));
}

/**
 * The jobs of a group, between a job that starts the group and one that ends it; with `serial-group`, the first takes the
 * lock, and one more gives it back when the end is reached, however. Requirements and filters of the group are those of its
 * first job, and who requires the group waits for its end (circleci/circleci-docs#10167 and #10626). How CircleCI calls all
 * these jobs is not known: here, they have the name of the group before theirs.
 */
export function expandGroup(
  group: JobGroup,
  written: WrittenInvocation,
  { groups, reading }: { groups: JobGroups; reading: Reading },
): ExpandedGroup | undefined {
  const [invocation] = expandInvocation(written, reading).invocations;
  checkKeys(written, invocation, reading);
  if (!invocation) return undefined;

  const { name, at, requirements, filters, serialGroup } = invocation;
  const made = { job: group.name, at, requirements: [] };
  const key: readonly (readonly [string, Node])[] = serialGroup ? [['key', serialGroup]] : [];
  const entry: Invocation = {
    ...made,
    name,
    printedAs: `${name}/${serialGroup ? 'serial-group-start' : 'group-start'}`,
    origin: body(serialGroup ? 'lock' : 'no-op', key, at),
    requirements,
    ...(filters ? { filters } : {}),
  };
  const end: Invocation = { ...made, name: `${name}/group-end`, origin: body('no-op', [], at) };
  const inner = readMembers(group, { prefix: name, groups, reading });

  const dependencies = new Map<Invocation, readonly Dependency[]>();
  for (const [job, awaited] of inner) {
    dependencies.set(job, awaited.length > 0 ? awaited : [{ on: entry, statuses: ['success'] }]);
  }
  const awaited = dependentsOf(inner);
  const last = [...inner.keys()].filter((job) => !awaited.has(job));
  dependencies.set(
    end,
    (last.length > 0 ? last : [entry]).map((on) => ({ on, statuses: ['success'] })),
  );
  if (serialGroup) {
    const unlock: Invocation = {
      ...made,
      name: `${name}/serial-group-end`,
      origin: body('unlock', key, at),
    };
    dependencies.set(unlock, [
      { on: entry, statuses: ['success'] },
      { on: end, statuses: TERMINAL_STATUSES },
    ]);
  }
  const set: JobSet = { kind: 'group', name, members: [end], own: [entry] };
  return { entry, others: [...dependencies.keys()], dependencies, set };
}

function readMembers(
  group: JobGroup,
  { prefix, groups, reading }: { prefix: string; groups: JobGroups; reading: Reading },
): ReadonlyMap<Invocation, readonly Dependency[]> {
  const { report, budget } = reading.frame;
  const sets: JobSet[] = [];
  const members: Invocation[] = [];
  for (const written of writtenInvocations(group.jobs, reading)) {
    if (groups.has(written.job)) {
      report.error(nestedGroup(group.name, written.job), written.at);
      continue;
    }
    const { invocations, matrix } = expandInvocation(written, reading);
    if (matrix) sets.push(matrix);
    members.push(...invocations);
  }
  for (const { serialGroup } of members) if (serialGroup) report.error(serialGroupInGroup(), serialGroup.at);
  reportRepeated(members, group, reading);
  const where = `job group '${group.name}'`;
  const { dependencies } = resolveRequirements({ invocations: members, sets }, { where, report, budget });
  return withPrefix(dependencies, prefix);
}

function withPrefix(
  dependencies: ReadonlyMap<Invocation, readonly Dependency[]>,
  prefix: string,
): ReadonlyMap<Invocation, readonly Dependency[]> {
  const renamed = new Map([...dependencies.keys()].map((job) => [job, { ...job, printedAs: `${prefix}/${job.name}` }]));
  return new Map(
    [...dependencies].map(([job, awaited]) => [
      renamed.get(job) ?? job,
      awaited.map(({ on, statuses }) => ({ on: renamed.get(on) ?? on, statuses })),
    ]),
  );
}

function reportRepeated(members: readonly Invocation[], group: JobGroup, { frame }: Reading): void {
  const counts = new Map<string, number>();
  for (const { name } of members) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { name, at } of members) {
    const count = counts.get(name) ?? 0;
    if (count > 1) frame.report.error(repeatedGroupJob(name, count, group.name), at);
  }
}

function checkKeys(
  { at, keys }: WrittenInvocation,
  invocation: Invocation | undefined,
  { frame: { report } }: Reading,
): void {
  for (const key of ['matrix', 'override-with', 'type', 'context', 'pre-steps', 'post-steps']) {
    const entry = keys.entries.get(key);
    if (entry) report.error(groupKeyNotSupported(key), entry.keyAt);
  }
  const given = [...(invocation?.arguments?.entries.keys() ?? [])].toSorted();
  if (given.length > 0 && !keys.entries.has('matrix')) report.error(groupArguments(given), at);
}

function body(type: string, more: readonly (readonly [string, Node])[], at: Place): MapNode {
  const entries: readonly (readonly [string, Node])[] = [['type', scalarNode(type, at)], ...more];
  return mapNode(
    entries.map(([key, value]): [string, Entry] => [key, { keyAt: at, value }]),
    at,
  );
}
