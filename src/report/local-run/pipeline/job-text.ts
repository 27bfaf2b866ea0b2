import type { Executor, Requirement, Workflow, WorkflowJob } from '../../../runner/pipeline/pipeline.ts';
import { TERMINAL_WORDS } from '../status-texts.ts';
import { printable } from '../terminal-text.ts';

/** Where a job runs, or what it is when it runs nothing. */
export function kindText({ type, job }: WorkflowJob): string {
  if (type === 'approval') return 'approval';
  if (!job) return type === 'no-op' ? 'runs nothing (no-op)' : `runs on CircleCI only (${type})`;
  const nodes = job.parallelism > 1 ? `, on ${job.parallelism} nodes` : '';
  return `${executorText(job.executor)}${nodes}`;
}

function executorText(executor: Executor): string {
  // `machine: true` names none.
  if (executor.kind !== 'docker')
    return printable(executor.image === 'true' ? executor.kind : `${executor.kind} ${executor.image}`);
  const [main, ...services] = executor.images.map(({ image }) => printable(image));
  return `docker ${main}${services.length === 0 ? '' : ` with ${services.join(', ')}`}`;
}

/** `after build, test (failed or canceled)`; empty for a job that waits for nothing in its workflow. */
export function requiresText({ requires }: WorkflowJob, { jobs }: Workflow): string {
  const there = requires.filter(({ job }) => jobs.some(({ name }) => name === job));
  return there.length === 0 ? '' : `after ${there.map(requirementText).join(', ')}`;
}

function requirementText({ job, statuses }: Requirement): string {
  const usual = statuses.length === 1 && statuses[0] === 'success';
  // Five statuses are all that there are.
  const words =
    statuses.length === 5 ? 'however it ends' : statuses.map((status) => TERMINAL_WORDS[status]).join(' or ');
  return printable(usual ? job : `${job} (${words})`);
}

export function contextsText({ contexts }: WorkflowJob): string {
  if (contexts.length === 0) return '';
  return `${contexts.length === 1 ? 'context' : 'contexts'} ${printable(contexts.join(', '))}`;
}
