import { causeOfReason } from './cause.ts';
import type { DeploymentSnapshot, ServiceSnapshot } from './observation.ts';
import { primaryDeployment, type OurDeployment } from './started-deployment.ts';
import type { Cause, Verdict } from './verdict.ts';

/** What is remembered from one look at `deployments[]` to the next: entries vanish soon after their end. */
export interface DeploymentsMemory {
  /** AWS said that ours failed. */
  failure: Cause | undefined;
  /** The deployment by which AWS rolls ours back. */
  rollbackId: string | undefined;
  /** In how many looks ours was stopped on request, and nothing came in its place. */
  stoppedLooks: number;
}

export const NO_MEMORY: DeploymentsMemory = { failure: undefined, rollbackId: undefined, stoppedLooks: 0 };

/** Whether it was stopped to be rolled back shows only when that begins: so many looks it has for it. */
const LOOKS_FOR_ROLLBACK = 3;

export interface DeploymentsJudgement {
  verdict: Verdict;
  memory: DeploymentsMemory;
}

/**
 * The verdict on a deployment from `deployments[]` of its service, for services and emulators without service
 * deployments. Only what is said of our id makes it SUCCEEDED: another deployment of the same task definition that
 * completed, or counts that are as desired, do not.
 */
export function judgeDeployments(
  service: ServiceSnapshot,
  ours: OurDeployment,
  before: DeploymentsMemory,
): DeploymentsJudgement {
  const own = service.deployments.find(({ id }) => id === ours.id);
  const later = laterPrimary(service, ours);
  const failure = before.failure ?? failureOf(service, ours, own);
  const isRollback = later && (saysRollback(later) || (failure && later.taskDefinition === ours.before));
  const memory: DeploymentsMemory = {
    failure,
    rollbackId: before.rollbackId ?? (isRollback ? later.id : undefined),
    stoppedLooks: before.stoppedLooks + (failure?.kind === 'stop-request' && !later ? 1 : 0),
  };
  const evidence = evidenceOf(service, ours, own, later);
  const judged = (state: Verdict['state'], cause?: Cause): DeploymentsJudgement => ({
    verdict: { state, stage: undefined, cause, evidence, hook: undefined },
    memory,
  });

  if (later) {
    if (later.id === memory.rollbackId) return rolledBackBy(later, memory.failure ?? rollbackCause(later), judged);
    if (memory.failure) return judged(memory.rollbackId ? 'ROLLED_BACK' : 'FAILED', memory.failure);
    return judged('SUPERSEDED', { kind: 'newer-deployment', text: `a newer deployment was started: ${later.id}` });
  }
  if (memory.failure?.kind === 'stop-request') {
    return judged(memory.stoppedLooks < LOOKS_FOR_ROLLBACK ? 'STOPPING' : 'STOPPED', memory.failure);
  }
  if (memory.failure) {
    return judged(service.rollsBack && ours.before !== undefined ? 'ROLLING_BACK' : 'FAILED', memory.failure);
  }
  return judged(own?.status === 'PRIMARY' && isCompleted(service, own) ? 'SUCCEEDED' : 'GOING');
}

/** The deployment that took the place of ours, whoever started it; an older one in its place is an old answer. */
function laterPrimary(service: ServiceSnapshot, ours: OurDeployment): DeploymentSnapshot | undefined {
  const primary = primaryDeployment(service);
  if (!primary || primary.id === ours.id) return undefined;
  const isOlder = primary.createdAt !== undefined && ours.createdAt !== undefined && primary.createdAt < ours.createdAt;
  return isOlder ? undefined : primary;
}

/**
 * `ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/…`: AWS says it until the rollback is complete. To go
 * back without a failure is what somebody has decided.
 */
export function saysRollback({ rolloutStateReason }: DeploymentSnapshot): boolean {
  return /rolling back/i.test(rolloutStateReason ?? '');
}

/** The event that AWS writes for a deployment: `(service web) (deployment ecs-svc/…) deployment completed.` */
function eventOf({ events }: ServiceSnapshot, { id }: OurDeployment, text: string): string | undefined {
  return events.map(({ message }) => message).find((message) => message.includes(`(deployment ${id}) ${text}`));
}

function failureOf(
  service: ServiceSnapshot,
  ours: OurDeployment,
  own: DeploymentSnapshot | undefined,
): Cause | undefined {
  if (own?.rolloutState === 'FAILED') return causeOfReason(own.rolloutStateReason ?? 'the rollout failed');
  const event = eventOf(service, ours, 'deployment failed');
  return event === undefined ? undefined : causeOfReason(event);
}

function rollbackCause({ rolloutStateReason }: DeploymentSnapshot): Cause {
  return causeOfReason(rolloutStateReason ?? 'the deployment was rolled back');
}

function rolledBackBy(
  rollback: DeploymentSnapshot,
  cause: Cause,
  judged: (state: Verdict['state'], cause: Cause) => DeploymentsJudgement,
): DeploymentsJudgement {
  if (rollback.rolloutState === 'COMPLETED') return judged('ROLLED_BACK', cause);
  if (rollback.rolloutState !== 'FAILED') return judged('ROLLING_BACK', cause);
  return judged('FAILED', { ...cause, text: `${cause.text}; and the rollback failed, too` });
}

/** For blue/green, and behind a Classic Load Balancer, AWS tells no rollout state, but writes an event with the id. */
function isCompleted(service: ServiceSnapshot, own: DeploymentSnapshot): boolean {
  if (own.rolloutState !== undefined) return own.rolloutState === 'COMPLETED';
  return (
    service.events.some(({ message }) => message.includes(`(deployment ${own.id}) deployment completed`)) ||
    isForgotten(service, own)
  );
}

/** AWS keeps service deployments so long. */
const KEPT_MS = 90 * 24 * 60 * 60_000;

/**
 * Is a deployment so old that AWS tells its end nowhere any more? One that is still to end is not alone, or not complete. How
 * late it is tell the events, by AWS's clock: a steady state is told every six hours.
 */
function isForgotten({ deployments, events }: ServiceSnapshot, own: DeploymentSnapshot): boolean {
  const { createdAt = Number.POSITIVE_INFINITY, runningCount, desiredCount, pendingCount } = own;
  const isOld = events.some((event) => event.createdAt - createdAt > KEPT_MS);
  return isOld && deployments.length === 1 && runningCount >= desiredCount && pendingCount === 0;
}

function evidenceOf(
  service: ServiceSnapshot,
  ours: OurDeployment,
  own: DeploymentSnapshot | undefined,
  later: DeploymentSnapshot | undefined,
): string[] {
  const event = eventOf(service, ours, 'deployment failed');
  return [
    own ? deploymentText(own) : `Deployment ${ours.id} is not listed (any more)`,
    ...(later ? [deploymentText(later)] : []),
    ...(event === undefined ? [] : [event]),
  ];
}

function deploymentText(deployment: DeploymentSnapshot): string {
  const { id, status, rolloutState, rolloutStateReason, failedTasks } = deployment;
  const parts = [
    `Deployment ${id} is ${status}`,
    rolloutState,
    rolloutStateReason,
    failedTasks > 0 ? `${failedTasks} failed tasks` : undefined,
  ];
  return parts.filter((part) => part).join(', ');
}
