import type {
  Compatibility,
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';

import { taskSize } from './sizes.ts';

/**
 * A definition as ECS gives it back: lists that were not given are empty, `essential` and the protocol of ports are
 * filled in, and under awsvpc the host's port is the container's (ContainerDefinition and PortMapping of the API reference).
 */
export function storedMembers(
  input: RegisterTaskDefinitionRequest,
): Omit<TaskDefinition, 'registeredAt' | 'deregisteredAt' | 'deleteRequestedAt'> {
  const { tags: _, containerDefinitions = [], ...members } = input;
  return {
    ...members,
    ...taskSize(input),
    containerDefinitions: containerDefinitions.map((container) => storedContainer(container, input)),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    compatibilities: compatibilitiesOf(input),
    status: 'ACTIVE',
  };
}

function storedContainer(
  container: ContainerDefinition,
  { networkMode }: RegisterTaskDefinitionRequest,
): ContainerDefinition {
  return {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      protocol: 'tcp' as const,
      ...mapping,
      hostPort: networkMode === 'awsvpc' ? mapping.containerPort : (mapping.hostPort ?? 0),
    })),
  };
}

function compatibilitiesOf({ networkMode, cpu, memory, requiresCompatibilities = [] }: RegisterTaskDefinitionRequest) {
  const fitsFargate = networkMode === 'awsvpc' && cpu !== undefined && memory !== undefined;
  const all: Compatibility[] = ['EC2', ...(fitsFargate ? (['FARGATE'] as const) : []), ...requiresCompatibilities];
  return [...new Set(all)];
}
