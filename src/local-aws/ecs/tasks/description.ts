import type { Container, DescribeTasksRequest, DescribeTasksResponse, Task } from '@aws-sdk/client-ecs';

import type { JsonCall } from '../../json-protocol.ts';
import { activeCluster } from '../clusters/cluster.ts';
import { dateOf, ecsArn, type EcsState, invalidParameter, lastPart } from '../state.ts';
import { tagList } from '../tags.ts';
import { type EcsTask, isStopped } from './task.ts';

const MAX_DESCRIBED = 100;

export function describeTasks(state: EcsState, input: DescribeTasksRequest, call: JsonCall): DescribeTasksResponse {
  const wanted = input.tasks ?? [];
  if (wanted.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (wanted.length > MAX_DESCRIBED) throw invalidParameter(`Tasks cannot have more than ${MAX_DESCRIBED} elements.`);
  const region = state.region(call.region);
  const cluster = activeCluster(region, input.cluster);
  const arnOf = (idOrArn: string): string =>
    ecsArn(state.world, call.region, `task/${cluster.clusterName}/${lastPart(idOrArn)}`);
  const withTags = input.include?.includes('TAGS') ?? false;
  const found = wanted.map((idOrArn) => region.tasks.get(arnOf(idOrArn)));
  return {
    tasks: found.flatMap((task) => (task ? [describedTask(task, withTags)] : [])),
    failures: wanted.flatMap((idOrArn, index) =>
      found[index] ? [] : [{ arn: idOrArn.startsWith('arn:') ? idOrArn : arnOf(idOrArn), reason: 'MISSING' }],
    ),
  };
}

export function describedTask(task: EcsTask, withTags = true): Task {
  const { launchType, capacityProviderName, containerInstanceArn, platformVersion, platformFamily, end } = task;
  return {
    taskArn: task.taskArn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: task.group,
    startedBy: task.startedBy,
    launchType,
    capacityProviderName,
    containerInstanceArn,
    platformVersion,
    platformFamily,
    cpu: task.cpu,
    memory: task.memory,
    availabilityZone: `${task.region}a`,
    attachments: task.attachments.map((attachment) => ({
      ...attachment,
      status: attachmentStatus(task),
    })),
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    overrides: task.overrides,
    enableExecuteCommand: task.enableExecuteCommand,
    inferenceAccelerators: [],
    lastStatus: task.lastStatus,
    desiredStatus: desiredStatus(task),
    healthStatus: task.healthStatus,
    containers: task.containers.map((container) => describedContainer(task, container)),
    version: task.version,
    stopCode: end?.stopCode,
    stoppedReason: end?.stoppedReason,
    createdAt: dateOf(task.createdAt),
    ...(task.pullStartedAt !== undefined && { connectivity: 'CONNECTED', connectivityAt: dateOf(task.pullStartedAt) }),
    pullStartedAt: dateOf(task.pullStartedAt),
    pullStoppedAt: dateOf(task.pullStoppedAt),
    startedAt: dateOf(task.startedAt),
    stoppingAt: dateOf(task.stoppingAt),
    executionStoppedAt: dateOf(task.executionStoppedAt),
    stoppedAt: dateOf(task.stoppedAt),
    tags: withTags ? tagList(task.tags) : [],
  };
}

export function desiredStatus({ end }: EcsTask): 'RUNNING' | 'STOPPED' {
  return end === undefined ? 'RUNNING' : 'STOPPED';
}

function attachmentStatus(task: EcsTask): string {
  if (isStopped(task)) return 'DELETED';
  return task.lastStatus === 'PROVISIONING' ? 'PRECREATED' : 'ATTACHED';
}

function describedContainer(task: EcsTask, container: EcsTask['containers'][number]): Container {
  const { isEssential: _, hasHealthCheck, ...members } = container;
  return {
    ...members,
    taskArn: task.taskArn,
    lastStatus: containerStatus(task),
    healthStatus: hasHealthCheck ? task.healthStatus : 'UNKNOWN',
    networkBindings: [],
    ...(task.startedAt !== undefined && { runtimeId: `${task.id}-${container.containerArn.slice(-10)}` }),
  };
}

function containerStatus({ lastStatus, startedAt }: EcsTask): string {
  if (lastStatus === 'STOPPED' || lastStatus === 'DEPROVISIONING') return 'STOPPED';
  return startedAt === undefined ? 'PENDING' : 'RUNNING';
}
