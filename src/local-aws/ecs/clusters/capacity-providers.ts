import type {
  CapacityProvider,
  CreateCapacityProviderRequest,
  CreateCapacityProviderResponse,
  DeleteCapacityProviderRequest,
  DeleteCapacityProviderResponse,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
} from '@aws-sdk/client-ecs';

import type { JsonCall } from '../../json-protocol.ts';
import { pageOf } from '../paging.ts';
import { clientException, ecsArn, type EcsRegion, type EcsState, invalidParameter, lastPart } from '../state.ts';

const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

/** Capacity providers, as far as clusters and services name them: no instance stands behind them. */
export function capacityProviderHandlers(state: EcsState) {
  return {
    CreateCapacityProvider(input: CreateCapacityProviderRequest, call: JsonCall): CreateCapacityProviderResponse {
      const { name = '', autoScalingGroupProvider, managedInstancesProvider, cluster } = input;
      const { capacityProviders } = state.region(call.region);
      if (name === '' || /^(aws|ecs|fargate)/i.test(name)) {
        throw clientException('The specified capacity provider name is invalid.');
      }
      if (capacityProviders.has(name)) throw invalidParameter(`The capacity provider ${name} already exists.`);
      if (autoScalingGroupProvider === undefined && managedInstancesProvider === undefined) {
        throw clientException('A capacity provider needs an Auto Scaling group or managed instances.');
      }
      const provider: CapacityProvider = {
        capacityProviderArn: ecsArn(state.world, call.region, `capacity-provider/${name}`),
        name,
        status: 'ACTIVE',
        ...(cluster !== undefined && { cluster }),
        ...(autoScalingGroupProvider && { autoScalingGroupProvider }),
        type: managedInstancesProvider ? 'MANAGED_INSTANCES' : 'EC2_AUTOSCALING',
        tags: input.tags ?? [],
      };
      capacityProviders.set(name, provider);
      return { capacityProvider: provider };
    },

    DescribeCapacityProviders(
      input: DescribeCapacityProvidersRequest,
      call: JsonCall,
    ): DescribeCapacityProvidersResponse {
      const all = [...fargateProviders(state, call.region), ...state.region(call.region).capacityProviders.values()];
      const wanted = input.capacityProviders?.map(lastPart);
      const found = all.filter(({ name }) => wanted === undefined || wanted.includes(name!));
      const missing = (wanted ?? []).filter((name) => !all.some((provider) => provider.name === name));
      const { items, nextToken } = pageOf(found, ({ name }) => name!, input, { usual: 10 });
      const withTags = input.include?.includes('TAGS') ?? false;
      return {
        capacityProviders: items.map((provider) => ({ ...provider, tags: withTags ? (provider.tags ?? []) : [] })),
        failures: missing.map((name) => ({
          arn: ecsArn(state.world, call.region, `capacity-provider/${name}`),
          reason: 'MISSING',
        })),
        nextToken,
      };
    },

    DeleteCapacityProvider(input: DeleteCapacityProviderRequest, call: JsonCall): DeleteCapacityProviderResponse {
      const name = lastPart(input.capacityProvider ?? '');
      const { capacityProviders } = state.region(call.region);
      const provider = capacityProviders.get(name);
      if (provider === undefined) throw clientException('The specified capacity provider does not exist.');
      capacityProviders.delete(name);
      return { capacityProvider: { ...provider, status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE' } };
    },
  };
}

/** Throws AwsError InvalidParameterException for one that is not there. */
export function checkCapacityProviders(region: EcsRegion, names: readonly string[]): void {
  const unknown = names.map(lastPart).find((name) => !FARGATE.includes(name) && !region.capacityProviders.has(name));
  if (unknown !== undefined) {
    throw invalidParameter(`The specified capacity provider '${unknown}' was not found. Specify a valid name or ARN.`);
  }
}

function fargateProviders({ world }: EcsState, region: string): CapacityProvider[] {
  return FARGATE.map((name) => ({
    capacityProviderArn: ecsArn(world, region, `capacity-provider/${name}`),
    name,
    status: 'ACTIVE' as const,
    tags: [],
  }));
}
