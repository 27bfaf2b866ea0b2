import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';

/**
 * A stage of a deployment that shifts traffic. PRE_PRODUCTION_TRAFFIC_SHIFT is documented as one (API reference,
 * ServiceDeployment), though it is missing in the enumeration of the model.
 */
export type Stage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

export const STAGES: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** Stages that a hook may be for: all but those in which ECS only waits. */
export const HOOK_STAGES: readonly Stage[] = STAGES.filter(
  (stage) => stage !== 'SCALE_UP' && stage !== 'BAKE_TIME' && stage !== 'CLEAN_UP',
);
/** API reference, DeploymentLifecycleHook. */
export const PAUSE_STAGES: readonly Stage[] = HOOK_STAGES.filter(
  (stage) => stage !== 'TEST_TRAFFIC_SHIFT' && stage !== 'PRODUCTION_TRAFFIC_SHIFT',
);

/** Those that a rolling update has too, as it shifts no traffic. No page of AWS lists them. */
export const ROLLING_HOOK_STAGES: readonly Stage[] = ['RECONCILE_SERVICE', 'PRE_SCALE_UP', 'POST_SCALE_UP'];

export interface PlannedStage {
  stage: Stage;
  /** Percent of production traffic that the target has from its end on. */
  production?: number;
  /** Percent of test traffic. */
  test?: number;
  /** How long it is to last beyond that, by the configuration. */
  bakeMs?: number;
}

const MINUTE_MS = 60_000;
const DEFAULT_STEP_PERCENT = 10;
const DEFAULT_STEP_BAKE_MINUTES = 6;
const DEFAULT_CANARY_PERCENT = 5;
const DEFAULT_CANARY_BAKE_MINUTES = 10;

/**
 * The stages that a deployment goes through, in order (developer guide, Amazon ECS blue/green service deployments
 * workflow). RECONCILE_SERVICE is there only when it finds more than one revision at work. A rolling update reports stages
 * only when it has hooks.
 */
export function planStages(configuration: DeploymentConfiguration, activeRevisions: number): PlannedStage[] {
  const { strategy = 'ROLLING', lifecycleHooks = [] } = configuration;
  const isRolling = strategy === 'ROLLING';
  if (isRolling && lifecycleHooks.length === 0) return [];
  const start: PlannedStage[] = [
    ...(activeRevisions > 1 ? [{ stage: 'RECONCILE_SERVICE' as const }] : []),
    { stage: 'PRE_SCALE_UP' },
    { stage: 'SCALE_UP' },
    { stage: 'POST_SCALE_UP' },
  ];
  const bake: PlannedStage = { stage: 'BAKE_TIME', bakeMs: (configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS };
  if (isRolling) return [...start, bake];
  return [
    ...start,
    { stage: 'TEST_TRAFFIC_SHIFT', test: 100 },
    { stage: 'POST_TEST_TRAFFIC_SHIFT' },
    ...trafficSteps(configuration).flatMap((step): PlannedStage[] => [
      { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' },
      { stage: 'PRODUCTION_TRAFFIC_SHIFT', ...step },
    ]),
    { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' },
    bake,
    { stage: 'CLEAN_UP' },
  ];
}

/** The stages of the way back, as far as the deployment had come. */
export function planRollback(traffic: { test: number; production: number }): PlannedStage[] {
  return [
    ...(traffic.production > 0 ? [{ stage: 'PRODUCTION_TRAFFIC_SHIFT' as const, production: 0 }] : []),
    ...(traffic.test > 0 ? [{ stage: 'TEST_TRAFFIC_SHIFT' as const, test: 0 }] : []),
    { stage: 'CLEAN_UP' },
  ];
}

/** Percent by step. The bake time of a step is not applied after 100 percent (API reference, LinearConfiguration). */
export function trafficSteps(configuration: DeploymentConfiguration): { production: number; bakeMs?: number }[] {
  const { strategy, linearConfiguration = {}, canaryConfiguration = {} } = configuration;
  if (strategy === 'CANARY') {
    const { canaryPercent = DEFAULT_CANARY_PERCENT, canaryBakeTimeInMinutes = DEFAULT_CANARY_BAKE_MINUTES } =
      canaryConfiguration;
    if (canaryPercent >= 100) return [{ production: 100 }];
    return [{ production: canaryPercent, bakeMs: canaryBakeTimeInMinutes * MINUTE_MS }, { production: 100 }];
  }
  if (strategy !== 'LINEAR') return [{ production: 100 }];
  const { stepPercent = DEFAULT_STEP_PERCENT, stepBakeTimeInMinutes = DEFAULT_STEP_BAKE_MINUTES } = linearConfiguration;
  // In tenths of a percent, which are whole numbers.
  const tenths = Math.round(stepPercent * 10);
  return Array.from({ length: Math.ceil(1000 / tenths) }, (_none, index) => {
    const production = Math.min(1000, (index + 1) * tenths) / 10;
    return production === 100 ? { production } : { production, bakeMs: stepBakeTimeInMinutes * MINUTE_MS };
  });
}
