import type {
  CancelJobRequest,
  DescribeJobsRequest,
  GetJobQueueSnapshotRequest,
  ListJobsRequest,
  SubmitJobRequest,
  TerminateJobRequest,
} from '@aws-sdk/client-batch';

import type { JsonCall, JsonHandler } from '../../json-protocol.ts';
import { type BatchState, clientException, requestException } from '../state.ts';
import { describeJobs } from './description.ts';
import { type Job, jobsIn } from './job.ts';
import type { JobLifecycle } from './lifecycle.ts';
import { listJobs, queueSnapshot } from './listing.ts';
import { submitJob } from './submission.ts';

export function jobHandlers(state: BatchState, lifecycle: JobLifecycle): Record<string, JsonHandler> {
  return {
    SubmitJob: (input: SubmitJobRequest, call) => submitJob(state, input, call, (job) => lifecycle.begin(job)),
    DescribeJobs: (input: DescribeJobsRequest, call) => describeJobs(state, input, call),
    ListJobs: (input: ListJobsRequest, call) => listJobs(state, input, call),
    GetJobQueueSnapshot: (input: GetJobQueueSnapshotRequest, call) => queueSnapshot(state, input, call),
    CancelJob(input: CancelJobRequest, call): object {
      lifecycle.cancel(existing(state, input, call), reasonOf(input));
      return {};
    },
    TerminateJob(input: TerminateJobRequest, call): object {
      lifecycle.terminate(existing(state, input, call), reasonOf(input));
      return {};
    },
  };
}

function existing(state: BatchState, { jobId }: CancelJobRequest, call: JsonCall): Job {
  if (!jobId) throw clientException('jobId must be provided.');
  const job = jobsIn(state.region(call.region), call.clock.now()).get(jobId);
  if (job === undefined) throw requestException(`Job ${jobId} does not exist.`, call);
  return job;
}

function reasonOf({ reason }: CancelJobRequest): string {
  if (!reason) throw clientException('reason must be provided.');
  if (reason.length > 1024) throw clientException('reason can have up to 1024 characters.');
  return reason;
}
