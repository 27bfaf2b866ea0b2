import type { DeploymentConfiguration, DeploymentLifecycleHookStage } from '@aws-sdk/client-ecs';

export type Strategy = 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';

export const STRATEGIES: readonly Strategy[] = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];

/** How a service is deployed that has the strategy, before an end adds what it needs. */
export const CONFIGURATIONS: Readonly<Record<Strategy, DeploymentConfiguration>> = {
  ROLLING: { strategy: 'ROLLING' },
  BLUE_GREEN: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 },
  LINEAR: {
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
    bakeTimeInMinutes: 2,
  },
  CANARY: {
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
    bakeTimeInMinutes: 2,
  },
};

/** Where a hook of a deployment is: a rolling update has no stages that shift traffic. */
export function hookStage(strategy: Strategy): DeploymentLifecycleHookStage {
  return strategy === 'ROLLING' ? 'PRE_SCALE_UP' : 'POST_TEST_TRAFFIC_SHIFT';
}
