import type {
  Attachment,
  ContainerDefinition,
  LaunchType,
  NetworkConfiguration,
  NetworkInterface,
  TaskOverride,
} from '@aws-sdk/client-ecs';

import type { StoredCluster } from '../clusters/cluster.ts';
import { idFrom, newId } from '../ids.ts';
import type { TaskPlay } from '../scenario/task-play.ts';
import { ecsArn, type EcsState } from '../state.ts';
import type { Tags } from '../tags.ts';
import type { StoredDefinition } from '../task-definitions/definition.ts';
import type { EcsTask, TaskContainer } from './task.ts';

/** What a new task is made of. */
export interface TaskOrder {
  region: string;
  cluster: StoredCluster;
  definition: StoredDefinition;
  group: string;
  startedBy?: string | undefined;
  owner?: EcsTask['owner'];
  launchType?: LaunchType | undefined;
  capacityProviderName?: string | undefined;
  containerInstanceArn?: string | undefined;
  platformVersion?: string | undefined;
  networkConfiguration?: NetworkConfiguration | undefined;
  overrides?: TaskOverride | undefined;
  enableExecuteCommand?: boolean | undefined;
  isRegistered: boolean;
  tags: Tags;
  play: TaskPlay;
}

/** What LATEST stands for on Fargate. */
const LATEST_PLATFORM = '1.4.0';

/** A task in its first state, which nobody leads through the next ones yet. */
export function newTask(state: EcsState, order: TaskOrder): EcsTask {
  const { region, cluster, definition, overrides = {}, launchType, play } = order;
  const { hex: id } = newId(state.region(region), region);
  const taskArn = ecsArn(state.world, region, `task/${cluster.clusterName}/${id}`);
  const isFargate = launchType === 'FARGATE' || (order.capacityProviderName ?? '').startsWith('FARGATE');
  const hasInterface = definition.networkMode === 'awsvpc';
  const attachment = hasInterface ? interfaceOf(id, order.networkConfiguration) : undefined;
  const now = state.now();
  return {
    taskArn,
    id,
    region,
    clusterArn: cluster.clusterArn,
    taskDefinitionArn: definition.taskDefinitionArn,
    group: order.group,
    ...(order.startedBy !== undefined && { startedBy: order.startedBy }),
    ...(order.owner && { owner: order.owner }),
    ...(launchType !== undefined && { launchType }),
    ...(order.capacityProviderName !== undefined && { capacityProviderName: order.capacityProviderName }),
    ...(!isFargate && { containerInstanceArn: order.containerInstanceArn ?? instanceArn(state, order) }),
    ...(isFargate && { platformVersion: platformVersion(order.platformVersion), platformFamily: 'Linux' }),
    ...sizeOf(definition, overrides),
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...overrides },
    enableExecuteCommand: order.enableExecuteCommand ?? false,
    attachments: attachment ? [attachment] : [],
    tags: order.tags,
    hasInterface,
    isRegistered: order.isRegistered,
    lastStatus: hasInterface ? 'PROVISIONING' : 'PENDING',
    statusSince: now,
    healthStatus: 'UNKNOWN',
    isReady: false,
    containers: (definition.containerDefinitions ?? []).map((container) =>
      containerOf(state, container, { id, order, networkInterface: attachment && networkInterfaceOf(attachment) }),
    ),
    play,
    version: 1,
    createdAt: now,
  };
}

export function platformVersion(wanted: string | undefined): string {
  return wanted === undefined || wanted === 'LATEST' ? LATEST_PLATFORM : wanted;
}

function sizeOf(definition: StoredDefinition, overrides: TaskOverride): { cpu?: string; memory?: string } {
  const containers = definition.containerDefinitions ?? [];
  const sum = (values: (number | undefined)[]): string => String(values.reduce((a = 0, b = 0) => a + b, 0));
  return {
    cpu: overrides.cpu ?? definition.cpu ?? sum(containers.map(({ cpu }) => cpu)),
    memory:
      overrides.memory ??
      definition.memory ??
      sum(containers.map(({ memory, memoryReservation }) => memory ?? memoryReservation)),
  };
}

function containerOf(
  { world }: EcsState,
  container: ContainerDefinition,
  parts: { id: string; order: TaskOrder; networkInterface: NetworkInterface | undefined },
): TaskContainer {
  const { id, order, networkInterface } = parts;
  const name = container.name!;
  const path = `container/${order.cluster.clusterName}/${id}/${idFrom(`${id} ${name}`).uuid}`;
  return {
    name,
    image: container.image!,
    isEssential: container.essential !== false,
    hasHealthCheck: container.healthCheck !== undefined,
    containerArn: ecsArn(world, order.region, path),
    networkInterfaces: networkInterface ? [networkInterface] : [],
    cpu: String(container.cpu ?? 0),
    ...(container.memory !== undefined && { memory: String(container.memory) }),
    ...(container.memoryReservation !== undefined && { memoryReservation: String(container.memoryReservation) }),
  };
}

/** Nothing stands behind it: the same for the same cluster. */
export function instanceArn({ world }: EcsState, { region, cluster }: Pick<TaskOrder, 'region' | 'cluster'>): string {
  const { hex } = idFrom(`instance of ${cluster.clusterArn}`);
  return ecsArn(world, region, `container-instance/${cluster.clusterName}/${hex}`);
}

/** An elastic network interface that is nowhere. */
function interfaceOf(taskId: string, networkConfiguration: NetworkConfiguration | undefined): Attachment {
  const { uuid, hex } = idFrom(`interface of ${taskId}`);
  const bytes = Buffer.from(hex, 'hex');
  const subnet = networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? 'subnet-00000000';
  return {
    id: uuid,
    type: 'ElasticNetworkInterface',
    status: 'ATTACHED',
    details: [
      { name: 'subnetId', value: subnet },
      { name: 'networkInterfaceId', value: `eni-${hex.slice(0, 17)}` },
      { name: 'privateIPv4Address', value: `10.0.${bytes[0]! % 256}.${(bytes[1]! % 250) + 4}` },
    ],
  };
}

function networkInterfaceOf({ id, details = [] }: Attachment): NetworkInterface {
  const address = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  return { attachmentId: id, privateIpv4Address: address };
}
