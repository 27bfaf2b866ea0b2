import type {
  ArrayPropertiesDetail,
  DescribeJobsRequest,
  DescribeJobsResponse,
  JobDetail,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../../json-protocol.ts';
import { type BatchState, clientException } from '../state.ts';
import { type Job, JOB_STATES, jobsIn } from './job.ts';

const MAX_DESCRIBED = 100;

/** IDs that nobody knows are left out. */
export function describeJobs(state: BatchState, input: DescribeJobsRequest, call: JsonCall): DescribeJobsResponse {
  const ids = input.jobs ?? [];
  if (ids.length < 1 || ids.length > MAX_DESCRIBED) {
    throw clientException(`1 to ${MAX_DESCRIBED} jobs can be described at once.`);
  }
  const known = jobsIn(state.region(call.region), call.clock.now());
  return { jobs: [...new Set(ids)].flatMap((id) => known.get(id) ?? []).map((job) => described(state, job)) };
}

function described(state: BatchState, job: Job): JobDetail {
  return { ...job.detail, ...(job.detail.arrayProperties && { arrayProperties: describedArray(state, job) }) };
}

/** Of an array, with how many of its children are in each state. */
export function describedArray(state: BatchState, job: Job): ArrayPropertiesDetail {
  const { size, index } = job.detail.arrayProperties ?? {};
  if (size === undefined) return { ...(index !== undefined && { index }) };
  const { jobs } = state.region(job.region);
  const statusSummary: Record<string, number> = Object.fromEntries(JOB_STATES.map((status) => [status, 0]));
  for (let child = 0; child < size; child += 1) {
    const status = jobs.get(`${job.detail.jobId}:${child}`)?.detail.status;
    if (status !== undefined) statusSummary[status]! += 1;
  }
  return { size, statusSummary, statusSummaryLastUpdatedAt: Math.floor(state.world.clock.now().getTime()) };
}
