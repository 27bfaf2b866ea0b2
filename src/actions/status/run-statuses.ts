import type { BatchJobOperations, ListedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { RunStatus } from '../../plan/job-status/job-status.ts';
import { listedRunStatus, runStatus } from '../../plan/job-status/run-status.ts';
import type { Unread } from './unread.ts';

export interface RunsRequest {
  name: string;
  /** Undefined: all. */
  queues: readonly string[] | undefined;
  most: number;
  now: Date;
}

/** The last runs of all revisions, the newest first. Throws (exit code 5) when a queue that is named is not there. */
export async function runStatuses(
  { name, queues, most, now }: RunsRequest,
  session: AwsSession,
  unread: Unread,
): Promise<RunStatus[]> {
  if (most === 0) return [];
  const batch = await session.batchJobs();
  if (queues) await checkQueues(queues, batch, session, unread);
  const found = new Map<string, { job: ListedJob; queue: string }>();
  for (const queue of queues ?? (await unread.unless('job queues', () => batch.queueNames(), []))) {
    const jobs = await unread.unless(`jobs of queue ${queue}`, () => batch.jobsOf(name, queue, most), []);
    for (const job of jobs) found.set(job.id, { job, queue });
  }
  const last = [...found.values()].toSorted((a, b) => b.job.createdAt - a.job.createdAt).slice(0, most);
  const ids = last.map(({ job }) => job.id);
  const described = await unread.unless('how the last jobs ended', () => batch.describeAll(ids), []);
  return last.map(({ job: listed, queue }) => {
    const job = described.find(({ id }) => id === listed.id);
    return job ? runStatus(job, { queue, region: session.region, now }) : listedRunStatus(listed, queue);
  });
}

async function checkQueues(
  queues: readonly string[],
  batch: BatchJobOperations,
  session: AwsSession,
  unread: Unread,
): Promise<void> {
  for (const name of queues) {
    const isThere = await unread.unless(`queue ${name}`, async () => Boolean(await batch.queue(name)), true);
    if (isThere) continue;
    throw new DeployError({
      code: 'batch.queue_not_found',
      title: `there is no job queue ${name}`,
      message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
      hints: ['Check job_queue and the region, or leave job_queue out to look in all queues.'],
      exitCode: EXIT.notFound,
    });
  }
}
