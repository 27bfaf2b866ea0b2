import type {
  ComputeEnvironmentOrder,
  CreateJobQueueRequest,
  CreateJobQueueResponse,
  DeleteJobQueueRequest,
  DescribeJobQueuesRequest,
  DescribeJobQueuesResponse,
  JobQueueDetail,
  UpdateJobQueueRequest,
  UpdateJobQueueResponse,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../json-protocol.ts';
import { checkResourceName, checkState } from './compute-environments.ts';
import { pageOf } from './paging.ts';
import { batchArn, type BatchState, clientException, nameOf, requestException } from './state.ts';
import { checkTags } from './tags.ts';

const MAX_ENVIRONMENTS = 3;
const MAX_PRIORITY = 1000;

/** Job queues are VALID as soon as they are created, and gone as soon as they are deleted. */
export function jobQueueHandlers(state: BatchState) {
  return {
    CreateJobQueue(input: CreateJobQueueRequest, call: JsonCall): CreateJobQueueResponse {
      const { jobQueues } = state.region(call.region);
      const name = input.jobQueueName ?? '';
      checkResourceName(name, 'jobQueueName', call);
      if (jobQueues.has(name)) throw clientException('Object already exists');
      if (input.priority === undefined) throw requestException('priority must be provided.', call);
      checkQueue(input, call);
      checkTags(input.tags ?? {});
      const jobQueueArn = batchArn(state.world, call.region, `job-queue/${name}`);
      jobQueues.set(name, {
        ...input,
        jobQueueName: name,
        jobQueueArn,
        state: input.state ?? 'ENABLED',
        status: 'VALID',
        statusReason: 'JobQueue Healthy',
        priority: input.priority,
        computeEnvironmentOrder: resolvedOrder(state, input.computeEnvironmentOrder ?? [], call),
        tags: input.tags ?? {},
      });
      return { jobQueueName: name, jobQueueArn };
    },

    DescribeJobQueues(input: DescribeJobQueuesRequest, call: JsonCall): DescribeJobQueuesResponse {
      const wanted = input.jobQueues?.map(nameOf);
      const found = [...state.region(call.region).jobQueues.values()].filter(
        ({ jobQueueName: name }) => !wanted?.length || wanted.includes(name!),
      );
      const { items, nextToken } = pageOf(found, ({ jobQueueName: name }) => name!, input);
      return { jobQueues: items, nextToken };
    },

    UpdateJobQueue(input: UpdateJobQueueRequest, call: JsonCall): UpdateJobQueueResponse {
      const { jobQueue: nameOrArn, computeEnvironmentOrder: order, ...changes } = input;
      const found = existing(state, nameOrArn ?? '', call);
      checkQueue(input, call);
      const resolved = order && resolvedOrder(state, order, call);
      Object.assign(found, changes, resolved && { computeEnvironmentOrder: resolved });
      return { jobQueueName: found.jobQueueName, jobQueueArn: found.jobQueueArn };
    },

    DeleteJobQueue(input: DeleteJobQueueRequest, call: JsonCall): object {
      const { jobQueues } = state.region(call.region);
      // Deleting what isn't there is no error.
      const found = jobQueues.get(nameOf(input.jobQueue ?? ''));
      if (found === undefined) return {};
      if (found.state !== 'DISABLED') throw clientException('Cannot delete, resource must be in DISABLED state.');
      jobQueues.delete(found.jobQueueName!);
      return {};
    },
  };
}

function existing(state: BatchState, nameOrArn: string, call: JsonCall): JobQueueDetail {
  const found = state.region(call.region).jobQueues.get(nameOf(nameOrArn));
  if (found === undefined) throw clientException(`Job queue ${nameOrArn} does not exist.`);
  return found;
}

function checkQueue(input: { state?: string | undefined; priority?: number | undefined }, call: JsonCall): void {
  checkState(input.state, call);
  const { priority } = input;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY)) {
    throw requestException(`priority must be between 0 and ${MAX_PRIORITY}.`, call);
  }
}

/** Names become ARNs. The environments must exist, and be all of EC2 or all of Fargate. */
function resolvedOrder(
  state: BatchState,
  order: readonly ComputeEnvironmentOrder[],
  call: JsonCall,
): ComputeEnvironmentOrder[] {
  if (order.length < 1 || order.length > MAX_ENVIRONMENTS) {
    throw requestException(`computeEnvironmentOrder must have 1 to ${MAX_ENVIRONMENTS} elements.`, call);
  }
  const { computeEnvironments } = state.region(call.region);
  const found = order.map(({ computeEnvironment: nameOrArn = '' }) => {
    const environment = computeEnvironments.get(nameOf(nameOrArn));
    if (environment === undefined) throw clientException(`Compute environment ${nameOrArn} does not exist.`);
    return environment;
  });
  const kinds = new Set(found.map(({ computeResources }) => computeResources?.type?.startsWith('FARGATE') ?? false));
  if (kinds.size > 1) {
    throw requestException('EC2 and Fargate compute environments cannot be mixed in a job queue.', call);
  }
  return order.map(({ order: place }, index) => ({
    order: place,
    computeEnvironment: found[index]?.computeEnvironmentArn,
  }));
}
