import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

import { clientException, invalidParameter } from '../state.ts';
import { checkFargateSize, taskSize } from './sizes.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_IMAGE_LENGTH = 255;
const MAX_CONTAINERS = 10;
const AWSLOGS_OPTIONS = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'];

/**
 * What RegisterTaskDefinition refuses. The texts are those of public records of calls to AWS where there is one.
 * @throws AwsError
 */
export function checkDefinition(input: RegisterTaskDefinitionRequest): void {
  const { family = '', containerDefinitions: containers = [], requiresCompatibilities = [] } = input;
  if (family === '') throw clientException('Family can not be blank.');
  if (!NAME.test(family)) throw clientException('Family contains invalid characters.');
  if (containers.length === 0) throw clientException('Container list cannot be empty.');
  if (containers.length > MAX_CONTAINERS) {
    throw clientException(`A task definition can have up to ${MAX_CONTAINERS} containers.`);
  }
  for (const compatibility of requiresCompatibilities) {
    if (!['EC2', 'EXTERNAL', 'FARGATE', 'MANAGED_INSTANCES'].includes(compatibility)) {
      throw clientException(`Invalid requiresCompatibilities value: ${compatibility}.`);
    }
  }
  const size = taskSize(input);
  if (requiresCompatibilities.includes('FARGATE')) checkFargate(input, size);
  for (const container of containers) checkContainer(container, input, size.memory !== undefined);
  checkTogether(containers);
}

function checkFargate(input: RegisterTaskDefinitionRequest, size: { cpu?: string; memory?: string }): void {
  const containers = input.containerDefinitions ?? [];
  if (input.networkMode !== 'awsvpc') throw clientException("Fargate only supports network mode 'awsvpc'.");
  checkFargateSize(size);
  if (input.executionRoleArn) return;
  const needs = (what: string): Error =>
    clientException(`Fargate requires task definition to have execution role ARN to support ${what}.`);
  if (containers.some(({ image = '' }) => /\.dkr\.ecr\./.test(image))) throw needs('ECR images');
  const driver = containers.find(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs');
  if (driver !== undefined) throw needs('log driver awslogs');
}

function checkContainer(
  container: ContainerDefinition,
  input: RegisterTaskDefinitionRequest,
  hasTaskMemory: boolean,
): void {
  const { name = '', image = '', memory, memoryReservation } = container;
  if (name === '') throw clientException('Container.name should not be null or empty.');
  if (!NAME.test(name)) throw clientException('Container.name contains invalid characters.');
  if (image === '') throw clientException('Container.image should not be null or empty.');
  if (image.length > MAX_IMAGE_LENGTH) {
    throw clientException(`Container.image should be ${MAX_IMAGE_LENGTH} characters or less.`);
  }
  if (/\s/.test(image)) throw clientException('Container.image contains invalid characters.');
  if (!hasTaskMemory && memory === undefined && memoryReservation === undefined) {
    throw clientException(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  checkEnvironment(container, input);
  checkPorts(container, input);
  checkVolumes(container, input);
  checkLogging(container, input);
  const { command = [] } = container.healthCheck ?? {};
  if (container.healthCheck && !['CMD', 'CMD-SHELL', 'NONE'].includes(command[0] ?? '')) {
    throw clientException("Health check command must start with 'CMD' or 'CMD-SHELL'.");
  }
}

function checkEnvironment(container: ContainerDefinition, input: RegisterTaskDefinitionRequest): void {
  const { environment = [], secrets = [] } = container;
  if (secrets.length > 0 && !input.executionRoleArn) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const names = [...environment.map(({ name }) => name), ...secrets.map(({ name }) => name)];
  const shared = secrets.find(({ name }) => names.indexOf(name) !== names.lastIndexOf(name));
  if (shared !== undefined) {
    throw clientException(
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${shared.name}'.`,
    );
  }
}

function checkPorts({ portMappings = [] }: ContainerDefinition, { networkMode }: RegisterTaskDefinitionRequest): void {
  if (networkMode !== 'awsvpc') return;
  for (const { containerPort, hostPort = 0 } of portMappings) {
    if (hostPort !== 0 && hostPort !== containerPort) {
      throw clientException('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
    }
  }
}

function checkVolumes(
  { mountPoints = [] }: ContainerDefinition,
  { volumes = [] }: RegisterTaskDefinitionRequest,
): void {
  const unknown = mountPoints.find(({ sourceVolume }) => !volumes.some(({ name }) => name === sourceVolume));
  if (unknown !== undefined) throw clientException(`Unknown volume '${unknown.sourceVolume}'.`);
}

function checkLogging(
  { logConfiguration }: ContainerDefinition,
  { requiresCompatibilities = [] }: RegisterTaskDefinitionRequest,
): void {
  if (logConfiguration?.logDriver !== 'awslogs') return;
  const options = logConfiguration.options ?? {};
  const wanted = requiresCompatibilities.includes('FARGATE') ? AWSLOGS_OPTIONS : AWSLOGS_OPTIONS.slice(0, 1);
  const missing = wanted.filter((option) => options[option] === undefined);
  if (missing.length > 0) throw clientException(`Log driver awslogs requires options: ${missing.join(', ')}`);
}

function checkTogether(containers: readonly ContainerDefinition[]): void {
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw clientException(`Container names must be unique in a task: ${twice}.`);
  if (!containers.some(({ essential }) => essential !== false)) {
    throw clientException('A task definition must have at least one essential container.');
  }
  for (const { name, dependsOn = [] } of containers) {
    const unknown = dependsOn.find(({ containerName }) => !names.includes(containerName));
    if (unknown !== undefined) {
      throw invalidParameter(`Container '${name}' depends on '${unknown.containerName}', which is not in the task.`);
    }
  }
}
