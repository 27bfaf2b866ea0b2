import { Budget } from '../budget.ts';
import { spendNode } from '../expand/spend-node.ts';
import type { Frame } from '../frame.ts';
import { listNode, mapNode, scalarNode, type Entry, type MapNode, type Node } from '../node.ts';
import { hashMapOrder } from '../render/hash-map-order.ts';
import { renderNode } from '../template/render-node.ts';
import { textOf } from '../template/text-of.ts';
import { CalledJobs } from './invocations/called-jobs.ts';
import type { Invocation } from './invocations/invocation.ts';
import { readJobGroups } from './invocations/job-groups.ts';
import { printedNames, type Use } from './invocations/job-names.ts';
import { printInvocation } from './invocations/print-invocation.ts';
import type { Reading } from './invocations/read-invocations.ts';
import { readWorkflow, type Workflow } from './read-workflow.ts';
import { ValueIds } from './invocations/value-ids.ts';
import { namesDifferInCase, noWorkflows } from './workflow-texts.ts';

/** The compiled workflows, and the jobs that they use: by the names under which they are printed, in their order. */
export interface CompiledWorkflows {
  readonly jobs: ReadonlyMap<string, MapNode>;
  readonly workflows: MapNode;
  /** Of the jobs that a matrix has made, by the names under which they are printed: its values for them. */
  readonly matrices: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** What may be made of workflows, in characters: it can be more than what is printed of it. */
export const MAKING = 64 * 1024 * 1024;

/**
 * Compiles the workflows of a config and the jobs that they use. Without workflows, that is the job `build`. Workflows that
 * are switched off are gone; if all are, no job is left either. Undefined when there is nothing to compile.
 * @param frame of the config itself
 */
export function compileWorkflows(root: MapNode, frame: Frame): CompiledWorkflows | undefined {
  const reading: Reading = { frame, ids: new ValueIds(), making: new Budget(MAKING) };
  const written = writtenWorkflows(root, frame);
  if (!written) return undefined;
  const groups = readJobGroups(root);
  const workflows = [...written.entries].flatMap(([name, { keyAt: at, value: body }]) => {
    if (name === 'version' || body.kind !== 'map') return [];
    return readWorkflow(name, { body, at }, { groups, reading }) ?? [];
  });

  const calls = new CalledJobs(reading.ids);
  const uses = workflows.map(({ frame: within, invocations }): Use[] =>
    invocations.map((invocation) => ({ invocation, definition: calls.definitionOf(invocation, within) })),
  );
  const names = printedNames(uses);
  warnOfCase(names, frame);
  const jobs = compileJobs(workflows, { names, calls });
  return { jobs, workflows: printWorkflows(written, workflows, names), matrices: matrixValues(names) };
}

/** The workflows as they are written, or the one that runs the job `build` where there are none. */
function writtenWorkflows(root: MapNode, { library, report }: Frame): MapNode | undefined {
  const workflows = root.entries.get('workflows');
  if (workflows?.value.kind === 'map') {
    if ([...workflows.value.entries.keys()].some((key) => key !== 'version')) return workflows.value;
  }
  if (library.jobs.has('build')) return implicitWorkflow(workflows?.value ?? root);
  const place = workflows ?? root.entries.get('jobs') ?? root.entries.get('version');
  report.error(noWorkflows(), place?.keyAt ?? root.at);
  return undefined;
}

/** What CircleCI makes of a config without workflows. */
export function implicitWorkflow({ at }: Node): MapNode {
  const jobs = listNode([scalarNode('build', at)], at);
  const workflow = mapNode([['jobs', { keyAt: at, value: jobs }]], at);
  return mapNode(
    [
      ['version', { keyAt: at, value: scalarNode(2, at) }],
      ['workflow', { keyAt: at, value: workflow }],
    ],
    at,
  );
}

/** Every job once, in the order of the first use over all workflows up to eight, and then as Clojure's maps have them. */
function compileJobs(
  workflows: readonly Workflow[],
  { names, calls }: { names: ReadonlyMap<Invocation, string>; calls: CalledJobs },
): ReadonlyMap<string, MapNode> {
  const jobs = new Map<string, MapNode>();
  const seen = new Set<string>();
  for (const { frame, invocations } of workflows) {
    for (const invocation of invocations) {
      const name = names.get(invocation) ?? invocation.name;
      if (typeof invocation.origin === 'string' && invocation.origin !== 'call') continue;
      if (seen.has(name)) continue;
      seen.add(name);
      const job = calls.compile(invocation, frame);
      if (job) jobs.set(name, job);
    }
  }
  return new Map(hashMapOrder([...jobs.keys()]).flatMap((name) => entryOf(jobs, name)));
}

function matrixValues(names: ReadonlyMap<Invocation, string>): CompiledWorkflows['matrices'] {
  return new Map(
    [...names].flatMap(([{ matrix }, name]) => {
      const values = [...(matrix ?? [])].map(([key, value]) => [key, textOf(value) ?? ''] as const);
      return matrix ? [[name, new Map(values)] as const] : [];
    }),
  );
}

function entryOf(jobs: ReadonlyMap<string, MapNode>, name: string): [string, MapNode][] {
  const job = jobs.get(name);
  return job ? [[name, job]] : [];
}

/** Keys keep the order of the source; `version: 2` stands where the source has it, or last. */
function printWorkflows(
  written: MapNode,
  workflows: readonly Workflow[],
  names: ReadonlyMap<Invocation, string>,
): MapNode {
  const printed = new Map(workflows.map((workflow) => [workflow.name, printWorkflow(workflow, names)]));
  const entries = [...written.entries].flatMap(([name, { keyAt, value }]): [string, Entry][] => {
    if (name === 'version') return [[name, { keyAt, value: scalarNode(2, value.at) }]];
    const body = printed.get(name);
    return body ? [[name, { keyAt, value: body }]] : [];
  });
  if (!written.entries.has('version')) {
    entries.push(['version', { keyAt: written.at, value: scalarNode(2, written.at) }]);
  }
  return mapNode(entries, written.at);
}

function printWorkflow({ body, frame, dependencies }: Workflow, names: ReadonlyMap<Invocation, string>): MapNode {
  const nameOf = (invocation: Invocation): string => names.get(invocation) ?? invocation.name;
  const entries = [...body.entries].flatMap(([key, { keyAt, value }]): [string, Entry][] => {
    if (key === 'when' || key === 'unless') return [];
    if (key !== 'jobs')
      return [[key, { keyAt, value: renderNode(value, frame.variables, frame.report, frame.budget) }]];
    const items = [...dependencies].map(([invocation, awaited]) => {
      const { at, filters, context, serialGroup } = invocation;
      // What it requires has been counted when the requirements were resolved.
      frame.budget.spend(nameOf(invocation).length + 2, at);
      for (const node of [filters, context, serialGroup]) if (node) spendNode(node, frame.budget, at);
      return printInvocation(invocation, awaited, nameOf);
    });
    return [[key, { keyAt, value: listNode(items, value.at) }]];
  });
  return mapNode(entries, body.at);
}

/** Two jobs under `jobs` that differ so have been told where they are declared. */
function warnOfCase(names: ReadonlyMap<Invocation, string>, { library, report }: Frame): void {
  const byLowerCase = new Map<string, string>();
  for (const [{ at }, name] of names) {
    const lowerCase = name.toLowerCase();
    const other = byLowerCase.get(lowerCase) ?? name;
    const declared = library.jobs.has(name) && library.jobs.has(other);
    if (other !== name && !declared) report.warning(namesDifferInCase(name, other), at);
    byLowerCase.set(lowerCase, other);
  }
}
