import type { CompiledConfig } from '../../config/compile.ts';
import { member, stringOf, type Node } from '../../config/node.ts';
import { entriesOf, itemsOf } from './parts.ts';
import type { FinalStatus, Pipeline, Requirement, Workflow, WorkflowJob } from './pipeline.ts';
import { readJob } from './read-job.ts';

const STATUSES: readonly FinalStatus[] = ['success', 'failed', 'canceled', 'unauthorized', 'not_run'];

/**
 * Types what `compile` gave. The config is valid by then: what is left out in it gets CircleCI's default, and what is
 * newer than this runner is kept as a step of an unknown kind.
 */
export function readPipeline({ document, matrices }: Pick<CompiledConfig, 'document' | 'matrices'>): Pipeline {
  const workflows = entriesOf(member(document, 'workflows')).filter(([, node]) => node.kind === 'map');
  const jobs = member(document, 'jobs');
  return { workflows: workflows.map(([name, node]) => readWorkflow(name, node, { jobs, matrices })) };
}

interface Compiled {
  readonly jobs: Node | undefined;
  readonly matrices: CompiledConfig['matrices'];
}

function readWorkflow(name: string, node: Node, compiled: Compiled): Workflow {
  return { name, jobs: itemsOf(member(node, 'jobs')).map((call) => readWorkflowJob(call, compiled)) };
}

function readWorkflowJob(call: Node, { jobs, matrices }: Compiled): WorkflowJob {
  const [[name, keys] = ['', undefined]] = entriesOf(call);
  const called = stringOf(call) ?? name;
  const body = member(jobs, called);
  const matrix = matrices.get(called);
  const type = stringOf(member(keys, 'type')) ?? stringOf(member(body, 'type')) ?? 'build';
  return {
    name: called,
    type: type === 'approval' || type === 'no-op' || type === 'release' ? type : 'build',
    requires: readRequirements(keys),
    contexts: contextsOf(member(keys, 'context')),
    ...(matrix ? { matrix } : {}),
    ...(type === 'build' && body?.kind === 'map' ? { job: readJob(body) } : {}),
    at: call.at,
  };
}

/** `upstream` says more than `requires`: with it `requires` has names only. */
function readRequirements(keys: Node | undefined): Requirement[] {
  const upstream = member(keys, 'upstream');
  if (upstream?.kind !== 'map') return itemsOf(member(keys, 'requires')).map(readRequirement);
  return entriesOf(upstream).map(([job, statuses]) => ({ job, statuses: statusesOf(statuses) }));
}

/** `job`, `job: failed`, `job: [failed, canceled]`; `terminal` is any end. */
function readRequirement(node: Node): Requirement {
  const plain = stringOf(node);
  if (plain !== undefined) return { job: plain, statuses: ['success'] };
  const [[job, given] = ['', undefined]] = entriesOf(node);
  return { job, statuses: statusesOf(given) };
}

function statusesOf(node: Node | undefined): readonly FinalStatus[] {
  const named = node?.kind === 'list' ? node.items.map((item) => stringOf(item)) : [stringOf(node)];
  return named.includes('terminal') ? STATUSES : STATUSES.filter((status) => named.includes(status));
}

function contextsOf(node: Node | undefined): string[] {
  const names = node?.kind === 'list' ? node.items : node ? [node] : [];
  return names.flatMap((name) => stringOf(name) ?? []);
}
