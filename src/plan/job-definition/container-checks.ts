import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { DefinitionProblem } from './checks.ts';
import { containerAt, type ContainerSlot, type JsonPath } from './containers.ts';
import { fargatePairProblem } from './fargate.ts';

const LONGEST_IMAGE = 255;
/** Variables that AWS Batch sets itself begin so. */
export const RESERVED_PREFIX = 'AWS_BATCH';

/** What AWS would refuse about one container. */
export function containerProblems(definition: JsonObject, slot: ContainerSlot): DefinitionProblem[] {
  const container = containerAt(definition, slot);
  const plain = slot.path.at(-1) === 'containerProperties' || slot.path.at(-1) === 'container';
  return [
    ...imageProblems(container, slot.path),
    ...environmentProblems(container[slot.environmentKey], [...slot.path, slot.environmentKey]),
    ...(isFargate(definition) ? fargateProblems(definition, container, slot, plain) : []),
    ...(plain && !isFargate(definition) ? ec2Problems(container, slot.path) : []),
  ];
}

function isFargate({ platformCapabilities }: JsonObject): boolean {
  return Array.isArray(platformCapabilities) && platformCapabilities.includes('FARGATE');
}

function imageProblems({ image }: JsonObject, at: JsonPath): DefinitionProblem[] {
  const path = [...at, 'image'];
  if (image === undefined) return [{ path, message: 'is missing' }];
  if (typeof image !== 'string' || image === '' || /\s/.test(image))
    return [{ path, message: 'must be the name of an image' }];
  if (image.length > LONGEST_IMAGE)
    return [{ path, message: `must be at most ${LONGEST_IMAGE} characters (has ${image.length})` }];
  return [];
}

function environmentProblems(environment: JsonValue | undefined, path: JsonPath): DefinitionProblem[] {
  if (environment === undefined) return [];
  if (!Array.isArray(environment)) return [{ path, message: 'must be a list of {name, value}' }];
  return environment.flatMap((entry, index) => {
    const at = [...path, index];
    if (!isJsonObject(entry) || typeof entry['name'] !== 'string') return [{ path: at, message: 'must have a name' }];
    const { name, value } = entry;
    return [
      ...(name.startsWith(RESERVED_PREFIX)
        ? [
            {
              path: [...at, 'name'],
              message: `must not begin with ${RESERVED_PREFIX}, which AWS Batch keeps for itself (got: ${name})`,
            },
          ]
        : []),
      ...(value === undefined || typeof value === 'string' || isJsonObject(entry['valueFrom'])
        ? []
        : [{ path: [...at, 'value'], message: `of ${name} must be a string (got: ${JSON.stringify(value)})` }]),
    ];
  });
}

/** Resources by type, from the list or from the deprecated members of the same meaning. */
function resource(container: JsonObject, type: 'VCPU' | 'MEMORY'): string | undefined {
  const listed = container['resourceRequirements'];
  const found = Array.isArray(listed) ? listed.filter(isJsonObject).find((entry) => entry['type'] === type) : undefined;
  const value = found?.['value'] ?? container[type === 'VCPU' ? 'vcpus' : 'memory'];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function ec2Problems(container: JsonObject, path: JsonPath): DefinitionProblem[] {
  return (['VCPU', 'MEMORY'] as const).flatMap((type) =>
    resource(container, type) === undefined
      ? [{ path: [...path, 'resourceRequirements'], message: `must have an entry of type ${type}` }]
      : [],
  );
}

function fargateProblems(
  definition: JsonObject,
  container: JsonObject,
  slot: ContainerSlot,
  plain: boolean,
): DefinitionProblem[] {
  const roleHolder = plain ? container : taskOf(definition);
  const rolePath = plain
    ? [...slot.path, 'executionRoleArn']
    : ['ecsProperties', 'taskProperties', 0, 'executionRoleArn'];
  return [
    ...(typeof roleHolder?.['executionRoleArn'] === 'string'
      ? []
      : [{ path: rolePath, message: 'is needed on Fargate' }]),
    ...(['vcpus', 'memory'] as const).flatMap((key) =>
      plain && container[key] !== undefined
        ? [{ path: [...slot.path, key], message: 'is not for Fargate: use resourceRequirements' }]
        : [],
    ),
    ...(container['privileged'] === true
      ? [{ path: [...slot.path, 'privileged'], message: 'is not for Fargate' }]
      : []),
    ...(plain ? fargateSizeProblems(container, slot.path) : []),
  ];
}

function taskOf({ ecsProperties }: JsonObject): JsonObject | undefined {
  const tasks = isJsonObject(ecsProperties) ? ecsProperties['taskProperties'] : undefined;
  const [task] = Array.isArray(tasks) ? tasks : [];
  return isJsonObject(task) ? task : undefined;
}

function fargateSizeProblems(container: JsonObject, at: JsonPath): DefinitionProblem[] {
  const path = [...at, 'resourceRequirements'];
  const [vcpus, memory] = [resource(container, 'VCPU'), resource(container, 'MEMORY')];
  if (vcpus === undefined || memory === undefined) return [{ path, message: 'must have VCPU and MEMORY on Fargate' }];
  const problem = fargatePairProblem(vcpus, memory);
  return problem === undefined ? [] : [{ path, message: `name sizes that do not go together: ${problem}` }];
}
