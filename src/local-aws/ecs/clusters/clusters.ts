import type {
  Cluster,
  ClusterField,
  CreateClusterRequest,
  CreateClusterResponse,
  DeleteClusterRequest,
  DeleteClusterResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersRequest,
  ListClustersResponse,
  PutClusterCapacityProvidersRequest,
  PutClusterCapacityProvidersResponse,
  UpdateClusterRequest,
  UpdateClusterResponse,
} from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { JsonCall } from '../../json-protocol.ts';
import { pageOf } from '../paging.ts';
import { clientException, type EcsRegion, type EcsState, invalidParameter } from '../state.ts';
import { tagList, withTags } from '../tags.ts';
import { isPending, isRunning, isStopped } from '../tasks/task.ts';
import { checkCapacityProviders } from './capacity-providers.ts';
import { activeCluster, clusterArnOf, knownCluster, type StoredCluster } from './cluster.ts';

const ALL_FIELDS: readonly ClusterField[] = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'];
const MAX_DESCRIBED = 100;

export function clusterHandlers(state: EcsState) {
  return {
    /** Creating one that is there gives it back as it is. */
    CreateCluster(input: CreateClusterRequest, call: JsonCall): CreateClusterResponse {
      const name = input.clusterName ?? 'default';
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
        throw invalidParameter('Identifiers must contain only letters, numbers, hyphens, and underscores.');
      }
      const region = state.region(call.region);
      const known = region.clusters.get(name);
      if (known?.status === 'ACTIVE') return { cluster: described(region, known, ALL_FIELDS) };
      checkCapacityProviders(region, input.capacityProviders ?? []);
      const cluster: StoredCluster = {
        clusterArn: clusterArnOf(state, call.region, name),
        clusterName: name,
        status: 'ACTIVE',
        settings: input.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
        capacityProviders: input.capacityProviders ?? [],
        defaultCapacityProviderStrategy: input.defaultCapacityProviderStrategy ?? [],
        ...(input.configuration && { configuration: input.configuration }),
        ...(input.serviceConnectDefaults?.namespace !== undefined && {
          serviceConnectDefaults: { namespace: input.serviceConnectDefaults.namespace },
        }),
        tags: withTags({}, input.tags),
      };
      region.clusters.set(name, cluster);
      return { cluster: described(region, cluster, ALL_FIELDS) };
    },

    DescribeClusters(input: DescribeClustersRequest, call: JsonCall): DescribeClustersResponse {
      const wanted = input.clusters === undefined || input.clusters.length === 0 ? ['default'] : input.clusters;
      if (wanted.length > MAX_DESCRIBED) throw invalidParameter('Clusters cannot have more than 100 elements.');
      const region = state.region(call.region);
      const found = wanted.map((nameOrArn) => knownCluster(region, nameOrArn));
      return {
        clusters: found.flatMap((cluster) => (cluster ? [described(region, cluster, input.include ?? [])] : [])),
        failures: wanted.flatMap((nameOrArn, index) =>
          found[index]
            ? []
            : [
                {
                  arn: nameOrArn.startsWith('arn:') ? nameOrArn : clusterArnOf(state, call.region, nameOrArn),
                  reason: 'MISSING',
                },
              ],
        ),
      };
    },

    ListClusters(input: ListClustersRequest, call: JsonCall): ListClustersResponse {
      const active = [...state.region(call.region).clusters.values()].filter(({ status }) => status === 'ACTIVE');
      const { items, nextToken } = pageOf(active, (cluster) => cluster.clusterArn, input, { usual: 100 });
      return { clusterArns: items.map(({ clusterArn }) => clusterArn), nextToken };
    },

    UpdateCluster(input: UpdateClusterRequest, call: JsonCall): UpdateClusterResponse {
      const region = state.region(call.region);
      const cluster = activeCluster(region, input.cluster);
      if (input.settings) cluster.settings = input.settings;
      if (input.configuration) cluster.configuration = input.configuration;
      return { cluster: described(region, cluster, ALL_FIELDS) };
    },

    PutClusterCapacityProviders(
      input: PutClusterCapacityProvidersRequest,
      call: JsonCall,
    ): PutClusterCapacityProvidersResponse {
      const region = state.region(call.region);
      const cluster = activeCluster(region, input.cluster);
      checkCapacityProviders(region, input.capacityProviders ?? []);
      cluster.capacityProviders = input.capacityProviders ?? [];
      cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy ?? [];
      return { cluster: described(region, cluster, ALL_FIELDS) };
    },

    DeleteCluster(input: DeleteClusterRequest, call: JsonCall): DeleteClusterResponse {
      const region = state.region(call.region);
      if (input.cluster === undefined) throw clientException('Cluster can not be blank.');
      const cluster = activeCluster(region, input.cluster);
      const { activeServicesCount = 0 } = countsOf(region, cluster);
      if (activeServicesCount > 0) {
        throw new AwsError(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
      }
      if ([...region.tasks.values()].some((task) => task.clusterArn === cluster.clusterArn && !isStopped(task))) {
        throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
      }
      cluster.status = 'INACTIVE';
      return { cluster: described(region, cluster, ALL_FIELDS) };
    },
  };
}

/** Settings, configuration, statistics and tags only come when they are asked for (API reference, DescribeClusters). */
function described(region: EcsRegion, stored: StoredCluster, include: readonly ClusterField[]): Cluster {
  const { tags, settings, configuration, ...cluster } = stored;
  return {
    ...cluster,
    ...countsOf(region, stored),
    registeredContainerInstancesCount: 0,
    statistics: [],
    tags: include.includes('TAGS') ? tagList(tags) : [],
    settings: include.includes('SETTINGS') ? settings : [],
    ...(include.includes('CONFIGURATIONS') && configuration && { configuration }),
  };
}

function countsOf(region: EcsRegion, { clusterArn }: StoredCluster): Partial<Cluster> {
  const tasks = [...region.tasks.values()].filter((task) => task.clusterArn === clusterArn);
  const services = [...region.services.values()].filter((service) => service.clusterArn === clusterArn);
  return {
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: services.filter(({ status }) => status !== 'INACTIVE').length,
  };
}
