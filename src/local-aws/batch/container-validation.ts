import type {
  ContainerProperties,
  EksContainerEnvironmentVariable,
  KeyValuePair,
  ResourceRequirement,
} from '@aws-sdk/client-batch';

import { isFargatePair } from './fargate-sizes.ts';
import type { Fail } from './state.ts';

export type Platform = 'EC2' | 'FARGATE';

const MAX_IMAGE_LENGTH = 255;
const MIN_MEMORY_MIB = 4;

export function checkContainer(container: ContainerProperties, platform: Platform, fail: Fail): void {
  checkImage(container.image, fail);
  checkEnvironment(container.environment, fail);
  checkRequirementTypes(container.resourceRequirements, platform, fail);
  const size = {
    vcpus: requirement(container.resourceRequirements, 'VCPU') ?? container.vcpus,
    memory: requirement(container.resourceRequirements, 'MEMORY') ?? container.memory,
  };
  if (size.vcpus === undefined || size.vcpus === null) throw fail('vCPU is not provided.');
  if (size.memory === undefined || size.memory === null) throw fail('Memory is not provided.');
  if (platform === 'FARGATE') {
    checkFargate(container, size.vcpus, size.memory, fail);
  } else {
    checkEc2(container, size.vcpus, size.memory, fail);
  }
}

/** The documented list of characters has no `@`, while digests are documented elsewhere: only the length is checked. */
export function checkImage(image: string | undefined, fail: Fail): void {
  if (image === undefined || image === '') throw fail('Image is required.');
  if (image.length > MAX_IMAGE_LENGTH) throw fail(`Image can have up to ${MAX_IMAGE_LENGTH} characters.`);
}

export function checkEnvironment(
  environment: readonly (KeyValuePair | EksContainerEnvironmentVariable)[] | undefined,
  fail: Fail,
): void {
  for (const { name } of environment ?? []) {
    if (name === undefined || name === '') throw fail('Environment variable names should not be empty.');
    if (name.startsWith('AWS_BATCH')) throw fail("Environment variables cannot start with 'AWS_BATCH'.");
  }
}

export function checkRequirementTypes(
  requirements: readonly ResourceRequirement[] | undefined,
  platform: Platform,
  fail: Fail,
): void {
  const seen = new Set<string>();
  for (const { type, value } of requirements ?? []) {
    if (type === undefined || !['GPU', 'MEMORY', 'VCPU'].includes(type)) {
      throw fail('Resource requirement type should be one of GPU, MEMORY, VCPU.');
    }
    if (seen.has(type)) throw fail(`Resource requirement ${type} is given more than once.`);
    seen.add(type);
    if (!(Number(value) > 0))
      throw fail(`Resource requirement ${type} has the value ${value ?? ''}, which is not valid.`);
    if (type === 'GPU' && platform === 'FARGATE') throw fail('GPU is not applicable for Fargate.');
    if (type === 'VCPU' && platform !== 'FARGATE' && !Number.isInteger(Number(value))) {
      throw fail('vCPU should be a whole number for EC2.');
    }
  }
}

function requirement(requirements: readonly ResourceRequirement[] | undefined, type: string): number | undefined {
  const found = requirements?.find((candidate) => candidate.type === type);
  return found === undefined ? undefined : Number(found.value);
}

function checkFargate(container: ContainerProperties, vcpus: number, memory: number, fail: Fail): void {
  if (container.vcpus !== undefined) throw fail('vcpus is not applicable for Fargate.');
  if (container.memory !== undefined) throw fail('memory is not applicable for Fargate.');
  if (!container.executionRoleArn) throw fail('executionRoleArn is required for Fargate.');
  if (!isFargatePair(vcpus, memory)) {
    throw fail(`Fargate resource requirements (${vcpus.toFixed(2)} vCPU, ${memory} MiB) not valid.`);
  }
  if (container.privileged) throw fail('privileged is not applicable for Fargate.');
  if (container.instanceType !== undefined) throw fail('instanceType is not applicable for Fargate.');
  if ((container.ulimits?.length ?? 0) > 0) throw fail('ulimits is not applicable for Fargate.');
  if ((container.linuxParameters?.devices?.length ?? 0) > 0) throw fail('devices is not applicable for Fargate.');
  const storage = container.ephemeralStorage?.sizeInGiB;
  if (storage !== undefined && !(storage >= 21 && storage <= 200)) {
    throw fail('ephemeralStorage sizeInGiB must be between 21 and 200.');
  }
}

function checkEc2(container: ContainerProperties, vcpus: number, memory: number, fail: Fail): void {
  if (!(vcpus >= 1)) throw fail('vCPU must be at least 1.');
  if (!(memory >= MIN_MEMORY_MIB)) throw fail(`Memory must be at least ${MIN_MEMORY_MIB} MiB.`);
  for (const member of ['networkConfiguration', 'fargatePlatformConfiguration', 'ephemeralStorage'] as const) {
    if (container[member] !== undefined) throw fail(`${member} not applicable for EC2.`);
  }
}
