import type { BatchJobOperations, QueueDescription, SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { jobRequest, type JobRequest } from '../../plan/job-run/job-request.ts';
import type { ActionContext } from '../context.ts';
import { chooseDefinition } from './choose-definition.ts';
import type { JobRunRequest } from './job-run-request.ts';
import { findJob } from './submit-once.ts';

export type JobPlan =
  /** An earlier run of the same step has submitted it. */
  | { kind: 'follow'; job: SubmittedJob }
  /** `nameAndRevision` of the definition that is to run, and the input of SubmitJob. */
  | { kind: 'submit'; nameAndRevision: string; input: JobRequest };

/**
 * What is to be done for a job, before anything is. Throws when the queue or the revision is not there (exit code 5), or
 * the queue takes no jobs.
 */
export async function planJob(request: JobRunRequest, session: AwsSession, context: ActionContext): Promise<JobPlan> {
  const { name, submission, asked, mayExist } = request;
  const batch = await session.batchJobs();
  const queue = await findQueue(batch, submission.queue, session);
  const job = mayExist ? await findJob(batch, name, submission.queue, context) : undefined;
  if (job) return { kind: 'follow', job };
  const { nameAndRevision, described } = await chooseDefinition(asked, session);
  if (!queue.enabled) throw queueDisabled(queue);
  const identity = { jobName: name, jobQueue: submission.queue, jobDefinition: nameAndRevision };
  return { kind: 'submit', nameAndRevision, input: jobRequest(identity, described, submission.changes) };
}

/** Throws (exit code 5, or 4) when a queue is not there or takes no jobs. */
export async function checkJobQueue(name: string, session: AwsSession): Promise<void> {
  const queue = await findQueue(await session.batchJobs(), name, session);
  if (!queue.enabled) throw queueDisabled(queue);
}

async function findQueue(batch: BatchJobOperations, name: string, session: AwsSession): Promise<QueueDescription> {
  const queue = await batch.queue(name);
  if (queue) return queue;
  throw new DeployError({
    code: 'batch.queue_not_found',
    title: `there is no job queue ${name}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: ['Check job_queue and the region ("aws batch describe-job-queues" lists them). Nothing was submitted.'],
    exitCode: EXIT.notFound,
  });
}

function queueDisabled({ name, statusReason }: QueueDescription): DeployError {
  return new DeployError({
    code: 'batch.queue_disabled',
    title: `job queue ${name} is DISABLED and takes no jobs`,
    ...(statusReason ? { message: statusReason } : {}),
    hints: [
      'Enable it ("aws batch update-job-queue --state ENABLED"), or give another job_queue. Nothing was submitted.',
    ],
    exitCode: EXIT.awsApi,
  });
}
