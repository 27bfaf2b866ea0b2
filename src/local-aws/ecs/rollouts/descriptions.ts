import type {
  DeploymentLifecycleHookDetail,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentLifecycleStage,
  ServiceRevision,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';

import { revisionCounts } from '../services/description.ts';
import type { RevisionRecord } from '../services/revision.ts';
import type { EcsService } from '../services/service-record.ts';
import { dateOf, type EcsState } from '../state.ts';
import { platformVersion } from '../tasks/new-task.ts';
import { breakerThreshold } from './breaker.ts';
import { type HookRun, isRolling, type ServiceDeploymentRecord } from './deployment-record.ts';
import { ServiceView } from './service-view.ts';

export function describedDeployment(
  state: EcsState,
  record: ServiceDeploymentRecord,
  service: EcsService,
): ServiceDeployment {
  const view = new ServiceView(state, service);
  const { rollback, breaker, alarms, configuration } = record;
  const stage = record.stages[record.stage]?.stage;
  const { deploymentCircuitBreaker } = configuration;
  return {
    ...head(record),
    stoppedAt: dateOf(record.stoppedAt),
    updatedAt: dateOf(record.updatedAt),
    sourceServiceRevisions: record.sourceRevisions.map((arn) => summary(view, record, arn, false)),
    targetServiceRevision: summary(view, record, record.targetRevision, true),
    // PRE_PRODUCTION_TRAFFIC_SHIFT is documented, but missing in the enumeration.
    ...(stage !== undefined && { lifecycleStage: stage as ServiceDeploymentLifecycleStage }),
    lifecycleHookDetails: record.hooks.map(hookDetail),
    deploymentConfiguration: configuration,
    ...(rollback && {
      rollback: {
        reason: rollback.reason,
        startedAt: dateOf(rollback.startedAt),
        serviceRevisionArn: rollback.revisionArn,
      },
    }),
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failureCount,
      threshold: breakerThreshold(deploymentCircuitBreaker, service.desiredCount),
    },
    alarms: { status: alarms.status, alarmNames: alarms.names, triggeredAlarmNames: alarms.triggered },
  };
}

export function deploymentBrief(record: ServiceDeploymentRecord): ServiceDeploymentBrief {
  return { ...head(record), targetServiceRevisionArn: record.targetRevision };
}

/** What the brief and the whole have in common. */
function head({ createdAt, startedAt, finishedAt, ...record }: ServiceDeploymentRecord) {
  const { serviceDeploymentArn, serviceArn, clusterArn, status, statusReason } = record;
  return {
    serviceDeploymentArn,
    serviceArn,
    clusterArn,
    createdAt: dateOf(createdAt),
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(finishedAt),
    status,
    statusReason,
  };
}

export function describedRevision(record: RevisionRecord): ServiceRevision {
  const { settings, createdAt, containerImages, ...members } = record;
  return {
    ...members,
    ...settings,
    ...(settings.platformVersion !== undefined && {
      platformVersion: platformVersion(settings.platformVersion),
      platformFamily: 'Linux',
    }),
    containerImages,
    createdAt: dateOf(createdAt),
    guardDutyEnabled: false,
  };
}

/** The traffic that the target does not have is with the first of the sources. */
function summary(
  view: ServiceView,
  record: ServiceDeploymentRecord,
  arn: string,
  isTarget: boolean,
): ServiceRevisionSummary {
  const counts = revisionCounts(view, arn);
  if (isRolling(record)) return counts;
  const { test, production } = record.traffic;
  const ofRest = (weight: number): number => (record.sourceRevisions[0] === arn ? 100 - weight : 0);
  return {
    ...counts,
    requestedTestTrafficWeight: isTarget ? test : ofRest(test),
    requestedProductionTrafficWeight: isTarget ? production : ofRest(production),
  };
}

function hookDetail({
  hookId,
  targetType,
  targetArn,
  status,
  expiresAt,
  timeoutAction,
}: HookRun): DeploymentLifecycleHookDetail {
  return {
    hookId,
    targetType,
    ...(targetArn !== undefined && { targetArn }),
    status,
    expiresAt: dateOf(expiresAt),
    timeoutAction,
  };
}
