import type { ServiceDeploymentRecord } from './deployment-record.ts';
import type { ServiceView } from './service-view.ts';

/** A rolling update is where it is to come to; with early success criteria that is earlier. */
export function hasArrived(view: ServiceView, record: ServiceDeploymentRecord): boolean {
  const {
    enable,
    healthyPercent = 100,
    sourceServiceRevisionCleanup,
  } = record.configuration.earlySuccessCriteria ?? { enable: false };
  const primary = view.primary();
  if (!enable || primary === undefined || record.status !== 'IN_PROGRESS') return view.isSettled();
  const isHealthy = view.counts(primary).ready >= Math.ceil((view.service.desiredCount * healthyPercent) / 100);
  return (
    isHealthy && (sourceServiceRevisionCleanup === 'DEFERRED' || view.tasks().length === view.tasksOf(primary).length)
  );
}
