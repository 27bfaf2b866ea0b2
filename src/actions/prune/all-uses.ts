import type { BatchJobOperations, ListedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import type { DefinitionUse } from '../../plan/job-definition/prune.ts';
import { isFinished } from '../../plan/job-run/job-description.ts';
import { parseDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import { findUses } from '../schedule/uses.ts';

export interface AllUses {
  uses: readonly DefinitionUse[];
  /** What may not be read, and so may use every revision. */
  unreadable: readonly string[];
}

/** Everything that runs a definition: schedules, rules, and unfinished jobs in all queues. */
export async function allUses(name: string, session: AwsSession): Promise<AllUses> {
  const [scheduled, jobs] = await Promise.all([findUses(session, name), unfinishedJobs(name, session)]);
  return { uses: [...scheduled.uses, ...jobs.uses], unreadable: [...scheduled.unreadable, ...jobs.unreadable] };
}

async function unfinishedJobs(name: string, session: AwsSession): Promise<AllUses> {
  const batch = await session.batchJobs();
  const unreadable: string[] = [];
  const queues = await unlessDenied(() => batch.queueNames(), 'the job queues', unreadable);
  const uses: DefinitionUse[] = [];
  for (const queue of queues ?? []) {
    const jobs = await unlessDenied(() => jobsOf(name, queue, batch), `the jobs of queue ${queue}`, unreadable);
    for (const job of jobs ?? []) {
      const by = `job ${job.name} (${job.status}) in queue ${queue}`;
      const reference = parseDefinitionReference(job.definitionArn);
      if (reference?.revision === undefined) unreadable.push(`the revision of ${by}`);
      else uses.push({ revision: reference.revision, by });
    }
  }
  return { uses, unreadable };
}

async function jobsOf(name: string, queue: string, batch: BatchJobOperations): Promise<ListedJob[]> {
  return (await batch.jobsOf(name, queue)).filter((job) => !isFinished(job));
}

async function unlessDenied<T>(read: () => Promise<T>, what: string, unreadable: string[]): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DeployError) || error.code !== 'aws.access_denied') throw error;
    unreadable.push(what);
    return undefined;
  }
}
