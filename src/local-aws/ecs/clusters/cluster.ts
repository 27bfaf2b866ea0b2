import type { Cluster } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { Tags } from '../tags.ts';
import { type EcsRegion, ecsArn, type EcsState, lastPart } from '../state.ts';

/** A cluster without what is counted. Deleted ones stay, INACTIVE. */
export type StoredCluster = Omit<Cluster, 'tags'> & { clusterArn: string; clusterName: string; tags: Tags };

const DEFAULT_CLUSTER = 'default';

/** The name in a name or an ARN; without either, ECS means the cluster `default`. */
export function clusterName(nameOrArn: string | undefined): string {
  return lastPart(nameOrArn ?? DEFAULT_CLUSTER);
}

/** The ACTIVE cluster that a request means. Throws AwsError ClusterNotFoundException. */
export function activeCluster(region: EcsRegion, nameOrArn: string | undefined): StoredCluster {
  const found = region.clusters.get(clusterName(nameOrArn));
  if (found?.status !== 'ACTIVE') throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

export function clusterArnOf({ world }: EcsState, region: string, name: string): string {
  return ecsArn(world, region, `cluster/${name}`);
}
