import type { ContainerImage } from '@aws-sdk/client-ecs';

import { newId } from '../ids.ts';
import type { DeploymentPlay } from '../scenario/deployment-play.ts';
import { deployedSettings, type RevisionRecord } from '../services/revision.ts';
import type { EcsService, Rollout } from '../services/service-record.ts';
import { ecsArn, lastPart } from '../state.ts';
import { findDefinition } from '../task-definitions/definition.ts';
import type { ServiceDeploymentRecord } from './deployment-record.ts';
import type { ServiceView } from './service-view.ts';
import { planStages } from './stages.ts';

/** Makes a revision of the service as it is set now, and a deployment that brings it out in the place of any other. */
export function beginDeployment(view: ServiceView, play: DeploymentPlay): ServiceDeploymentRecord {
  const { service, region, now } = view;
  const sources = [...new Set(view.tasks().map(({ owner }) => owner!.revisionArn))];
  for (const other of view.inFlight()) {
    other.status = 'STOP_REQUESTED';
    other.statusReason = 'Service deployment stopped because a new service deployment was started.';
    other.updatedAt = now;
  }
  const revision = makeRevision(view);
  const configuration = structuredClone(service.settings.deploymentConfiguration);
  const { deploymentCircuitBreaker: breaker, alarms, strategy = 'ROLLING' } = configuration;
  // It has the number of its revision, by which clients find the one that belongs to the other.
  const rollout = makeRollout(view, revision.serviceRevisionArn, lastPart(revision.serviceRevisionArn));
  if (strategy !== 'ROLLING') {
    for (const old of service.rollouts) old.wanted ??= view.counts(old).active;
    rollout.wanted = 0;
  } else {
    for (const old of service.rollouts) delete old.wanted;
  }
  promote(service, rollout);
  const record: ServiceDeploymentRecord = {
    serviceDeploymentArn: arnWithin(view, 'service-deployment', newId(region, service.region).short),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    region: service.region,
    createdAt: now,
    updatedAt: now,
    sourceRevisions: sources,
    targetRevision: revision.serviceRevisionArn,
    rolloutId: rollout.id,
    status: 'PENDING',
    configuration,
    stages: planStages(configuration, sources.length),
    stage: -1,
    stageSince: now,
    hooks: [],
    traffic: { test: 0, production: 0 },
    breaker: { status: breaker?.enable ? 'MONITORING' : 'DISABLED', failureCount: 0 },
    alarms: {
      status: alarms?.enable && !play.alarm?.atStart ? 'MONITORING' : 'DISABLED',
      names: alarms?.alarmNames ?? [],
      triggered: [],
    },
    rollbackFailures: 0,
    play,
    played: [],
  };
  region.serviceDeployments.set(record.serviceDeploymentArn, record);
  service.currentDeployment = record.serviceDeploymentArn;
  service.failuresInARow = 0;
  delete service.launchAfter;
  service.isSteady = false;
  return record;
}

/**
 * A new rollout of a revision, which is not yet one of the service's. A rollback makes no new revision (developer guide,
 * Amazon ECS service revisions), and so has a number of its own.
 */
export function makeRollout(view: ServiceView, revisionArn: string, number?: string): Rollout {
  const id = `ecs-svc/${number ?? newId(view.region, view.service.region).digits}`;
  return {
    id,
    status: 'PRIMARY',
    revisionArn,
    createdAt: view.now,
    updatedAt: view.now,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  };
}

/** Makes a rollout the primary one, in front of all others. */
export function promote(service: EcsService, rollout: Rollout): void {
  const others = service.rollouts.filter((other) => other !== rollout);
  for (const other of others) other.status = 'ACTIVE';
  rollout.status = 'PRIMARY';
  service.rollouts = [rollout, ...others];
}

function makeRevision(view: ServiceView): RevisionRecord {
  const { service, region, now } = view;
  const settings = deployedSettings(service.settings);
  const definition = findDefinition(region, settings.taskDefinition ?? '');
  const containerImages = (definition?.containerDefinitions ?? []).map(({ name, image }): ContainerImage => ({
    containerName: name,
    image,
  }));
  const revision = {
    serviceRevisionArn: arnWithin(view, 'service-revision', newId(region, service.region).digits),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    createdAt: now,
    settings,
    containerImages,
  };
  region.serviceRevisions.set(revision.serviceRevisionArn, revision);
  return revision;
}

function arnWithin({ state, service }: ServiceView, kind: string, id: string): string {
  const path = `${kind}/${lastPart(service.clusterArn)}/${service.serviceName}/${id}`;
  return ecsArn(state.world, service.region, path);
}
