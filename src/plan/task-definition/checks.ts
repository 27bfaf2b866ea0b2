import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { DefinitionProblem } from '../job-definition/checks.ts';
import { fargatePairProblem } from '../job-definition/fargate.ts';
import { containerProblems, type TaskFacts } from './container-checks.ts';
import { containerName, containersOf } from './containers.ts';
import { isForFargate } from './fargate.ts';
import { cpuUnits, memoryMebibytes } from './task-size.ts';

/** The sizes and numbers are those of the RegisterTaskDefinition API reference and of the ECS service quotas. */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const MOST_CONTAINERS = 10;
const LARGEST_BYTES = 64 * 1024;
const MOST_TAGS = 50;
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const COMPATIBILITIES = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'];
const NETWORK_MODES = ['bridge', 'host', 'awsvpc', 'none'];
/** GiB of storage that Fargate tasks can be given at least and at most (EphemeralStorage). */
const STORAGE = { least: 21, most: 200 };

/**
 * Checks a task definition as it is to be sent, our tags included, against what AWS documents. Fields that it does not
 * know are not looked at. Empty: nothing was found.
 */
export function taskDefinitionProblems(asGiven: JsonObject): DefinitionProblem[] {
  const definition = withoutNulls(asGiven) as JsonObject;
  const facts = taskFacts(definition);
  return [
    ...nameProblems(definition),
    ...platformProblems(definition, facts),
    ...containersProblems(definition),
    ...containersOf(definition).flatMap((container, index) =>
      containerProblems(container, ['containerDefinitions', index], facts),
    ),
    ...tagProblems(definition['tags']),
    ...sizeProblems(definition),
  ];
}

/** To AWS a member that is null is not there. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const given = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(given.map(([key, part]) => [key, withoutNulls(part)]));
}

function taskFacts(definition: JsonObject): TaskFacts {
  const { networkMode, executionRoleArn, volumes } = definition;
  const isFargate = isForFargate(definition);
  return {
    isFargate,
    isAwsvpc: networkMode === 'awsvpc',
    hasExecutionRole: typeof executionRoleArn === 'string' && executionRoleArn !== '',
    // On Fargate it has to have some, and that is told once.
    hasMemory: isFargate || definition['memory'] !== undefined,
    volumes: objects(volumes).map((volume) => String(volume['name'])),
    containers: containersOf(definition).map(containerName),
  };
}

function nameProblems({ family }: JsonObject): DefinitionProblem[] {
  if (family === undefined) return [{ path: ['family'], message: 'is missing' }];
  if (typeof family === 'string' && NAME.test(family)) return [];
  return [{ path: ['family'], message: 'must be 1 to 255 letters, digits, hyphens and underscores' }];
}

function platformProblems(definition: JsonObject, { isFargate }: TaskFacts): DefinitionProblem[] {
  const { requiresCompatibilities, networkMode, cpu, memory } = definition;
  const compatibilities = Array.isArray(requiresCompatibilities) ? requiresCompatibilities : [];
  const unknown = compatibilities.findIndex((item) => !COMPATIBILITIES.includes(String(item)));
  return [
    ...(unknown < 0
      ? []
      : [{ path: ['requiresCompatibilities', unknown], message: `must be one of ${COMPATIBILITIES.join(', ')}` }]),
    ...(networkMode === undefined || NETWORK_MODES.includes(String(networkMode))
      ? []
      : [{ path: ['networkMode'], message: `must be one of ${NETWORK_MODES.join(', ')}` }]),
    ...(cpu === undefined || cpuUnits(cpu) !== undefined
      ? []
      : [{ path: ['cpu'], message: 'must be CPU units (1024) or vCPUs (1 vCPU)' }]),
    ...(memory === undefined || memoryMebibytes(memory) !== undefined
      ? []
      : [{ path: ['memory'], message: 'must be MiB (2048) or GB (2 GB)' }]),
    ...(isFargate ? fargateProblems(definition) : []),
  ];
}

function fargateProblems(definition: JsonObject): DefinitionProblem[] {
  const { networkMode, cpu, memory, ephemeralStorage } = definition;
  const storage = isJsonObject(ephemeralStorage) ? Number(ephemeralStorage['sizeInGiB']) : STORAGE.least;
  return [
    ...(networkMode === 'awsvpc' ? [] : [{ path: ['networkMode'], message: 'must be awsvpc on Fargate' }]),
    ...(cpu === undefined ? [{ path: ['cpu'], message: 'of the task is needed on Fargate' }] : []),
    ...(memory === undefined ? [{ path: ['memory'], message: 'of the task is needed on Fargate' }] : []),
    ...fargatePair(cpu, memory),
    ...(storage >= STORAGE.least && storage <= STORAGE.most
      ? []
      : [
          {
            path: ['ephemeralStorage', 'sizeInGiB'],
            message: `must be ${STORAGE.least} to ${STORAGE.most} on Fargate`,
          },
        ]),
  ];
}

function fargatePair(cpu: JsonValue | undefined, memory: JsonValue | undefined): DefinitionProblem[] {
  const [units, mebibytes] = [cpuUnits(cpu), memoryMebibytes(memory)];
  if (units === undefined || mebibytes === undefined) return [];
  const problem = fargatePairProblem(String(units / 1024), String(mebibytes));
  return problem === undefined ? [] : [{ path: ['memory'], message: `and cpu do not go together: ${problem}` }];
}

function containersProblems(definition: JsonObject): DefinitionProblem[] {
  const { containerDefinitions } = definition;
  const path = ['containerDefinitions'];
  if (!Array.isArray(containerDefinitions) || containerDefinitions.length === 0) {
    return [{ path, message: 'must be a list of at least one container' }];
  }
  const containers = containersOf(definition);
  const names = containers.map(containerName);
  return [
    ...(containers.length > MOST_CONTAINERS
      ? [{ path, message: `must be at most ${MOST_CONTAINERS} containers` }]
      : []),
    ...names.flatMap((name, index) =>
      names.indexOf(name) < index && name !== ''
        ? [{ path: [...path, index, 'name'], message: `must be another one: ${name} is the name of two containers` }]
        : [],
    ),
    ...(containers.some(({ essential }) => essential !== false)
      ? []
      : [{ path, message: 'must have one container that is essential' }]),
    ...portNameProblems(containers),
  ];
}

/** Service Connect and load balancers go by the names of ports, so that they are names in the whole task. */
function portNameProblems(containers: readonly JsonObject[]): DefinitionProblem[] {
  const seen = new Set<string>();
  return containers.flatMap((container, index) =>
    objects(container['portMappings']).flatMap(({ name }, port) => {
      if (typeof name !== 'string') return [];
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      const path = ['containerDefinitions', index, 'portMappings', port, 'name'];
      return [{ path, message: `must be another one: ${name} is the name of two ports` }];
    }),
  );
}

/** What AWS would refuse about the tags of a definition, a list of keys and values. */
export function tagProblems(tags: JsonValue | undefined): DefinitionProblem[] {
  if (tags === undefined) return [];
  if (!Array.isArray(tags)) return [{ path: ['tags'], message: 'must be a list of {key, value}' }];
  const tooMany =
    tags.length > MOST_TAGS
      ? [{ path: ['tags'], message: `must be at most ${MOST_TAGS}, those of aws-deploy included (has ${tags.length})` }]
      : [];
  return [...tooMany, ...tags.flatMap((tag, index) => tagProblem(tag, index))];
}

function tagProblem(tag: JsonValue, index: number): DefinitionProblem[] {
  const path = ['tags', index];
  const { key, value = '' } = isJsonObject(tag) ? tag : {};
  if (typeof key !== 'string' || key === '') return [{ path, message: 'must have a key' }];
  if (/^aws:/i.test(key))
    return [{ path: [...path, 'key'], message: 'must not begin with aws:, which AWS keeps for itself' }];
  const isKey = key.length <= LONGEST_TAG_KEY && TAG_TEXT.test(key);
  const isValue = typeof value === 'string' && value.length <= LONGEST_TAG_VALUE && TAG_TEXT.test(value);
  return [
    ...(isKey
      ? []
      : [
          {
            path: [...path, 'key'],
            message: `must be at most ${LONGEST_TAG_KEY} letters, digits, spaces and _.:/=+-@`,
          },
        ]),
    ...(isValue
      ? []
      : [
          {
            path: [...path, 'value'],
            message: `of ${key} must be at most ${LONGEST_TAG_VALUE} letters, digits, spaces and _.:/=+-@`,
          },
        ]),
  ];
}

function sizeProblems(definition: JsonObject): DefinitionProblem[] {
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes <= LARGEST_BYTES) return [];
  return [{ path: [], message: `must be at most ${LARGEST_BYTES} bytes of JSON (has ${bytes})` }];
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
