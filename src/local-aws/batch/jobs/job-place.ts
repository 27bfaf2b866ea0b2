import type { JobQueueDetail } from '@aws-sdk/client-batch';

import { type BatchState, nameOf } from '../state.ts';
import type { Job } from './job.ts';

/** The name of the first compute environment of the job's queue that takes jobs; undefined when none does. */
export function environmentOf(state: BatchState, job: Job): string | undefined {
  const { computeEnvironments } = state.region(job.region);
  const order = queueOf(state, job)?.computeEnvironmentOrder ?? [];
  return order
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ computeEnvironment }) => nameOf(computeEnvironment ?? ''))
    .find((name) => computeEnvironments.get(name)?.state === 'ENABLED');
}

/** After how many seconds the queue's `jobStateTimeLimitActions` cancel a job that is RUNNABLE for this reason. */
export function timeLimitOf(state: BatchState, job: Job, statusReason: string): number | undefined {
  const limit = queueOf(state, job)?.jobStateTimeLimitActions?.find(
    ({ state: limited, reason }) => limited === 'RUNNABLE' && reason !== undefined && statusReason.startsWith(reason),
  );
  return limit?.maxTimeSeconds;
}

/** The keys of the tags that its ECS task gets: the job's and its definition's. */
export function propagatedTags(state: BatchState, job: Job): string[] {
  const [name, revision] = nameOf(job.detail.jobDefinition!).split(':');
  const definitions = state.region(job.region).jobDefinitions.get(name!);
  const definition = definitions?.find((candidate) => candidate.revision === Number(revision));
  return Object.keys({ ...definition?.tags, ...job.detail.tags });
}

function queueOf(state: BatchState, job: Job): JobQueueDetail | undefined {
  return state.region(job.region).jobQueues.get(nameOf(job.detail.jobQueue!));
}
