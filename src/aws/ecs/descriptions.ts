import type {
  Deployment,
  Service,
  ServiceDeployment as SdkServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision as SdkServiceRevision,
  ServiceRevisionSummary,
  Task,
} from '@aws-sdk/client-ecs';
import type {
  DeploymentSnapshot,
  ListedServiceDeployment,
  RevisionCounts,
  ServiceDeployment,
  ServiceRevision,
  ServiceSnapshot,
  TaskSnapshot,
} from '../../plan/rollout/observation.ts';

/** A service as DescribeServices, CreateService and UpdateService tell it. */
export function serviceSnapshot(service: Service): ServiceSnapshot {
  const { deploymentConfiguration: { strategy, deploymentCircuitBreaker: breaker, alarms } = {} } = service;
  return {
    arn: service.serviceArn ?? '',
    name: service.serviceName ?? '',
    clusterArn: service.clusterArn ?? '',
    status: service.status ?? '',
    taskDefinition: service.taskDefinition ?? '',
    controller: service.deploymentController?.type ?? 'ECS',
    strategy: strategy ?? 'ROLLING',
    rollsBack:
      (breaker?.enable === true && breaker.rollback === true) || (alarms?.enable === true && alarms.rollback === true),
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map(deploymentSnapshot),
    currentServiceDeployment: service.currentServiceDeployment,
    events: (service.events ?? []).map(({ id, createdAt, message }) => ({
      id: id ?? '',
      createdAt: createdAt?.getTime() ?? 0,
      message: message ?? '',
    })),
  };
}

function deploymentSnapshot(deployment: Deployment): DeploymentSnapshot {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    taskDefinition: deployment.taskDefinition ?? '',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    desiredCount: deployment.desiredCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: deployment.createdAt?.getTime(),
  };
}

export function describedServiceDeployment(deployment: SdkServiceDeployment): ServiceDeployment {
  const { deploymentCircuitBreaker: breaker, alarms, rollback } = deployment;
  return {
    arn: deployment.serviceDeploymentArn ?? '',
    status: deployment.status ?? '',
    statusReason: deployment.statusReason,
    stage: deployment.lifecycleStage,
    createdAt: deployment.createdAt?.getTime(),
    finishedAt: (deployment.finishedAt ?? deployment.stoppedAt)?.getTime(),
    target: revisionCounts(deployment.targetServiceRevision ?? {}),
    sources: (deployment.sourceServiceRevisions ?? []).map(revisionCounts),
    hooks: (deployment.lifecycleHookDetails ?? []).map((hook) => ({
      id: hook.hookId ?? '',
      kind: hook.targetType ?? 'AWS_LAMBDA',
      target: hook.targetArn,
      status: hook.status ?? '',
      expiresAt: hook.expiresAt?.getTime(),
      timeoutAction: hook.timeoutAction,
    })),
    breaker: breaker && {
      status: breaker.status ?? '',
      failureCount: breaker.failureCount ?? 0,
      threshold: breaker.threshold ?? 0,
    },
    alarms: alarms && { status: alarms.status ?? '', triggered: alarms.triggeredAlarmNames ?? [] },
    rollback: rollback && { reason: rollback.reason, revisionArn: rollback.serviceRevisionArn },
    bakeMinutes: deployment.deploymentConfiguration?.bakeTimeInMinutes,
  };
}

function revisionCounts(revision: ServiceRevisionSummary): RevisionCounts {
  return {
    arn: revision.arn ?? '',
    requested: revision.requestedTaskCount ?? 0,
    running: revision.runningTaskCount ?? 0,
    pending: revision.pendingTaskCount ?? 0,
    productionWeight: revision.requestedProductionTrafficWeight,
    testWeight: revision.requestedTestTrafficWeight,
  };
}

export function listedServiceDeployment(brief: ServiceDeploymentBrief): ListedServiceDeployment {
  return {
    arn: brief.serviceDeploymentArn ?? '',
    targetRevisionArn: brief.targetServiceRevisionArn ?? '',
    status: brief.status ?? '',
    createdAt: brief.createdAt?.getTime() ?? 0,
  };
}

export function describedServiceRevision(revision: SdkServiceRevision): ServiceRevision {
  return {
    arn: revision.serviceRevisionArn ?? '',
    taskDefinition: revision.taskDefinition ?? '',
    images: (revision.containerImages ?? []).map(({ containerName, image, imageDigest }) => ({
      container: containerName ?? '',
      image: image ?? '',
      digest: imageDigest,
    })),
  };
}

export function taskSnapshot(task: Task): TaskSnapshot {
  return {
    arn: task.taskArn ?? '',
    taskDefinition: task.taskDefinitionArn ?? '',
    startedBy: task.startedBy,
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    healthStatus: task.healthStatus,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    createdAt: task.createdAt?.getTime(),
    startedAt: task.startedAt?.getTime(),
    stoppedAt: task.stoppedAt?.getTime(),
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? '',
      image: container.image,
      digest: container.imageDigest,
      lastStatus: container.lastStatus ?? '',
      exitCode: container.exitCode,
      reason: container.reason,
    })),
  };
}
