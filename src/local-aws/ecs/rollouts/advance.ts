import { hasArrived } from './arrival.ts';
import { breakerThreshold } from './breaker.ts';
import { isRolling, type ServiceDeploymentRecord } from './deployment-record.ts';
import { ALARM_FAILURE, BREAKER_FAILURE, fail, failRollback, rollBack, stopped, succeed } from './endings.ts';
import type { ServiceView } from './service-view.ts';
import { advanceStage } from './traffic-shifting.ts';

/** What the scenario has others do to a service. */
export type ByOthers = { what: 'supersede'; taskDefinition?: string } | { what: 'delete' };

const MINUTE_MS = 60_000;

/**
 * Leads a deployment one step on, if there is one now. Gives what others do at this moment, or whether anything has
 * changed.
 */
export function advance(view: ServiceView, record: ServiceDeploymentRecord): boolean | ByOthers {
  const { now } = view;
  const { durations } = record.play;
  switch (record.status) {
    case 'STOP_REQUESTED':
      if (now < record.updatedAt + durations['STOP_REQUESTED']!) return false;
      stopped(view, record);
      return true;
    case 'PENDING':
      if (now < record.createdAt + durations['PENDING']!) return false;
      record.status = 'IN_PROGRESS';
      record.startedAt = now;
      record.updatedAt = now;
      return true;
    case 'ROLLBACK_REQUESTED':
      if (now < record.updatedAt + durations['ROLLBACK_REQUESTED']!) return false;
      rollBack(view, record, 'Service deployment rolled back because it was requested by the user.');
      return true;
    case 'IN_PROGRESS':
      return playedByOthers(view, record) ?? (failsNow(view, record) || proceeds(view, record));
    case 'ROLLBACK_IN_PROGRESS':
      return rollbackFailsNow(view, record) || (record.play.rollback !== 'stuck' && proceeds(view, record));
    default:
      return false;
  }
}

/** Times at which something may happen to the deployment by itself. */
export function deploymentTimes(record: ServiceDeploymentRecord): number[] {
  const { play, startedAt, configuration, rollback, bakesSince } = record;
  const { durations, alarm, fails, superseded, deleted } = play;
  const since = (from: number | undefined, ms: number): number[] => (from === undefined ? [] : [from + ms]);
  return [
    record.createdAt + durations['PENDING']!,
    record.updatedAt + durations['STOP_REQUESTED']!,
    record.updatedAt + durations['ROLLBACK_REQUESTED']!,
    ...[alarm, fails, superseded, deleted].flatMap((played) => (played ? since(startedAt, played.afterMs) : [])),
    ...since(bakesSince, (configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS),
    ...since(rollback?.startedAt, durations['ROLLBACK']!),
  ];
}

function playedByOthers(view: ServiceView, record: ServiceDeploymentRecord): ByOthers | undefined {
  const { superseded, deleted } = record.play;
  const isDue = (name: string, afterMs: number): boolean => {
    if (record.played.includes(name) || view.now < record.startedAt! + afterMs) return false;
    record.played.push(name);
    return true;
  };
  if (superseded !== undefined && isDue('superseded', superseded.afterMs)) {
    const { taskDefinition } = superseded;
    return { what: 'supersede', ...(taskDefinition !== undefined && { taskDefinition }) };
  }
  return deleted !== undefined && isDue('deleted', deleted.afterMs) ? { what: 'delete' } : undefined;
}

function failsNow(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  const { breaker, alarms, play, configuration, startedAt = 0 } = record;
  const { deploymentCircuitBreaker, alarms: alarmConfiguration } = configuration;
  const threshold = breakerThreshold(deploymentCircuitBreaker, view.service.desiredCount);
  if (breaker.status === 'MONITORING' && breaker.failureCount >= threshold) {
    breaker.status = 'TRIGGERED';
    fail(view, record, { ...BREAKER_FAILURE, rollback: deploymentCircuitBreaker?.rollback ?? false });
    return true;
  }
  if (alarms.status === 'MONITORING' && play.alarm !== undefined && view.now >= startedAt + play.alarm.afterMs) {
    alarms.status = 'TRIGGERED';
    alarms.triggered = [play.alarm.name ?? alarms.names[0] ?? 'alarm'];
    fail(view, record, { ...ALARM_FAILURE, rollback: alarmConfiguration?.rollback ?? false });
    return true;
  }
  if (play.fails !== undefined && view.now >= startedAt + play.fails.afterMs) {
    const { reason, rollback } = play.fails;
    fail(view, record, { rolloutReason: reason, event: reason, because: reason, rollback });
    return true;
  }
  return false;
}

function rollbackFailsNow(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  const { play, rollback, configuration, rollbackFailures } = record;
  if (play.rollback === 'fails' && view.now >= rollback!.startedAt + play.durations['ROLLBACK']!) {
    failRollback(view, record, 'The rollback has failed.');
    return true;
  }
  // The breaker watches the way back as well.
  const threshold = breakerThreshold(configuration.deploymentCircuitBreaker, view.service.desiredCount);
  if (configuration.deploymentCircuitBreaker?.enable !== true || rollbackFailures < threshold) return false;
  failRollback(view, record, BREAKER_FAILURE.rolloutReason);
  return true;
}

/** A rolling update has stages only for its hooks, and none on the way back. */
function isHooked({ status, stages }: ServiceDeploymentRecord): boolean {
  return status === 'IN_PROGRESS' && stages.length > 0;
}

function proceeds(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  if (!isRolling(record) || isHooked(record)) return advanceStage(view, record);
  if (!hasArrived(view, record)) {
    // A task that failed while it baked takes it back.
    delete record.bakesSince;
    return false;
  }
  record.bakesSince ??= view.now;
  const bakeMs = record.status === 'IN_PROGRESS' ? (record.configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS : 0;
  if (view.now < record.bakesSince + bakeMs) return false;
  succeed(view, record);
  return true;
}
