import { primaryOf, type Rollout } from '../services/service-record.ts';
import { makeRollout, promote } from './begin-deployment.ts';
import { isRolling, type ServiceDeploymentRecord } from './deployment-record.ts';
import { isUnderWay } from './hooks.ts';
import type { ServiceView } from './service-view.ts';
import { planRollback } from './stages.ts';

/** Why a deployment does not go on. */
export interface Failure {
  /** Of the deployment in DescribeServices. */
  rolloutReason: string;
  /** What the event says after `deployment failed: `. */
  event: string;
  /** What follows `Service deployment rolled back because` or `… stopped because`. */
  because: string;
  rollback: boolean;
}

export const BREAKER_FAILURE = {
  rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.',
  event: 'tasks failed to start.',
  because: 'the circuit breaker threshold was exceeded.',
};
export const ALARM_FAILURE = {
  rolloutReason: 'ECS deployment failed: alarm detected.',
  event: 'alarm detected.',
  because: 'alarm(s) were triggered.',
};
const NO_CANDIDATE = 'No rollback candidate was found to run the rollback.';

/** It has what was asked for. */
export function succeed(view: ServiceView, record: ServiceDeploymentRecord): void {
  const { now, service } = view;
  end(view, record, record.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL');
  if (record.breaker.status === 'MONITORING') record.breaker.status = 'MONITORING_COMPLETE';
  if (record.alarms.status === 'MONITORING') record.alarms.status = 'MONITORING_COMPLETE';
  const primary = primaryOf(service)!;
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = now;
  service.lastCompleted = { revisionArn: primary.revisionArn, rolloutId: primary.id };
  view.event(`(deployment ${primary.id}) deployment completed.`);
}

/** ECS finds that it has failed. */
export function fail(view: ServiceView, record: ServiceDeploymentRecord, failure: Failure): void {
  const { now, service } = view;
  const rollout = service.rollouts.find(({ id }) => id === record.rolloutId);
  if (rollout !== undefined) failRollout(rollout, failure.rolloutReason, now);
  view.event(`(deployment ${record.rolloutId}) deployment failed: ${failure.event}`);
  if (failure.rollback) return rollBack(view, record, `Service deployment rolled back because ${failure.because}`);
  record.status = 'STOP_REQUESTED';
  record.statusReason = `Service deployment stopped because ${failure.because}`;
  record.updatedAt = now;
}

/** Goes back to the last deployment that came to its end well; a first one has none (ROLLBACK_FAILED). */
export function rollBack(view: ServiceView, record: ServiceDeploymentRecord, reason: string): void {
  const { now, service, region } = view;
  const candidate = service.lastCompleted;
  record.updatedAt = now;
  record.rollback = { reason, startedAt: now, ...candidate };
  // What made it fail stays to be seen; nobody waits for the others any more.
  record.hooks = record.hooks.filter((hook) => !isUnderWay(hook));
  for (const hook of record.hooks) delete hook.failure;
  const failed = service.rollouts.find(({ id }) => id === record.rolloutId);
  if (failed?.rolloutState === 'IN_PROGRESS') failRollout(failed, reason, now);
  const revision = candidate && region.serviceRevisions.get(candidate.revisionArn);
  if (revision === undefined) {
    end(view, record, 'ROLLBACK_FAILED', NO_CANDIDATE);
    return;
  }
  record.status = 'ROLLBACK_IN_PROGRESS';
  record.statusReason = reason;
  delete record.bakesSince;
  service.settings = { ...service.settings, ...structuredClone(revision.settings) };
  service.failuresInARow = 0;
  delete service.launchAfter;
  view.event(`rolling back to deployment ${candidate!.rolloutId}.`);
  const isBreaker = failed?.rolloutStateReason === BREAKER_FAILURE.rolloutReason;
  const stateReason = `${isBreaker ? 'ECS deployment circuit breaker: rolling' : 'ECS deployment rolling'} back to deploymentId ${candidate!.rolloutId}.`;
  if (isRolling(record)) {
    const back = makeRollout(view, revision.serviceRevisionArn);
    back.rolloutStateReason = stateReason;
    promote(service, back);
    return;
  }
  // The revision before is still there, and has only to get its traffic back.
  const before =
    service.rollouts.find(({ id, wanted = 0 }) => id === candidate!.rolloutId && wanted > 0) ??
    makeRollout(view, revision.serviceRevisionArn);
  before.rolloutState = 'IN_PROGRESS';
  before.rolloutStateReason = stateReason;
  before.updatedAt = now;
  before.wanted = service.desiredCount;
  promote(service, before);
  record.stages = planRollback(record.traffic);
  record.stage = -1;
  record.stageSince = now;
}

export function failRollback(view: ServiceView, record: ServiceDeploymentRecord, why: string): void {
  const primary = primaryOf(view.service);
  if (primary !== undefined) failRollout(primary, why, view.now);
  end(view, record, 'ROLLBACK_FAILED', why);
}

/** What STOP_REQUESTED comes to. */
export function stopped(view: ServiceView, record: ServiceDeploymentRecord): void {
  end(view, record, 'STOPPED');
  record.stoppedAt = view.now;
}

/** A rollout that has failed starts no tasks any more. */
export function failRollout(rollout: Rollout, reason: string, now: number): void {
  rollout.rolloutState = 'FAILED';
  rollout.rolloutStateReason = reason;
  rollout.updatedAt = now;
}

function end(
  { now }: ServiceView,
  record: ServiceDeploymentRecord,
  status: ServiceDeploymentRecord['status'],
  reason?: string,
): void {
  record.status = status;
  if (reason !== undefined) record.statusReason = reason;
  record.finishedAt = now;
  record.updatedAt = now;
}
