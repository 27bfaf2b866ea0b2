import { clusterName, type StoredCluster } from '../clusters/cluster.ts';
import type { Rules } from '../scenario/rules.ts';
import { taskPlay } from '../scenario/task-rules.ts';
import type { Rollout } from '../services/service-record.ts';
import { lastPart } from '../state.ts';
import type { Tags } from '../tags.ts';
import { findDefinition, type StoredDefinition } from '../task-definitions/definition.ts';
import { newTask } from '../tasks/new-task.ts';
import { placementOf } from '../tasks/placement.ts';
import { subjectOf } from '../tasks/run-task.ts';
import type { EcsTask } from '../tasks/task.ts';
import type { ServiceView } from './service-view.ts';

/** A new task of a service's rollout; or why there is no place for it. */
export function launch(
  view: ServiceView,
  rollout: Rollout,
  rules: Pick<Rules, 'take'>,
): EcsTask | { noCapacity: string } {
  const { state, service, region } = view;
  const { settings } = region.serviceRevisions.get(rollout.revisionArn)!;
  const cluster = region.clusters.get(clusterName(service.clusterArn))!;
  const definition = findDefinition(region, settings.taskDefinition!)!;
  const rule = rules.take({ ...subjectOf(cluster, definition), service: service.serviceName });
  if (typeof rule?.['noCapacity'] === 'string') return { noCapacity: rule['noCapacity'] };
  const placement = placementOf(settings, cluster);
  const hasLoadBalancer = (settings.loadBalancers ?? []).length > 0;
  const play = taskPlay(rule, {
    containers: definition.containerDefinitions ?? [],
    hasLoadBalancer,
    isOfService: true,
  });
  // Failed health checks do not count in the grace period (API reference, CreateService).
  const graceMs = (service.settings.healthCheckGracePeriodSeconds ?? 0) * 1000;
  return newTask(state, {
    region: service.region,
    cluster,
    definition,
    group: `service:${service.serviceName}`,
    startedBy: rollout.id,
    owner: { serviceArn: service.serviceArn, rolloutId: rollout.id, revisionArn: rollout.revisionArn },
    launchType: placement.launchType,
    capacityProviderName: placement.capacityProviderName,
    platformVersion: settings.platformVersion,
    networkConfiguration: settings.networkConfiguration,
    enableExecuteCommand: service.settings.enableExecuteCommand,
    isRegistered: hasLoadBalancer || (settings.serviceRegistries ?? []).length > 0,
    tags: taskTags(view, definition, cluster),
    play: { ...play, unhealthyMs: Math.max(play.unhealthyMs, graceMs) },
  });
}

/** As ECS tells it in the events of a service (developer guide, Amazon ECS service event messages). */
export function noPlaceMessage(view: ServiceView, rollout: Rollout, why: string): string {
  const { region, service } = view;
  const { settings } = region.serviceRevisions.get(rollout.revisionArn)!;
  const { isFargate } = placementOf(settings, region.clusters.get(clusterName(service.clusterArn))!);
  const hint = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
  const cause = isFargate ? '.' : ' because no container instance met all of its requirements.';
  return `was unable to place a task${cause} Reason: ${why.replace(/\.$/, '')}. ${hint}`;
}

/** Propagated ones, and those of ECS when they are switched on. */
function taskTags({ service }: ServiceView, definition: StoredDefinition, cluster: StoredCluster): Tags {
  const { propagateTags, enableECSManagedTags } = service.settings;
  return {
    ...(enableECSManagedTags && {
      'aws:ecs:clusterName': cluster.clusterName,
      'aws:ecs:serviceName': lastPart(service.serviceArn),
    }),
    ...(propagateTags === 'TASK_DEFINITION' && definition.tags),
    ...(propagateTags === 'SERVICE' && service.tags),
  };
}
