import type { CapacityProviderStrategyItem, LaunchType, NetworkConfiguration } from '@aws-sdk/client-ecs';

import type { StoredCluster } from '../clusters/cluster.ts';
import { invalidParameter } from '../state.ts';
import type { StoredDefinition } from '../task-definitions/definition.ts';

/** What a task or service runs on: a launch type or a capacity provider. */
export interface Placement {
  launchType?: LaunchType;
  capacityProviderStrategy?: CapacityProviderStrategyItem[];
  capacityProviderName?: string;
  isFargate: boolean;
}

interface PlacementRequest {
  launchType?: LaunchType | undefined;
  capacityProviderStrategy?: CapacityProviderStrategyItem[] | undefined;
}

/** A request that says neither means the cluster's default strategy, or else EC2. Throws AwsError InvalidParameterException. */
export function placementOf(
  { launchType, capacityProviderStrategy }: PlacementRequest,
  cluster: StoredCluster,
): Placement {
  const given = capacityProviderStrategy ?? [];
  if (launchType !== undefined && given.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  if (launchType !== undefined) return { launchType, isFargate: launchType === 'FARGATE' };
  const strategy = given.length > 0 ? given : (cluster.defaultCapacityProviderStrategy ?? []);
  if (strategy.length === 0) return { launchType: 'EC2', isFargate: false };
  // The heaviest one gets every task here.
  const [heaviest] = strategy.toSorted((a, b) => (b.weight ?? 0) + (b.base ?? 0) - (a.weight ?? 0) - (a.base ?? 0));
  const capacityProviderName = heaviest!.capacityProvider!;
  const isFargate = capacityProviderName.startsWith('FARGATE');
  return {
    ...(isFargate && { launchType: 'FARGATE' as const }),
    capacityProviderStrategy: strategy,
    capacityProviderName,
    isFargate,
  };
}

/** Throws AwsError InvalidParameterException for a task that can't run there. */
export function checkPlacement(
  definition: StoredDefinition,
  { isFargate }: Placement,
  networkConfiguration: NetworkConfiguration | undefined,
): void {
  const { compatibilities = [], requiresCompatibilities = [], networkMode } = definition;
  const wanted = isFargate ? 'FARGATE' : 'EC2';
  if (!compatibilities.includes(wanted) || (isFargate && !requiresCompatibilities.includes('FARGATE'))) {
    throw invalidParameter(`Task definition does not support launch_type ${wanted}.`);
  }
  const hasNetwork = networkConfiguration?.awsvpcConfiguration !== undefined;
  if (networkMode === 'awsvpc' && !hasNetwork) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== 'awsvpc' && hasNetwork) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
}
