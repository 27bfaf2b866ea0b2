import type { Cluster } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { Tags } from '../tags.ts';
import { type EcsRegion, ecsArn, type EcsState, invalidParameter, lastPart } from '../state.ts';

/** A cluster without what is counted. Deleted ones stay, INACTIVE. */
export type StoredCluster = Omit<Cluster, 'tags'> & { clusterArn: string; clusterName: string; tags: Tags };

const DEFAULT_CLUSTER = 'default';

/** The name in a name or an ARN; without either, ECS means the cluster `default`. */
export function clusterName(nameOrArn: string | undefined): string {
  return lastPart(nameOrArn ?? DEFAULT_CLUSTER);
}

/** In any status; an ARN of another account is that of another cluster. Throws AwsError for one of another region. */
export function knownCluster(region: EcsRegion, nameOrArn: string | undefined): StoredCluster | undefined {
  const found = region.clusters.get(clusterName(nameOrArn));
  if (found === undefined || !nameOrArn?.startsWith('arn:')) return found;
  checkRegion(nameOrArn, found);
  return found.clusterArn === nameOrArn ? found : undefined;
}

/** As AWS says it (aws-samples/ecs-bg-external-controller issue 9). Throws AwsError InvalidParameterException. */
export function checkRegion(arn: string, { clusterArn }: StoredCluster): void {
  const regionOf = (of: string): string | undefined => of.split(':')[3];
  if (arn.startsWith('arn:') && regionOf(arn) !== regionOf(clusterArn)) {
    throw invalidParameter('Invalid Region in ARN');
  }
}

/** The ACTIVE cluster that a request means. Throws AwsError ClusterNotFoundException, and InvalidParameterException for another region. */
export function activeCluster(region: EcsRegion, nameOrArn: string | undefined): StoredCluster {
  const found = knownCluster(region, nameOrArn);
  if (found?.status !== 'ACTIVE') throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

export function clusterArnOf({ world }: EcsState, region: string, name: string): string {
  return ecsArn(world, region, `cluster/${name}`);
}
