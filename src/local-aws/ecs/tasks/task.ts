import type {
  Attachment,
  HealthStatus,
  LaunchType,
  NetworkInterface,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs';

import type { TaskPlay } from '../scenario/task-play.ts';
import type { Tags } from '../tags.ts';

/** The states of a task in their order (developer guide, Amazon ECS task lifecycle). */
export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

/** A task. Plain JSON; times are milliseconds since the epoch. */
export interface EcsTask {
  taskArn: string;
  /** 32 hexadecimal digits, which name its log streams too. */
  id: string;
  region: string;
  clusterArn: string;
  taskDefinitionArn: string;
  group: string;
  startedBy?: string;
  /** Of a service's task. */
  owner?: { serviceArn: string; rolloutId: string; revisionArn: string };
  launchType?: LaunchType;
  capacityProviderName?: string;
  containerInstanceArn?: string;
  platformVersion?: string;
  platformFamily?: string;
  cpu?: string;
  memory?: string;
  overrides: TaskOverride;
  enableExecuteCommand: boolean;
  attachments: Attachment[];
  tags: Tags;
  /** It has a network interface of its own, which is made before it starts and taken away at its end. */
  hasInterface: boolean;
  /** It is registered with a load balancer or a service registry while it runs. */
  isRegistered: boolean;
  lastStatus: TaskStatus;
  /** When it came to that state. */
  statusSince: number;
  healthStatus: HealthStatus;
  /** It counts as healthy for its service. */
  isReady: boolean;
  containers: TaskContainer[];
  play: TaskPlay;
  /** Why it ends, from the moment on that it is to. */
  end?: TaskEnd;
  /** Counts its changes. */
  version: number;
  createdAt: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  readyAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
}

export interface TaskContainer {
  name: string;
  image: string;
  isEssential: boolean;
  hasHealthCheck: boolean;
  containerArn: string;
  imageDigest?: string;
  exitCode?: number;
  reason?: string;
  networkInterfaces: NetworkInterface[];
  cpu: string;
  memory?: string;
  memoryReservation?: string;
}

export interface TaskEnd {
  stopCode: TaskStopCode;
  stoppedReason: string;
  /** By container; the others were sent SIGTERM. */
  exitCodes?: Record<string, number>;
  /** What a container says about its end. */
  containerReasons?: Record<string, string>;
  /** It failed by itself, which the circuit breaker of its service counts. */
  isFailure: boolean;
}

/** To be counted as pending by its service and cluster. */
export function isPending({ lastStatus, end }: EcsTask): boolean {
  return end === undefined && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus);
}

/** To be counted as running, which it is as long as its containers run. */
export function isRunning({ lastStatus }: EcsTask): boolean {
  return lastStatus === 'RUNNING' || lastStatus === 'DEACTIVATING';
}

/** It is there and nobody has asked it to stop. */
export function isActive({ end }: EcsTask): boolean {
  return end === undefined;
}

/** Which counts where a scenario names no container. */
export function firstEssential({ containers }: EcsTask): TaskContainer {
  return containers.find(({ isEssential }) => isEssential) ?? containers[0]!;
}

export function isStopped({ lastStatus }: EcsTask): boolean {
  return lastStatus === 'STOPPED';
}
