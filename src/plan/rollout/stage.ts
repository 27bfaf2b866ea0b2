/**
 * The stages of a deployment of the kinds BLUE_GREEN, LINEAR and CANARY, in the order in which they come
 * (ServiceDeployment in the API reference; the SDK lists them by the alphabet). Short ones are over between two looks, so
 * that they are compared by order. A rolling update has none.
 */
export const STAGES = [
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
] as const;

export type Stage = (typeof STAGES)[number];

/** Undefined for a stage that is newer than this code. */
export function knownStage(stage: string | undefined): Stage | undefined {
  return STAGES.find((known) => known === stage);
}

/** Is a deployment that is in one stage at or beyond another? */
export function isAtLeast(stage: Stage, wanted: Stage): boolean {
  return STAGES.indexOf(stage) >= STAGES.indexOf(wanted);
}

/** The later of two stages. */
export function laterStage(one: Stage | undefined, other: Stage | undefined): Stage | undefined {
  if (!one || !other) return one ?? other;
  return isAtLeast(one, other) ? one : other;
}
