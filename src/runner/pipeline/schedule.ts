import type { JobStatus } from '../run-record.ts';
import type { FinalStatus, Requirement, Workflow, WorkflowJob } from './pipeline.ts';

export type Statuses = ReadonlyMap<string, JobStatus>;

/** What is to be done next in a workflow. */
export interface Moves {
  /** Jobs that can start now, approvals included. */
  readonly start: readonly WorkflowJob[];
  /** Jobs that can never run any more: a job that they require has ended otherwise. */
  readonly giveUp: readonly { readonly job: WorkflowJob; readonly because: Requirement }[];
}

const FINAL: ReadonlySet<JobStatus> = new Set<FinalStatus>([
  'success',
  'failed',
  'canceled',
  'unauthorized',
  'not_run',
]);

export function isFinal(status: JobStatus | undefined): status is FinalStatus {
  return status !== undefined && FINAL.has(status);
}

/**
 * The next moves, from how far every job is. A required job that is not in the workflow counts for nothing, as on
 * CircleCI, where a filter has taken it away.
 */
export function nextMoves({ jobs }: Workflow, statuses: Statuses): Moves {
  const waiting = jobs.filter(({ name }) => statuses.get(name) === 'waiting');
  const failing = waiting.flatMap((job) => {
    const because = job.requires.find((requirement) => isOutOfReach(requirement, statuses));
    return because ? [{ job, because }] : [];
  });
  return {
    start: waiting.filter((job) => job.requires.every((requirement) => isMet(requirement, statuses))),
    giveUp: failing,
  };
}

function isMet({ job, statuses: wanted }: Requirement, statuses: Statuses): boolean {
  const status = statuses.get(job);
  return status === undefined || (isFinal(status) && wanted.includes(status));
}

function isOutOfReach({ job, statuses: wanted }: Requirement, statuses: Statuses): boolean {
  const status = statuses.get(job);
  return isFinal(status) && !wanted.includes(status);
}
