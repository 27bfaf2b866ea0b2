import { ListClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { ServicePlace } from './services.ts';
import { errorName } from '../errors.ts';
import { allPages } from '../pages.ts';

/** Names that are listed when none is near. */
const MOST_NAMES = 10;

/** @param names of the services that the cluster has */
export function serviceNotFound({ cluster, service }: ServicePlace, names: readonly string[]): DeployError {
  return new DeployError({
    code: 'ecs.service_not_found',
    title: `there is no service ${service} in cluster ${cluster}`,
    hints: [...suggestion(service, names, 'The services of this cluster'), 'Nothing was changed.'],
    exitCode: EXIT.notFound,
  });
}

/** The error for a cluster that is not there (exit code 5); undefined for every other error. */
export async function clusterError(
  cluster: string,
  client: ECSClient,
  error: unknown,
): Promise<DeployError | undefined> {
  if (errorName(error) !== 'ClusterNotFoundException') return undefined;
  const arns = await allPages(async (nextToken) => {
    const page = await client.send(new ListClustersCommand({ maxResults: 100, nextToken }));
    return { items: page.clusterArns ?? [], nextToken: page.nextToken };
  }).catch(() => []);
  const names = arns.map((arn) => arn.split('/').at(-1) ?? arn);
  return new DeployError({
    code: 'ecs.cluster_not_found',
    title: `there is no cluster ${cluster}`,
    hints: [
      ...suggestion(cluster, names, 'The clusters of this region'),
      'Check the name, the region and the account.',
    ],
    exitCode: EXIT.notFound,
    cause: error,
  });
}

function suggestion(name: string, names: readonly string[], what: string): string[] {
  const nearest = nearestName(name.split('/').at(-1) ?? name, names);
  if (nearest !== undefined) return [`Did you mean ${nearest}?`];
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMES).toSorted();
  const more = names.length - shown.length;
  return [`${what}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}
