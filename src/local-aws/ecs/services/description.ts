import type { Deployment, Service, ServiceCurrentRevisionSummary, TaskSet } from '@aws-sdk/client-ecs';

import { ServiceView } from '../rollouts/service-view.ts';
import { dateOf, type EcsState } from '../state.ts';
import { tagList } from '../tags.ts';
import { platformVersion } from '../tasks/new-task.ts';
import { type EcsTask, isActive, isPending, isRunning } from '../tasks/task.ts';
import type { EcsService, Rollout } from './service-record.ts';

export function describedService(state: EcsState, service: EcsService, withTags: boolean): Service {
  const view = new ServiceView(state, service);
  const { taskDefinition, role, ...settings } = service.settings;
  const tasks = view.tasks();
  const isOfEcs = (settings.deploymentController?.type ?? 'ECS') === 'ECS';
  const isFargate = settings.platformVersion !== undefined;
  return {
    ...settings,
    serviceArn: service.serviceArn,
    serviceName: service.serviceName,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    ...(taskDefinition !== undefined && { taskDefinition }),
    ...(role !== undefined && { roleArn: role }),
    ...(isFargate && { platformFamily: 'Linux' }),
    deployments: isOfEcs ? service.rollouts.map((rollout) => deployment(view, rollout)) : [],
    taskSets: isOfEcs ? [] : service.rollouts.map((rollout) => taskSet(view, rollout)),
    events: service.events.map((event) => ({ ...event, createdAt: dateOf(event.createdAt) })),
    createdAt: dateOf(service.createdAt),
    createdBy: service.createdBy,
    currentServiceDeployment: service.currentDeployment,
    currentServiceRevisions: currentRevisions(view),
    resourceManagementType: 'CUSTOMER',
    tags: withTags ? tagList(service.tags) : [],
  };
}

function deployment(view: ServiceView, rollout: Rollout): Deployment {
  const { region, service } = view;
  const { settings } = region.serviceRevisions.get(rollout.revisionArn)!;
  const tasks = view.tasksOf(rollout);
  const isFargate = settings.platformVersion !== undefined;
  const isPrimary = rollout.status === 'PRIMARY';
  return {
    id: rollout.id,
    status: rollout.status,
    taskDefinition: settings.taskDefinition,
    desiredCount: rollout.wanted ?? (isPrimary ? service.desiredCount : tasks.filter(isActive).length),
    ...counts(tasks),
    failedTasks: rollout.failedTasks,
    createdAt: dateOf(rollout.createdAt),
    updatedAt: dateOf(rollout.updatedAt),
    ...(settings.launchType !== undefined && { launchType: settings.launchType }),
    ...(settings.capacityProviderStrategy && { capacityProviderStrategy: settings.capacityProviderStrategy }),
    ...(isFargate && { platformVersion: platformVersion(settings.platformVersion), platformFamily: 'Linux' }),
    ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
    ...(settings.serviceConnectConfiguration && { serviceConnectConfiguration: settings.serviceConnectConfiguration }),
    ...(settings.volumeConfigurations && { volumeConfigurations: settings.volumeConfigurations }),
    ...(settings.vpcLatticeConfigurations && { vpcLatticeConfigurations: settings.vpcLatticeConfigurations }),
    rolloutState: rollout.rolloutState,
    rolloutStateReason: rollout.rolloutStateReason,
  };
}

/** What a service has in the place of deployments when another controller makes them. */
function taskSet(view: ServiceView, rollout: Rollout): TaskSet {
  const { region, service } = view;
  const { settings } = region.serviceRevisions.get(rollout.revisionArn)!;
  return {
    id: rollout.id,
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    status: rollout.status,
    taskDefinition: settings.taskDefinition,
    computedDesiredCount: service.desiredCount,
    ...counts(view.tasksOf(rollout)),
    createdAt: dateOf(rollout.createdAt),
    updatedAt: dateOf(rollout.updatedAt),
    launchType: settings.launchType,
    loadBalancers: settings.loadBalancers,
    scale: { unit: 'PERCENT', value: 100 },
    stabilityStatus: view.isSettled() ? 'STEADY_STATE' : 'STABILIZING',
  };
}

function counts(tasks: readonly EcsTask[]): { pendingCount: number; runningCount: number } {
  return { pendingCount: tasks.filter(isPending).length, runningCount: tasks.filter(isRunning).length };
}

function currentRevisions(view: ServiceView): ServiceCurrentRevisionSummary[] {
  const arns = [...new Set(view.service.rollouts.map(({ revisionArn }) => revisionArn))];
  return arns.map((arn) => revisionCounts(view, arn));
}

/** How many tasks a revision has, over all rollouts of it. */
export function revisionCounts(view: ServiceView, arn: string): ServiceCurrentRevisionSummary & { arn: string } {
  const rollouts = view.service.rollouts.filter(({ revisionArn }) => revisionArn === arn);
  const tasks = view.tasks().filter(({ owner }) => owner!.revisionArn === arn);
  const requested = rollouts.map(
    (rollout) =>
      rollout.wanted ??
      (rollout.status === 'PRIMARY' ? view.service.desiredCount : view.tasksOf(rollout).filter(isActive).length),
  );
  const { pendingCount, runningCount } = counts(tasks);
  return {
    arn,
    requestedTaskCount: requested.reduce((a, b) => a + b, 0),
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  };
}
