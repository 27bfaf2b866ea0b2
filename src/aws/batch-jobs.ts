import {
  BatchClient,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  type JobSummary,
  type ListJobsCommandInput,
  type SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import type { JsonObject } from '../core/json.ts';
import type { FailedChild } from '../plan/job-run/array-failures.ts';
import type { JobDescription } from '../plan/job-run/job-description.ts';
import { describedJob } from './batch-job-description.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError } from './errors.ts';
import { ThrottlingOnlyRetry } from './retry.ts';

export interface SubmittedJob {
  id: string;
  arn: string;
}

export interface QueueDescription {
  name: string;
  enabled: boolean;
  /** VALID when the queue works. */
  status: string;
  statusReason: string | undefined;
}

export interface BatchJobOperations {
  /**
   * Not repeated after a broken connection or a server error: the SDK's error is thrown as it came, and the caller looks
   * whether the job exists.
   */
  submit(request: JsonObject): Promise<SubmittedJob>;
  /** Undefined when there is no such job. Not repeated: who waits for a job asks again anyway. */
  describe(jobId: string): Promise<JobDescription | undefined>;
  /** Jobs of a queue with this very name, in every state, the newest first. */
  jobsCalled(name: string, queue: string): Promise<SubmittedJob[]>;
  /** The children of an array that failed, by their index. */
  failedChildren(arrayJobId: string): Promise<FailedChild[]>;
  /** Ends a job in whatever state: one that has not started is cancelled, and one that has ended stays as it is. */
  terminate(jobId: string, reason: string): Promise<void>;
  /** Undefined when there is no such queue. */
  queue(nameOrArn: string): Promise<QueueDescription | undefined>;
  /** ARNs of the first 100 RUNNABLE jobs, in the order in which they are to start. Not repeated. */
  frontOfQueue(nameOrArn: string): Promise<string[]>;
}

export function openBatchJobs(settings: ClientSettings): BatchJobOperations {
  const client = new BatchClient(clientOptions(settings));
  const submitting = new BatchClient({
    ...clientOptions(settings),
    retryStrategy: new ThrottlingOnlyRetry(settings.maxAttempts),
  });
  const polling = new BatchClient({ ...clientOptions(settings), maxAttempts: 1 });

  async function listed(input: ListJobsCommandInput, resource: string): Promise<JobSummary[]> {
    const found: JobSummary[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListJobsCommand(nextToken === undefined ? input : { ...input, nextToken });
      const page = await named('batch:ListJobs', resource, () => client.send(command));
      found.push(...(page.jobSummaryList ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  return {
    async submit(request) {
      const answer = await submitting.send(new SubmitJobCommand(request as unknown as SubmitJobCommandInput));
      return { id: answer.jobId ?? '', arn: answer.jobArn ?? '' };
    },
    async describe(jobId) {
      const answer = await polling.send(new DescribeJobsCommand({ jobs: [jobId] }));
      const [job] = answer.jobs ?? [];
      return job && describedJob(job);
    },
    async jobsCalled(name, queue) {
      // The filter is the same for upper and lower case, and with it jobs of all states are listed.
      const found = await listed({ jobQueue: queue, filters: [{ name: 'JOB_NAME', values: [name] }] }, queue);
      return found
        .filter(({ jobName }) => jobName === name)
        .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
        .map(({ jobId, jobArn }) => ({ id: jobId ?? '', arn: jobArn ?? '' }));
    },
    async failedChildren(arrayJobId) {
      const children = await listed({ arrayJobId, jobStatus: 'FAILED' }, arrayJobId);
      return children
        .map(({ arrayProperties, jobId, container, statusReason }) => ({
          index: arrayProperties?.index ?? Number(/:(\d+)$/.exec(jobId ?? '')?.[1] ?? 0),
          jobId: jobId ?? '',
          exitCode: container?.exitCode,
          reason: container?.reason ?? statusReason,
        }))
        .toSorted((a, b) => a.index - b.index);
    },
    async terminate(jobId, reason) {
      await named('batch:TerminateJob', jobId, () => client.send(new TerminateJobCommand({ jobId, reason })));
    },
    async queue(nameOrArn) {
      const command = new DescribeJobQueuesCommand({ jobQueues: [nameOrArn] });
      const answer = await named('batch:DescribeJobQueues', nameOrArn, () => client.send(command));
      const [queue] = answer.jobQueues ?? [];
      return (
        queue && {
          name: queue.jobQueueName ?? nameOrArn,
          enabled: queue.state !== 'DISABLED',
          status: queue.status ?? '',
          statusReason: queue.statusReason,
        }
      );
    },
    async frontOfQueue(nameOrArn) {
      const answer = await polling.send(new GetJobQueueSnapshotCommand({ jobQueue: nameOrArn }));
      return (answer.frontOfQueue?.jobs ?? []).flatMap(({ jobArn }) => jobArn ?? []);
    },
  };
}

async function named<T>(call: string, resource: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw deployError(error, call, resource);
  }
}
