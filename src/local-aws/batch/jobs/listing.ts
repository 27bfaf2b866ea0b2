import type {
  GetJobQueueSnapshotRequest,
  GetJobQueueSnapshotResponse,
  JobSummary,
  KeyValuesPair,
  ListJobsRequest,
  ListJobsResponse,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../../json-protocol.ts';
import { pageOf } from '../paging.ts';
import { type BatchState, clientException, nameOf, requestException } from '../state.ts';
import { describedArray } from './description.ts';
import { definitionNameOf, type Job, JOB_STATES, jobsIn } from './job.ts';

const MAX_FILTERED = 100;
const MAX_LISTED = 1000;
const MAX_SNAPSHOT = 100;

/** The jobs of a queue, the children of an array, or, with a filter, jobs of any state; the newest first. */
export function listJobs(state: BatchState, input: ListJobsRequest, call: JsonCall): ListJobsResponse {
  const region = state.region(call.region);
  const jobs = [...jobsIn(region, call.clock.now()).values()];
  const { jobQueue, arrayJobId, multiNodeJobId, jobStatus, filters = [] } = input;
  if ([jobQueue, arrayJobId, multiNodeJobId].filter((given) => given !== undefined).length !== 1) {
    throw clientException('Exactly one of jobQueue, arrayJobId, multiNodeJobId must be provided.');
  }
  if (jobStatus !== undefined && !(JOB_STATES as readonly string[]).includes(jobStatus)) {
    throw clientException(`jobStatus should be one of ${JOB_STATES.join(', ')}.`);
  }
  if (filters.length > 1) throw clientException('Only one filter can be used at a time.');
  const candidates =
    jobQueue === undefined
      ? jobs.filter(({ parentId }) => parentId !== undefined && parentId === arrayJobId)
      : ofQueue(state, jobs, jobQueue, call);
  const filter = filters[0];
  const passes = filter === undefined ? () => true : filterOf(filter);
  const status = filter === undefined ? (jobStatus ?? 'RUNNING') : withStatus(filter) ? jobStatus : undefined;
  const found = candidates.filter((job) => (status === undefined || job.detail.status === status) && passes(job));
  const most = filter === undefined ? MAX_LISTED : MAX_FILTERED;
  const { items, nextToken } = pageOf(
    found,
    arrayJobId === undefined ? newestFirst : byIndex,
    {
      nextToken: input.nextToken,
      // More than the most is no error: a page has no more.
      ...(input.maxResults !== undefined && { maxResults: Math.min(input.maxResults, most) }),
    },
    most,
  );
  return { jobSummaryList: items.map((job) => summary(state, job)), nextToken };
}

/** The other filters ignore the state. */
function withStatus({ name }: KeyValuesPair): boolean {
  return name === 'SHARE_IDENTIFIER';
}

function ofQueue(state: BatchState, jobs: readonly Job[], wanted: string, call: JsonCall): Job[] {
  const queue = state.region(call.region).jobQueues.get(nameOf(wanted));
  if (queue === undefined) throw requestException(`Job Queue ${wanted} does not exist`, call);
  return jobs.filter(({ parentId, detail }) => parentId === undefined && detail.jobQueue === queue.jobQueueArn);
}

/** Of several values, one has to fit. */
function filterOf({ name, values = [] }: KeyValuesPair): (job: Job) => boolean {
  if (values.length === 0) throw clientException('A filter must have a value.');
  const test = FILTERS[name ?? ''];
  if (test === undefined) throw clientException(`Filter name should be one of ${Object.keys(FILTERS).join(', ')}.`);
  if (name?.endsWith('_CREATED_AT') && !values.every((value) => /^\d+$/.test(value))) {
    throw clientException(`The value of ${name} must be milliseconds since 1970.`);
  }
  return (job) => values.some((value) => test(job, value));
}

const FILTERS: Readonly<Record<string, (job: Job, value: string) => boolean>> = {
  JOB_NAME: (job, value) => fits(value.toLowerCase(), job.detail.jobName.toLowerCase()),
  JOB_DEFINITION: (job, value) =>
    value.startsWith('arn:') ? job.detail.jobDefinition === value : fits(value, definitionNameOf(job)),
  BEFORE_CREATED_AT: ({ detail }, value) => detail.createdAt! < Number(value),
  AFTER_CREATED_AT: ({ detail }, value) => detail.createdAt! > Number(value),
  SHARE_IDENTIFIER: ({ detail }, value) => detail.shareIdentifier !== undefined && fits(value, detail.shareIdentifier),
};

/** A pattern is the whole text, or its start when it ends with `*`. */
function fits(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** The first of the RUNNABLE jobs of a queue, the oldest first. */
export function queueSnapshot(
  state: BatchState,
  input: GetJobQueueSnapshotRequest,
  call: JsonCall,
): GetJobQueueSnapshotResponse {
  const jobs = [...jobsIn(state.region(call.region), call.clock.now()).values()];
  const { jobQueues } = state.region(call.region);
  const queue = jobQueues.get(nameOf(input.jobQueue ?? ''));
  if (queue === undefined) throw requestException(`Job Queue ${input.jobQueue ?? ''} does not exist`, call);
  const runnable = jobs
    .filter(({ detail }) => detail.status === 'RUNNABLE' && detail.jobQueue === queue.jobQueueArn)
    .toSorted(
      (a, b) => a.number - b.number || (a.detail.arrayProperties?.index ?? 0) - (b.detail.arrayProperties?.index ?? 0),
    )
    .slice(0, MAX_SNAPSHOT);
  return {
    frontOfQueue: {
      jobs: runnable.map(({ detail, runnableAt }) => ({ jobArn: detail.jobArn, earliestTimeAtPosition: runnableAt })),
      lastUpdatedAt: Math.floor(call.clock.now().getTime()),
    },
  };
}

const DIGITS = 16;

function newestFirst({ detail, number }: Job): string {
  return [detail.createdAt!, number].map((value) => String(10 ** 15 - value).padStart(DIGITS, '0')).join(' ');
}

function byIndex({ detail }: Job): string {
  return String(detail.arrayProperties?.index ?? 0).padStart(DIGITS, '0');
}

function summary(state: BatchState, job: Job): JobSummary {
  const { detail } = job;
  const { exitCode, reason } = detail.container ?? {};
  return {
    jobArn: detail.jobArn,
    jobId: detail.jobId,
    jobName: detail.jobName,
    createdAt: detail.createdAt,
    status: detail.status,
    ...(detail.statusReason !== undefined && { statusReason: detail.statusReason }),
    ...(detail.shareIdentifier !== undefined && { shareIdentifier: detail.shareIdentifier }),
    ...(detail.startedAt !== undefined && { startedAt: detail.startedAt }),
    ...(detail.stoppedAt !== undefined && { stoppedAt: detail.stoppedAt }),
    container: { ...(exitCode !== undefined && { exitCode }), ...(reason !== undefined && { reason }) },
    ...(detail.arrayProperties && { arrayProperties: describedArray(state, job) }),
    jobDefinition: detail.jobDefinition,
    ...(detail.isCancelled && { isCancelled: true }),
    ...(detail.isTerminated && { isTerminated: true }),
  };
}
