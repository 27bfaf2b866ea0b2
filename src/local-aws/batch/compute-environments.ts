import { createHash } from 'node:crypto';

import type {
  ComputeEnvironmentDetail,
  ComputeResource,
  CreateComputeEnvironmentRequest,
  CreateComputeEnvironmentResponse,
  DeleteComputeEnvironmentRequest,
  DescribeComputeEnvironmentsRequest,
  DescribeComputeEnvironmentsResponse,
  UpdateComputeEnvironmentRequest,
  UpdateComputeEnvironmentResponse,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../json-protocol.ts';
import { partitionOf } from '../request-region.ts';
import { pageOf } from './paging.ts';
import { batchArn, type BatchState, clientException, nameOf, requestException } from './state.ts';
import { checkTags } from './tags.ts';

/** Compute environments are VALID as soon as they are created, and gone as soon as they are deleted. */
export function computeEnvironmentHandlers(state: BatchState) {
  return {
    CreateComputeEnvironment(input: CreateComputeEnvironmentRequest, call: JsonCall): CreateComputeEnvironmentResponse {
      const { computeEnvironments } = state.region(call.region);
      const name = input.computeEnvironmentName ?? '';
      checkResourceName(name, 'computeEnvironmentName', call);
      if (computeEnvironments.has(name)) throw clientException('Object already exists');
      checkEnvironment(input, call);
      checkTags(input.tags ?? {});
      const created = newEnvironment(state, input, call);
      computeEnvironments.set(name, created);
      return { computeEnvironmentName: name, computeEnvironmentArn: created.computeEnvironmentArn };
    },

    DescribeComputeEnvironments(
      input: DescribeComputeEnvironmentsRequest,
      call: JsonCall,
    ): DescribeComputeEnvironmentsResponse {
      const { computeEnvironments } = state.region(call.region);
      const wanted = input.computeEnvironments?.map(nameOf);
      const found = [...computeEnvironments.values()].filter(
        ({ computeEnvironmentName: name }) => !wanted?.length || wanted.includes(name!),
      );
      const { items, nextToken } = pageOf(found, ({ computeEnvironmentName: name }) => name!, input);
      return { computeEnvironments: items, nextToken };
    },

    UpdateComputeEnvironment(input: UpdateComputeEnvironmentRequest, call: JsonCall): UpdateComputeEnvironmentResponse {
      const { computeEnvironment: nameOrArn, computeResources, ...changes } = input;
      const found = existing(state, nameOrArn ?? '', call);
      checkState(input.state, call);
      Object.assign(found, changes);
      // Members of computeResources that are not given stay as they are.
      if (computeResources)
        found.computeResources = { ...found.computeResources, ...computeResources } as ComputeResource;
      return {
        computeEnvironmentName: found.computeEnvironmentName,
        computeEnvironmentArn: found.computeEnvironmentArn,
      };
    },

    DeleteComputeEnvironment(input: DeleteComputeEnvironmentRequest, call: JsonCall): object {
      const { computeEnvironments, jobQueues } = state.region(call.region);
      // Deleting what isn't there is no error.
      const found = computeEnvironments.get(nameOf(input.computeEnvironment ?? ''));
      if (found === undefined) return {};
      if (found.state !== 'DISABLED') {
        throw clientException('Cannot delete, resource must be in DISABLED state.');
      }
      const isUsed = [...jobQueues.values()].some((queue) =>
        queue.computeEnvironmentOrder?.some(
          ({ computeEnvironment }) => computeEnvironment === found.computeEnvironmentArn,
        ),
      );
      if (isUsed) throw clientException('Cannot delete, found existing JobQueue relationship');
      computeEnvironments.delete(found.computeEnvironmentName!);
      return {};
    },
  };
}

/** Throws the ClientException of a name that Batch doesn't take. `member` is the input's: `jobQueueName`. */
export function checkResourceName(name: string, member: string, call: JsonCall): void {
  if (name === '') throw clientException(`${member} must be provided.`);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw requestException(`${member} should match valid pattern`, call);
}

export function checkState(state: string | undefined, call: JsonCall): void {
  if (state === undefined || state === 'ENABLED' || state === 'DISABLED') return;
  throw requestException('state should be one of ENABLED, DISABLED.', call);
}

function existing(state: BatchState, nameOrArn: string, call: JsonCall): ComputeEnvironmentDetail {
  const found = state.region(call.region).computeEnvironments.get(nameOf(nameOrArn));
  if (found === undefined) throw clientException(`Compute environment ${nameOrArn} does not exist.`);
  return found;
}

function checkEnvironment(input: CreateComputeEnvironmentRequest, call: JsonCall): void {
  const fail = (text: string): Error => requestException(text, call);
  checkState(input.state, call);
  if (input.type !== 'MANAGED' && input.type !== 'UNMANAGED') throw fail('type should be one of MANAGED, UNMANAGED.');
  const resources = input.computeResources;
  if (input.type === 'UNMANAGED') {
    if (resources) throw fail('computeResources is not applicable for UNMANAGED.');
    if (!input.serviceRole) throw fail('serviceRole is required for UNMANAGED.');
    return;
  }
  if (!resources) throw fail('computeResources must be provided for a MANAGED compute environment.');
  if (!(resources.maxvCpus !== undefined && resources.maxvCpus >= 0)) throw fail('Resource maxvCpus is required.');
  if (resources.type === 'ECS_MANAGED_INSTANCES') return;
  if (!resources.subnets?.length) throw fail('Subnets is required.');
  if (resources.type === 'FARGATE' || resources.type === 'FARGATE_SPOT') {
    if (!resources.securityGroupIds?.length) throw fail('Security group is required.');
    const misplaced = EC2_ONLY.find((member) => resources[member] !== undefined);
    if (misplaced !== undefined) throw fail(`${misplaced} is not applicable for Fargate.`);
  } else if (resources.type === 'EC2' || resources.type === 'SPOT') {
    if (!resources.instanceRole) throw fail('Instance role is required.');
  } else {
    throw fail('Resource type should be one of EC2, SPOT, FARGATE, FARGATE_SPOT, ECS_MANAGED_INSTANCES.');
  }
}

const EC2_ONLY = [
  'allocationStrategy',
  'minvCpus',
  'desiredvCpus',
  'instanceTypes',
  'imageId',
  'ec2KeyPair',
  'instanceRole',
  'tags',
  'placementGroup',
  'bidPercentage',
  'spotIamFleetRole',
  'launchTemplate',
  'ec2Configuration',
] as const satisfies readonly (keyof ComputeResource)[];

function newEnvironment(
  state: BatchState,
  input: CreateComputeEnvironmentRequest,
  call: JsonCall,
): ComputeEnvironmentDetail {
  const name = input.computeEnvironmentName!;
  const arn = batchArn(state.world, call.region, `compute-environment/${name}`);
  const uuid = uuidOf(arn);
  const { accountId } = state.world;
  const partition = partitionOf(call.region);
  const isEks = input.eksConfiguration !== undefined;
  return {
    ...input,
    computeEnvironmentName: name,
    computeEnvironmentArn: arn,
    state: input.state ?? 'ENABLED',
    status: 'VALID',
    statusReason: 'ComputeEnvironment Healthy',
    tags: input.tags ?? {},
    uuid,
    containerOrchestrationType: isEks ? 'EKS' : 'ECS',
    serviceRole:
      input.serviceRole ??
      `arn:${partition}:iam::${accountId}:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch`,
    ...(!isEks && {
      ecsClusterArn: `arn:${partition}:ecs:${call.region}:${accountId}:cluster/AWSBatch-${name}-${uuid}`,
    }),
  };
}

/** The same for the same environment, so that two runs of the same calls leave the same state. */
function uuidOf(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
