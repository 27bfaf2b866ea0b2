import type { CreateServiceRequest, DeploymentConfiguration, DeploymentRolloutState } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import { activeCluster, checkRegion, type StoredCluster } from '../clusters/cluster.ts';
import { type EcsRegion, invalidParameter } from '../state.ts';
import type { Tags } from '../tags.ts';

/** A service. Plain JSON; times are milliseconds since the epoch. */
export interface EcsService {
  serviceArn: string;
  serviceName: string;
  clusterArn: string;
  region: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  settings: ServiceSettings;
  createdAt: number;
  createdBy: string;
  tags: Tags;
  /** The newest first. */
  events: { id: string; createdAt: number; message: string }[];
  /** What DescribeServices calls its deployments, the newest first; the first one is PRIMARY. */
  rollouts: Rollout[];
  /** The ARN of the latest service deployment. */
  currentDeployment?: string;
  /** What the last deployment that came to its end well has left: where a rollback goes. */
  lastCompleted?: { revisionArn: string; rolloutId: string };
  /** How many tasks have failed in a row, which makes ECS wait before it tries another one. */
  failuresInARow: number;
  launchAfter?: number;
  /** It was told that it is steady, and nothing has happened since. */
  isSteady: boolean;
  /** A hash of what created it, by which the same request is known again. */
  createdFrom: string;
}

/** What CreateService and UpdateService set. */
export type ServiceSettings = Pick<
  CreateServiceRequest,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'platformVersion'
  | 'networkConfiguration'
  | 'loadBalancers'
  | 'serviceRegistries'
  | 'serviceConnectConfiguration'
  | 'volumeConfigurations'
  | 'vpcLatticeConfigurations'
  | 'healthCheckGracePeriodSeconds'
  | 'schedulingStrategy'
  | 'deploymentController'
  | 'enableECSManagedTags'
  | 'propagateTags'
  | 'enableExecuteCommand'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'availabilityZoneRebalancing'
  | 'role'
> & {
  /** An ARN; undefined for a service whose task sets are made by others. */
  taskDefinition?: string;
  deploymentConfiguration: DeploymentConfiguration;
};

/** One of the `deployments` of DescribeServices. */
export interface Rollout {
  /** `ecs-svc/1234567890123456789` */
  id: string;
  status: 'PRIMARY' | 'ACTIVE';
  revisionArn: string;
  createdAt: number;
  updatedAt: number;
  failedTasks: number;
  rolloutState: DeploymentRolloutState;
  rolloutStateReason: string;
  /** How many tasks it is to have, for a strategy that shifts traffic; a rolling update decides as it goes. */
  wanted?: number;
}

const MAX_EVENTS = 100;

/** Adds an event, of which the latest 100 are kept. */
export function addEvent(service: EcsService, event: { id: string; createdAt: number; message: string }): void {
  service.events = [event, ...service.events].slice(0, MAX_EVENTS);
}

export function primaryOf({ rollouts }: EcsService): Rollout | undefined {
  return rollouts.find(({ status }) => status === 'PRIMARY');
}

/** A service of an ACTIVE cluster, by its name or ARN, in any status; undefined when there is none. */
export function findService(
  region: EcsRegion,
  cluster: string | undefined,
  service: string,
): { found: EcsService | undefined; cluster: StoredCluster } {
  const inCluster = activeCluster(region, cluster);
  checkRegion(service, inCluster);
  const ownCluster = /^arn:.*:service\/([^/]+)\/[^/]+$/.exec(service)?.[1];
  if (ownCluster !== undefined && ownCluster !== inCluster.clusterName) {
    // In the words of AWS (docker-archive/compose-cli issue 2086).
    throw invalidParameter(
      `Invalid identifier: Identifier is for cluster ${ownCluster}. Your cluster is ${inCluster.clusterName}`,
    );
  }
  const found = [...region.services.values()].find(
    ({ serviceArn, serviceName, clusterArn }) =>
      clusterArn === inCluster.clusterArn &&
      (serviceArn === service || serviceName === service || isShortArnOf(serviceArn, service)),
  );
  return { found, cluster: inCluster };
}

/** Without the cluster, as services had them before 2021. */
function isShortArnOf(serviceArn: string, arn: string): boolean {
  return serviceArn.replace(/:service\/[^/]+\//, ':service/') === arn;
}

/** Throws AwsError ServiceNotFoundException. */
export function existingService(
  region: EcsRegion,
  cluster: string | undefined,
  service: string | undefined,
): EcsService {
  const { found } = findService(region, cluster, service ?? '');
  if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return found;
}

/** Throws AwsError ServiceNotFoundException or ServiceNotActiveException. */
export function activeService(region: EcsRegion, cluster: string | undefined, service: string | undefined): EcsService {
  const found = existingService(region, cluster, service);
  if (found.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return found;
}
