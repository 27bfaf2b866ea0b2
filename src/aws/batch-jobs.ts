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
import type { JobDescription, JobStatus } from '../plan/job-run/job-description.ts';
import { describedJob } from './batch-job-description.ts';
import { bounded } from './bounded-call.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError } from './errors.ts';
import { ThrottlingOnlyRetry } from './retry.ts';

export interface SubmittedJob {
  id: string;
  arn: string;
}

/** A job as ListJobs tells it: the parent of an array stands for its children. */
export interface ListedJob extends SubmittedJob {
  name: string;
  status: JobStatus;
  /** ARN of the revision that it runs; empty when AWS does not say. */
  definitionArn: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
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
  /** The jobs of these ids that there are, 100 at most, in no order. */
  describeAll(jobIds: readonly string[]): Promise<JobDescription[]>;
  /** Jobs of a queue with this very name, in every state, the newest first. */
  jobsCalled(name: string, queue: string): Promise<SubmittedJob[]>;
  /**
   * Jobs of a queue that run any revision of a definition, in every state, the newest first.
   * @param most no more pages are read than hold so many
   */
  jobsOf(definitionName: string, queue: string, most?: number): Promise<ListedJob[]>;
  /** The children of an array that failed, by their index. */
  failedChildren(arrayJobId: string): Promise<FailedChild[]>;
  /** Ends a job in whatever state: one that has not started is cancelled, and one that has ended stays as it is. */
  terminate(jobId: string, reason: string): Promise<void>;
  /** Undefined when there is no such queue. */
  queue(nameOrArn: string): Promise<QueueDescription | undefined>;
  /** Names of all queues that jobs with a definition can be in; pages are followed to the end. */
  queueNames(): Promise<string[]>;
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

  async function listed(
    input: ListJobsCommandInput,
    resource: string,
    most = Number.POSITIVE_INFINITY,
  ): Promise<JobSummary[]> {
    const found: JobSummary[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListJobsCommand(nextToken === undefined ? input : { ...input, nextToken });
      const page = await named('batch:ListJobs', resource, () => client.send(command));
      found.push(...(page.jobSummaryList ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && found.length < most);
    return found;
  }

  return {
    async submit(request) {
      const answer = await submitting.send(new SubmitJobCommand(request as unknown as SubmitJobCommandInput));
      return { id: answer.jobId ?? '', arn: answer.jobArn ?? '' };
    },
    async describe(jobId) {
      const answer = await bounded(polling.send(new DescribeJobsCommand({ jobs: [jobId] })));
      const [job] = answer.jobs ?? [];
      return job && describedJob(job);
    },
    async describeAll(jobIds) {
      if (jobIds.length === 0) return [];
      const command = new DescribeJobsCommand({ jobs: [...jobIds] });
      const answer = await named('batch:DescribeJobs', 'the last jobs', () => client.send(command));
      return (answer.jobs ?? []).map(describedJob);
    },
    async jobsCalled(name, queue) {
      // The filter is the same for upper and lower case, and with it jobs of all states are listed.
      const found = await listed({ jobQueue: queue, filters: [{ name: 'JOB_NAME', values: [name] }] }, queue);
      return found
        .filter(({ jobName }) => jobName === name)
        .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
        .map(({ jobId, jobArn }) => ({ id: jobId ?? '', arn: jobArn ?? '' }));
    },
    async jobsOf(definitionName, queue, most) {
      // By its name, so that jobs of all its revisions are listed. With a filter, AWS lists jobs of all states.
      const filters = [{ name: 'JOB_DEFINITION', values: [definitionName] }];
      const found = await listed({ jobQueue: queue, filters }, queue, most);
      return found
        .map(({ jobId, jobArn, jobName, status, jobDefinition, createdAt }) => ({
          id: jobId ?? '',
          arn: jobArn ?? '',
          name: jobName ?? '',
          status: status ?? 'SUBMITTED',
          definitionArn: jobDefinition ?? '',
          createdAt: createdAt ?? 0,
        }))
        .toSorted((a, b) => b.createdAt - a.createdAt);
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
    async queueNames() {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const command = new DescribeJobQueuesCommand({
          maxResults: 100,
          ...(nextToken !== undefined && { nextToken }),
        });
        const page = await named('batch:DescribeJobQueues', 'all job queues', () => client.send(command));
        // Those for SageMaker hold service jobs, which have no definition.
        const queues = (page.jobQueues ?? []).filter(({ jobQueueType }) => jobQueueType !== 'SAGEMAKER_TRAINING');
        names.push(...queues.flatMap(({ jobQueueName }) => jobQueueName ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return names;
    },
    async frontOfQueue(nameOrArn) {
      const answer = await bounded(polling.send(new GetJobQueueSnapshotCommand({ jobQueue: nameOrArn })));
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
