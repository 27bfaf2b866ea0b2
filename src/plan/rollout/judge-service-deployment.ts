import { causeOf, hookName, ownFailure } from './cause.ts';
import type { LifecycleHook, ListedServiceDeployment, ServiceDeployment } from './observation.ts';
import type { Cause, Verdict } from './verdict.ts';

/** What makes a verdict of a status. There is no status FAILED: what fails and is not rolled back is STOPPED. */
type Judgement = Pick<Verdict, 'state' | 'cause'>;

/**
 * The verdict on a service deployment from what AWS says about that very one.
 * @param newer the service deployments that were created after it, as far as somebody looked
 */
export function judgeServiceDeployment(
  deployment: ServiceDeployment,
  newer: readonly ListedServiceDeployment[],
): Verdict {
  const paused = pausedHook(deployment);
  const { state, cause } = judgementOf(deployment, newer, paused);
  return {
    state,
    stage: deployment.stage,
    cause,
    evidence: evidenceOf(deployment),
    hook: state === 'PAUSED' ? paused : undefined,
  };
}

/** Is it to be asked what came after a deployment, because its own words don't tell why it ended? */
export function needsNewer(deployment: ServiceDeployment): boolean {
  return deployment.status === 'STOPPED' && ownFailure(deployment) === undefined;
}

function judgementOf(
  deployment: ServiceDeployment,
  newer: readonly ListedServiceDeployment[],
  paused: LifecycleHook | undefined,
): Judgement {
  const why = (): Cause => causeOf(deployment, newer);
  switch (deployment.status) {
    case 'SUCCESSFUL':
      return { state: 'SUCCEEDED', cause: undefined };
    case 'STOPPED':
      return stopped(why());
    case 'STOP_REQUESTED':
      return { state: 'STOPPING', cause: why() };
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return { state: 'ROLLING_BACK', cause: why() };
    case 'ROLLBACK_SUCCESSFUL':
      return { state: 'ROLLED_BACK', cause: why() };
    case 'ROLLBACK_FAILED':
      return { state: 'FAILED', cause: { ...why(), text: `${why().text}; and the rollback failed, too` } };
    default:
      // PENDING, IN_PROGRESS, and what AWS may add: only words that are known end anything.
      if (paused) return { state: 'PAUSED', cause: undefined };
      return { state: deployment.stage === 'BAKE_TIME' ? 'BAKING' : 'GOING', cause: undefined };
  }
}

function stopped(cause: Cause): Judgement {
  if (cause.kind === 'newer-deployment') return { state: 'SUPERSEDED', cause };
  const failed = ['circuit-breaker', 'alarm', 'hook'].includes(cause.kind);
  return { state: failed ? 'FAILED' : 'STOPPED', cause };
}

function pausedHook({ hooks }: ServiceDeployment): LifecycleHook | undefined {
  return hooks.find(({ kind, status }) => kind === 'PAUSE' && status === 'AWAITING_ACTION');
}

function evidenceOf({
  arn,
  status,
  statusReason,
  stage,
  breaker,
  alarms,
  hooks,
  rollback,
}: ServiceDeployment): string[] {
  return [
    `${arn} is ${status}${stage ? ` (${stage})` : ''}`,
    ...(statusReason ? [`Reason: ${statusReason}`] : []),
    ...(rollback?.reason && rollback.reason !== statusReason ? [`Reason of the rollback: ${rollback.reason}`] : []),
    ...(breaker && breaker.failureCount > 0
      ? [`Circuit breaker: ${breaker.failureCount} failed tasks, threshold ${breaker.threshold} (${breaker.status})`]
      : []),
    ...(alarms && alarms.triggered.length > 0 ? [`Alarms: ${alarms.triggered.join(', ')}`] : []),
    ...hooks.filter((hook) => hook.status !== 'SUCCEEDED').map((hook) => `Hook: ${hookName(hook)} is ${hook.status}`),
  ];
}
