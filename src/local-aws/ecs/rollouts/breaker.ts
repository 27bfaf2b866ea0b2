import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';

const DEFAULT_PERCENT = 50;
const MIN_THRESHOLD = 3;
const MAX_THRESHOLD = 200;

/** How many tasks may fail before a deployment does (API reference, ThresholdConfiguration and ServiceDeploymentCircuitBreaker). */
export function breakerThreshold(breaker: DeploymentCircuitBreaker | undefined, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = DEFAULT_PERCENT } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const ofDesired = Math.ceil((desiredCount * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? ofDesired : Math.min(MAX_THRESHOLD, Math.max(MIN_THRESHOLD, ofDesired));
}

/** A task that gets healthy takes the count back to 0, unless that is switched off. */
export function countsFromZero(breaker: DeploymentCircuitBreaker | undefined): boolean {
  return breaker?.resetOnHealthyTask ?? true;
}
