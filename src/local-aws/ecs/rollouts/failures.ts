import type { Rollout } from '../services/service-record.ts';
import { countsFromZero } from './breaker.ts';
import { restartDelayMs } from './scheduler.ts';
import type { ServiceView } from './service-view.ts';

/** From how many failures in a row on ECS says that something is wrong. */
const IMPAIRED_AFTER = 3;

/**
 * A task could not be placed or started, or failed its health checks (API reference, Deployment: failedTasks). Only
 * those of a deployment that is not yet complete are counted, but all make ECS wait before the next try.
 */
export function countFailure(view: ServiceView, rollout: Rollout | undefined): void {
  const { service, now } = view;
  service.failuresInARow += 1;
  service.launchAfter = now + restartDelayMs(service.failuresInARow);
  service.isSteady = false;
  if (service.failuresInARow === IMPAIRED_AFTER) {
    view.event(
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    );
  }
  const record = view.current();
  if (rollout?.status !== 'PRIMARY' || rollout.rolloutState !== 'IN_PROGRESS') return;
  rollout.failedTasks += 1;
  rollout.updatedAt = now;
  if (record?.status === 'IN_PROGRESS' && record.breaker.status === 'MONITORING') record.breaker.failureCount += 1;
  if (record?.status === 'ROLLBACK_IN_PROGRESS') record.rollbackFailures += 1;
}

/** A task has become healthy, which takes the counts back to 0 unless that is switched off. */
export function countHealthy(view: ServiceView, rollout: Rollout | undefined): void {
  const { service } = view;
  service.failuresInARow = 0;
  delete service.launchAfter;
  const record = view.current();
  const { deploymentCircuitBreaker } = record?.configuration ?? service.settings.deploymentConfiguration;
  if (rollout?.status !== 'PRIMARY' || !countsFromZero(deploymentCircuitBreaker)) return;
  rollout.failedTasks = 0;
  if (record === undefined) return;
  if (record.breaker.status === 'MONITORING') record.breaker.failureCount = 0;
  record.rollbackFailures = 0;
}
