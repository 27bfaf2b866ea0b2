import type { CapacityProvider } from '@aws-sdk/client-ecs';

import { AwsError } from '../aws-error.ts';
import { regionalMaps, type RegionalMaps } from '../eventbridge/regional-maps.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';
import type { StoredCluster } from './clusters/cluster.ts';
import type { ServiceDeploymentRecord } from './rollouts/deployment-record.ts';
import type { RevisionRecord } from './services/revision.ts';
import type { EcsService } from './services/service-record.ts';
import type { StoredDefinition } from './task-definitions/definition.ts';
import type { EcsTask } from './tasks/task.ts';

/** What ECS keeps in one region. All of it is plain JSON: times are milliseconds since the epoch. */
export interface EcsRegion {
  /** By name. */
  clusters: Map<string, StoredCluster>;
  /** By name; those of Fargate are always there and not in here. */
  capacityProviders: Map<string, CapacityProvider>;
  /** By family: all revisions, the oldest first; deregistered ones stay. */
  taskDefinitions: Map<string, StoredDefinition[]>;
  /** By ARN. */
  services: Map<string, EcsService>;
  /** By ARN. */
  serviceDeployments: Map<string, ServiceDeploymentRecord>;
  /** By ARN. */
  serviceRevisions: Map<string, RevisionRecord>;
  /** By ARN. */
  tasks: Map<string, EcsTask>;
  /** How many ids were given, under `ids`. */
  counters: Map<string, { count: number }>;
}

/** Where the handlers find what they work on. */
export interface EcsState extends RegionalMaps<EcsRegion> {
  world: World;
  /** Whole milliseconds of the virtual clock. */
  now(): number;
}

export function ecsState(world: World): EcsState {
  const maps = regionalMaps<EcsRegion>(() => ({
    clusters: new Map(),
    capacityProviders: new Map(),
    taskDefinitions: new Map(),
    services: new Map(),
    serviceDeployments: new Map(),
    serviceRevisions: new Map(),
    tasks: new Map(),
    counters: new Map(),
  }));
  return { ...maps, world, now: () => Math.floor(world.clock.now().getTime()) };
}

/** `arn:aws:ecs:eu-central-1:123456789012:cluster/demo` from `cluster/demo`. */
export function ecsArn(world: World, region: string, resource: string): string {
  return `arn:${partitionOf(region)}:ecs:${region}:${world.accountId}:${resource}`;
}

/** The last part of an ARN, or the name itself: `web` of `…:service/demo/web`. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.split('/').at(-1)! : nameOrArn;
}

export function dateOf(ms: number): Date;
export function dateOf(ms: number | undefined): Date | undefined;
export function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

export function clientException(message: string): AwsError {
  return new AwsError('ClientException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
