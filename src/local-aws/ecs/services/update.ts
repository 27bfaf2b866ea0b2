import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';

import { type JsonValue, stableStringify } from '../../../core/json.ts';
import { type EcsRegion, invalidParameter } from '../state.ts';
import { findDefinition } from '../task-definitions/definition.ts';
import { checkPlacement, placementOf } from '../tasks/placement.ts';
import type { StoredCluster } from '../clusters/cluster.ts';
import { checkDesiredCount, checkLoadBalancers, deployableDefinition } from './create.ts';
import { mergedConfiguration } from './deployment-configuration.ts';
import { deployedSettings } from './revision.ts';
import type { EcsService, ServiceSettings } from './service-record.ts';

type Member = keyof UpdateServiceRequest & keyof ServiceSettings;

/** Members that take the place of the ones before; what is omitted stays, and an empty list clears. */
const REPLACED: readonly Member[] = [
  'capacityProviderStrategy',
  'availabilityZoneRebalancing',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'healthCheckGracePeriodSeconds',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'loadBalancers',
  'propagateTags',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
];

/** What a service under another controller may not be asked for, in the words of AWS where a public record has them. */
const REFUSED: readonly (readonly [keyof UpdateServiceRequest, string])[] = [
  ['taskDefinition', 'Unable to update task definition'],
  ['networkConfiguration', 'Unable to update network parameters'],
  ['platformVersion', 'Unable to update network parameters'],
  ['forceNewDeployment', 'Cannot force a new deployment'],
  ['capacityProviderStrategy', 'Unable to update capacity provider strategy'],
  ['serviceRegistries', 'Unable to update service registries'],
  ['serviceConnectConfiguration', 'Unable to update service connect configuration'],
  ['volumeConfigurations', 'Unable to update volume configurations'],
  ['vpcLatticeConfigurations', 'Unable to update VPC Lattice configurations'],
];
const HINTS: Readonly<Record<string, string>> = {
  CODE_DEPLOY: 'Use AWS CodeDeploy to trigger a new deployment.',
  EXTERNAL: 'Use CreateTaskSet to trigger a new deployment.',
};

/**
 * Changes the service as the request says; all of it is checked before. Gives whether that asks for a deployment: a
 * change of what a revision is made of does, everything else does not (API reference, UpdateService).
 * @throws AwsError
 */
export function updateService(
  region: EcsRegion,
  service: EcsService,
  input: UpdateServiceRequest,
  cluster: StoredCluster,
): { deploys: boolean } {
  const controller = service.settings.deploymentController?.type ?? 'ECS';
  const wanted = input.deploymentController?.type ?? controller;
  if (wanted !== controller && wanted === 'EXTERNAL') {
    throw invalidParameter('The deployment controller of a service cannot be changed to EXTERNAL.');
  }
  if (wanted !== 'ECS') checkController(input, wanted);
  checkDesiredCount(input.desiredCount, service.settings.schedulingStrategy);
  const settings = changed(region, service.settings, { ...input, deploymentController: { type: wanted } });
  const before = stableStringify(deployedSettings(service.settings) as object as JsonValue);
  const after = stableStringify(deployedSettings(settings) as object as JsonValue);
  const definition = findDefinition(region, settings.taskDefinition ?? '');
  if (definition !== undefined && before !== after) {
    checkPlacement(definition, placementOf(settings, cluster), settings.networkConfiguration);
    checkLoadBalancers(settings, definition);
  }
  if (input.forceNewDeployment && input.taskDefinition === undefined && settings.taskDefinition !== undefined) {
    // Nothing new can be started from an INACTIVE definition (API reference, DeregisterTaskDefinition).
    deployableDefinition(region, settings.taskDefinition);
  }
  service.settings = settings;
  if (input.desiredCount !== undefined) changeDesiredCount(service, input.desiredCount);
  return { deploys: wanted === 'ECS' && (before !== after || input.forceNewDeployment === true) };
}

function checkController(input: UpdateServiceRequest, controller: string): void {
  const refused = REFUSED.find(([member]) => input[member] !== undefined && input[member] !== false);
  if (refused === undefined) return;
  throw invalidParameter(
    `${refused[1]} on services with a ${controller} deployment controller. ${HINTS[controller] ?? ''}`.trim(),
  );
}

function changed(region: EcsRegion, settings: ServiceSettings, input: UpdateServiceRequest): ServiceSettings {
  const given = REPLACED.filter((member) => input[member] !== undefined);
  const next: ServiceSettings = {
    ...settings,
    ...(Object.fromEntries(given.map((member) => [member, input[member]])) as Partial<ServiceSettings>),
    deploymentController: input.deploymentController,
    deploymentConfiguration: mergedConfiguration(input.deploymentConfiguration, settings.deploymentConfiguration),
    ...(input.taskDefinition !== undefined && {
      taskDefinition: deployableDefinition(region, input.taskDefinition).taskDefinitionArn,
    }),
  };
  // A strategy takes the place of the launch type; an empty one gives it back.
  if ((input.capacityProviderStrategy ?? []).length > 0) delete next.launchType;
  if (input.capacityProviderStrategy?.length === 0) {
    delete next.capacityProviderStrategy;
    next.launchType = settings.launchType ?? 'FARGATE';
  }
  return next;
}

function changeDesiredCount(service: EcsService, desiredCount: number): void {
  service.desiredCount = desiredCount;
  service.isSteady = false;
  for (const rollout of service.rollouts) {
    if ((rollout.wanted ?? 0) > 0 || (rollout.wanted === 0 && service.rollouts.length === 1)) {
      rollout.wanted = desiredCount;
    }
  }
}
