import { evaluateCondition } from '../expression/condition.ts';
import type { Frame } from '../frame.ts';
import { member, type MapNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { checkPatterns, staysInWorkflow } from './filters.ts';
import type { Dependencies, Dependency, Invocation, JobSet } from './invocations/invocation.ts';
import { expandGroup, type JobGroups } from './invocations/job-groups.ts';
import { withoutLeftOut } from './dependencies/left-out.ts';
import { checkReachability } from './dependencies/reachability.ts';
import {
  expandInvocation,
  writtenInvocations,
  type Reading,
  type WrittenInvocation,
} from './invocations/read-invocations.ts';
import { resolveRequirements } from './dependencies/requires.ts';
import { checkSchedules } from './schedules.ts';
import {
  invalidReruns,
  invalidSerialGroup,
  repeatedGroup,
  sameName,
  workflowScope,
  workflowWithoutJobs,
} from './workflow-texts.ts';

/** A workflow that is switched on. */
export interface Workflow {
  readonly name: string;
  /** As it is written. */
  readonly body: MapNode;
  /** Errors in this frame are told to be in this workflow. */
  readonly frame: Frame;
  /** All its jobs in their order, those also that filters leave out. */
  readonly invocations: readonly Invocation[];
  /** The jobs that are left in it, and what they wait for. */
  readonly dependencies: Dependencies;
}

/** @returns undefined when the workflow is switched off */
export function readWorkflow(
  name: string,
  { body, at }: { body: MapNode; at: Place },
  { groups, reading }: { groups: JobGroups; reading: Reading },
): Workflow | undefined {
  const report = reading.frame.report.within(workflowScope(name), at);
  const frame = { ...reading.frame, report };
  const within = { ...reading, frame };
  checkSchedules(body, frame);
  checkJobsListed(body, report);
  checkReruns(member(body, 'max_auto_reruns'), report);
  if (!isSwitchedOn(body, frame)) {
    for (const { keys } of writtenInvocations(member(body, 'jobs'), within)) {
      checkPatterns(member(keys, 'filters'), frame);
    }
    return undefined;
  }
  const jobs = readJobs(name, body, { groups, reading: within, outer: reading.frame.report });
  for (const { serialGroup } of jobs.keys()) checkSerialGroup(serialGroup, report);
  return { name, body, frame, invocations: [...jobs.keys()], dependencies: withoutLeftOut(jobs, leftOut(jobs, frame)) };
}

function isSwitchedOn(body: MapNode, { variables, report, budget }: Frame): boolean {
  const holds = (key: string): boolean | undefined => {
    const condition = member(body, key);
    if (!condition) return undefined;
    const rendered = renderNode(condition, variables, report, budget);
    return evaluateCondition(
      rendered,
      { variables, report, meter: budget.meterAt(condition.at) },
      { expressions: true },
    );
  };
  return holds('when') !== false && holds('unless') !== true;
}

function checkJobsListed(body: MapNode, report: Report): void {
  const jobs = member(body, 'jobs');
  if (jobs?.kind === 'list' && jobs.items.length === 0) report.warning(workflowWithoutJobs(), jobs.at);
}

function checkReruns(node: Node | undefined, report: Report): void {
  if (node?.kind !== 'scalar' || typeof node.value !== 'number') return;
  if (node.value < 1 || node.value > 5) report.error(invalidReruns(node.value), node.at);
}

/**
 * All jobs of a workflow and what each waits for. What is wrong with names in `requires` is not told to be in a call, as
 * CircleCI has it; jobs that cannot be reached are told when all names were found.
 */
function readJobs(
  workflow: string,
  body: MapNode,
  { groups, reading, outer }: { groups: JobGroups; reading: Reading; outer: Report },
): Dependencies {
  const written = writtenInvocations(member(body, 'jobs'), reading);
  reportRepeatedGroups(workflow, written, groups, reading);
  const order: Invocation[] = [];
  const invocations: Invocation[] = [];
  const sets: JobSet[] = [];
  const named = new Set<string>();
  const inGroups = new Map<Invocation, readonly Dependency[]>();
  for (const item of written) {
    const group = groups.get(item.job);
    const expanded = group && expandGroup(group, item, { groups, reading });
    if (expanded) {
      invocations.push(expanded.entry);
      order.push(expanded.entry, ...expanded.others);
      sets.push(expanded.set);
      for (const [job, awaited] of expanded.dependencies) inGroups.set(job, awaited);
    } else if (!group) {
      const { invocations: made, matrix } = expandInvocation(item, reading);
      if (!matrix) warnOfName(item, made, named, reading.frame.report);
      invocations.push(...made);
      order.push(...made);
      if (matrix) sets.push(matrix);
    }
  }
  const where = `workflow '${workflow}'`;
  const { budget } = reading.frame;
  const found = resolveRequirements({ invocations, sets }, { where, report: outer, budget });
  const all = new Map(order.map((job) => [job, inGroups.get(job) ?? found.dependencies.get(job) ?? []]));
  if (found.complete) checkReachability(all, { at: body.entries.get('jobs')?.keyAt ?? body.at, report: outer });
  return all;
}

function reportRepeatedGroups(
  workflow: string,
  written: readonly WrittenInvocation[],
  groups: JobGroups,
  { frame: { report } }: Reading,
): void {
  const calls = written.filter(({ job }) => groups.has(job));
  const nameOf = ({ job, keys }: WrittenInvocation): string => {
    const name = member(keys, 'name');
    return name?.kind === 'scalar' ? String(name.value) : job;
  };
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(nameOf(call), (counts.get(nameOf(call)) ?? 0) + 1);
  for (const call of calls) {
    const count = counts.get(nameOf(call)) ?? 0;
    if (count > 1) report.error(repeatedGroup(nameOf(call), count, workflow), call.at);
  }
}

/** Two calls without a name are numbered as well, but that is documented, and so what their author wants. */
function warnOfName(
  { keys }: WrittenInvocation,
  [invocation]: readonly Invocation[],
  named: Set<string>,
  report: Report,
): void {
  const name = keys.entries.get('name');
  if (!name || !invocation) return;
  if (named.has(invocation.name)) report.warning(sameName(invocation.name), name.value.at);
  named.add(invocation.name);
}

/** Jobs of a matrix mostly share their filters: each is looked at once. */
function leftOut(jobs: Dependencies, frame: Frame): Invocation[] {
  const stays = new Map<Node | undefined, boolean>([[undefined, true]]);
  return [...jobs.keys()].filter(({ filters }) => {
    const known = stays.get(filters) ?? staysInWorkflow(filters, frame);
    stays.set(filters, known);
    return !known;
  });
}

/** A value that comes from the pipeline is not checked: here, it may not be known. */
function checkSerialGroup(node: Node | undefined, report: Report): void {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.insertions) return;
  if (!/^[A-Za-z0-9._/-]{1,512}$/.test(node.value)) report.error(invalidSerialGroup(node.value), node.at);
}
