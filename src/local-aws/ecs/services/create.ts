import type { CreateServiceRequest } from '@aws-sdk/client-ecs';

import { type JsonObject, stableStringify } from '../../../core/json.ts';
import { callerIdentity } from '../../identity.ts';
import type { JsonCall } from '../../json-protocol.ts';
import { activeCluster, type StoredCluster } from '../clusters/cluster.ts';
import { idFrom } from '../ids.ts';
import { clientException, ecsArn, type EcsRegion, type EcsState, invalidParameter } from '../state.ts';
import { withTags } from '../tags.ts';
import { findDefinition, type StoredDefinition } from '../task-definitions/definition.ts';
import { checkPlacement, placementOf } from '../tasks/placement.ts';
import { mergedConfiguration } from './deployment-configuration.ts';
import type { EcsService, ServiceSettings } from './service-record.ts';

const CONTROLLERS = ['ECS', 'CODE_DEPLOY', 'EXTERNAL'];

/** The service that a request makes, or the one that the same request has made before. Throws AwsError. */
export function createdService(
  state: EcsState,
  input: CreateServiceRequest,
  call: JsonCall,
): { service: EcsService; isNew: boolean } {
  const region = state.region(call.region);
  const cluster = activeCluster(region, input.cluster);
  const name = input.serviceName ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter('Invalid service name.');
  const serviceArn = ecsArn(state.world, call.region, `service/${cluster.clusterName}/${name}`);
  const createdFrom = idFrom(stableStringify(withoutToken(call.json))).long;
  const known = region.services.get(serviceArn);
  if (known?.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
  if (known?.status === 'ACTIVE') {
    if (known.createdFrom === createdFrom) return { service: known, isNew: false };
    throw invalidParameter('Creation of service was not idempotent.');
  }
  const settings = settingsOf(region, input, cluster);
  const service: EcsService = {
    serviceArn,
    serviceName: name,
    clusterArn: cluster.clusterArn,
    region: call.region,
    status: 'ACTIVE',
    desiredCount: desiredCountOf(input, settings),
    settings,
    createdAt: state.now(),
    createdBy: callerIdentity(call.request, state.world).arn,
    tags: withTags({}, input.tags),
    events: [],
    rollouts: [],
    failuresInARow: 0,
    isSteady: false,
    createdFrom,
  };
  region.services.set(serviceArn, service);
  return { service, isNew: true };
}

function withoutToken(json: JsonObject): JsonObject {
  const { clientToken: _, ...request } = json;
  return request;
}

function desiredCountOf({ desiredCount }: CreateServiceRequest, { schedulingStrategy }: ServiceSettings): number {
  checkDesiredCount(desiredCount, schedulingStrategy);
  // A daemon has a task on every instance, and there is one.
  if (schedulingStrategy === 'DAEMON') return 1;
  if (desiredCount === undefined) throw invalidParameter('desiredCount must be specified for the REPLICA strategy.');
  return desiredCount;
}

/** What it says of a daemon is AWS's (kayac/ecspresso pull request 17). */
export function checkDesiredCount(
  desiredCount: number | undefined,
  schedulingStrategy: ServiceSettings['schedulingStrategy'],
): void {
  if (desiredCount === undefined) return;
  if (schedulingStrategy === 'DAEMON') {
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  if (!(Number.isInteger(desiredCount) && desiredCount >= 0)) throw invalidParameter('Invalid desired count.');
}

function settingsOf(region: EcsRegion, input: CreateServiceRequest, cluster: StoredCluster): ServiceSettings {
  const controller = input.deploymentController?.type ?? 'ECS';
  if (!CONTROLLERS.includes(controller)) {
    throw invalidParameter(`deploymentController must be one of ${CONTROLLERS.join(', ')}.`);
  }
  const placement = placementOf(input, cluster);
  if (placement.isFargate && input.schedulingStrategy === 'DAEMON') {
    throw invalidParameter('The daemon scheduling strategy is not supported by FARGATE.');
  }
  const settings: ServiceSettings = {
    ...(placement.capacityProviderStrategy
      ? { capacityProviderStrategy: placement.capacityProviderStrategy }
      : { launchType: placement.launchType }),
    ...(placement.isFargate && { platformVersion: input.platformVersion ?? 'LATEST' }),
    ...(input.networkConfiguration && { networkConfiguration: input.networkConfiguration }),
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
    ...(input.serviceConnectConfiguration && { serviceConnectConfiguration: input.serviceConnectConfiguration }),
    ...(input.volumeConfigurations && { volumeConfigurations: input.volumeConfigurations }),
    ...(input.vpcLatticeConfigurations && { vpcLatticeConfigurations: input.vpcLatticeConfigurations }),
    ...(input.healthCheckGracePeriodSeconds !== undefined && {
      healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds,
    }),
    schedulingStrategy: input.schedulingStrategy ?? 'REPLICA',
    deploymentController: { type: controller },
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    propagateTags: input.propagateTags ?? 'NONE',
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: input.placementStrategy ?? [],
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'ENABLED',
    ...(input.role !== undefined && { role: input.role }),
    deploymentConfiguration: mergedConfiguration(input.deploymentConfiguration),
  };
  if (controller === 'EXTERNAL') return settings;
  const definition = deployableDefinition(region, input.taskDefinition);
  checkPlacement(definition, placement, input.networkConfiguration);
  checkLoadBalancers(settings, definition);
  return { ...settings, taskDefinition: definition.taskDefinitionArn };
}

/** Throws AwsError ClientException for a definition that is not there, or not for new deployments. */
export function deployableDefinition(region: EcsRegion, reference: string | undefined): StoredDefinition {
  if (!reference) throw clientException('TaskDefinition can not be blank.');
  const found = findDefinition(region, reference);
  if (found === undefined) throw clientException('TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive');
  return found;
}

/** Each names a container of the definition, and one of its ports. */
export function checkLoadBalancers({ loadBalancers = [] }: ServiceSettings, definition: StoredDefinition): void {
  for (const { containerName, containerPort } of loadBalancers) {
    const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
    if (container === undefined) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
}
