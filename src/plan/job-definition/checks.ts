import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { containerProblems } from './container-checks.ts';
import { containerSlots, type JsonPath } from './containers.ts';

/** Something that AWS would refuse, found without asking it. */
export interface DefinitionProblem {
  path: JsonPath;
  /** Follows the path in a sentence: `must be …`. */
  message: string;
}

/** The sizes and numbers are those of the RegisterJobDefinition API reference and of the Batch service quotas. */
const NAME = /^[A-Za-z0-9_-]{1,128}$/;
const LARGEST_BYTES = 24 * 1024;
const MOST_TAGS = 50;
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const SHORTEST_TIMEOUT = 60;
const MOST_ATTEMPTS = 10;
const MOST_RETRY_CONDITIONS = 5;
const HIGHEST_PRIORITY = 9999;
const MOST_NODE_RANGES = 5;
const PROPERTIES = {
  container: ['containerProperties', 'ecsProperties', 'eksProperties'],
  multinode: ['nodeProperties'],
} as const;

/**
 * Checks a definition as it is to be sent, our tags included, against what AWS documents. Fields that it does not know
 * are not looked at. Empty: nothing was found.
 */
export function definitionProblems(asGiven: JsonObject): DefinitionProblem[] {
  const definition = withoutNulls(asGiven) as JsonObject;
  return [
    ...nameProblems(definition),
    ...propertiesProblems(definition),
    ...platformProblems(definition),
    ...containerSlots(definition).flatMap((slot) => containerProblems(definition, slot)),
    ...structureProblems(definition),
    ...retryProblems(definition['retryStrategy']),
    ...numberProblem(definition['schedulingPriority'], ['schedulingPriority'], 0, HIGHEST_PRIORITY),
    ...timeoutProblems(definition['timeout']),
    ...mapProblems(definition['parameters'], ['parameters']),
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

function nameProblems({ jobDefinitionName: name }: JsonObject): DefinitionProblem[] {
  if (name === undefined) return [{ path: ['jobDefinitionName'], message: 'is missing' }];
  if (typeof name === 'string' && NAME.test(name)) return [];
  return [{ path: ['jobDefinitionName'], message: 'must be 1 to 128 letters, digits, hyphens and underscores' }];
}

function propertiesProblems(definition: JsonObject): DefinitionProblem[] {
  const type = definition['type'];
  if (type !== 'container' && type !== 'multinode') {
    return [
      {
        path: ['type'],
        message: type === undefined ? 'is missing: container or multinode' : 'must be container or multinode',
      },
    ];
  }
  const allowed: readonly string[] = PROPERTIES[type];
  const present = [...PROPERTIES.container, ...PROPERTIES.multinode].filter((key) => isJsonObject(definition[key]));
  const wrong = present.filter((key) => !allowed.includes(key));
  if (wrong[0]) return [{ path: [wrong[0]], message: `is not for type ${type}` }];
  if (present.length === 1) return [];
  const found = present.length === 0 ? 'none is given' : `${present.join(' and ')} are given`;
  const needed = `exactly one of ${allowed.join(', ')} is needed; ${found}`;
  const [, second] = present;
  return [second ? { path: [second], message: `is one too many: ${needed}` } : { path: [], message: needed }];
}

function platformProblems(definition: JsonObject): DefinitionProblem[] {
  const capabilities = definition['platformCapabilities'];
  const path = ['platformCapabilities'];
  const problems: DefinitionProblem[] = [];
  if (capabilities !== undefined && !Array.isArray(capabilities)) return [{ path, message: 'must be a list' }];
  const platforms = capabilities ?? [];
  const unknown = platforms.findIndex((item) => !['EC2', 'FARGATE', 'MANAGED_INSTANCES'].includes(String(item)));
  if (unknown >= 0) problems.push({ path: [...path, unknown], message: 'must be EC2, FARGATE or MANAGED_INSTANCES' });
  if (platforms.includes('FARGATE') && definition['type'] === 'multinode') {
    problems.push({ path, message: 'must not be FARGATE: multi-node jobs run on EC2 only' });
  }
  if (platforms.includes('MANAGED_INSTANCES') && !isJsonObject(definition['ecsProperties'])) {
    problems.push({ path, message: 'can be MANAGED_INSTANCES only with ecsProperties' });
  }
  if (isJsonObject(definition['eksProperties'])) {
    if (platforms.length > 0) problems.push({ path, message: 'is not for jobs on EKS' });
    if (definition['propagateTags'] === true)
      problems.push({ path: ['propagateTags'], message: 'is not for jobs on EKS' });
  }
  return problems;
}

function structureProblems(definition: JsonObject): DefinitionProblem[] {
  const ecs = definition['ecsProperties'];
  const nodes = definition['nodeProperties'];
  return [...(isJsonObject(ecs) ? ecsProblems(ecs) : []), ...(isJsonObject(nodes) ? nodesProblems(nodes) : [])];
}

function ecsProblems(ecs: JsonObject): DefinitionProblem[] {
  const tasks = ecs['taskProperties'];
  const path = ['ecsProperties', 'taskProperties'];
  if (!Array.isArray(tasks) || tasks.length !== 1) return [{ path, message: 'must be a list of exactly one task' }];
  const containers = isJsonObject(tasks[0]) ? tasks[0]['containers'] : undefined;
  if (Array.isArray(containers) && containers.length >= 1 && containers.length <= 10) return [];
  return [{ path: [...path, 0, 'containers'], message: 'must be a list of 1 to 10 containers' }];
}

function nodesProblems(nodes: JsonObject): DefinitionProblem[] {
  const ranges = nodes['nodeRangeProperties'];
  const path = ['nodeProperties', 'nodeRangeProperties'];
  if (!Array.isArray(ranges) || ranges.length === 0 || ranges.length > MOST_NODE_RANGES) {
    return [{ path, message: `must be a list of 1 to ${MOST_NODE_RANGES} node ranges` }];
  }
  const { numNodes, mainNode } = nodes;
  return [
    ...(numNodes === undefined ? [{ path: ['nodeProperties', 'numNodes'], message: 'is missing' }] : []),
    ...(mainNode === undefined ? [{ path: ['nodeProperties', 'mainNode'], message: 'is missing' }] : []),
    ...(Number(mainNode) >= Number(numNodes)
      ? [{ path: ['nodeProperties', 'mainNode'], message: `must be less than numNodes (${String(numNodes)})` }]
      : []),
    ...ranges.flatMap((range, index) =>
      isJsonObject(range) && /^\d*:\d*$|^\d+$/.test(String(range['targetNodes']))
        ? []
        : [{ path: [...path, index, 'targetNodes'], message: 'must be a node index or a range such as 0:3' }],
    ),
  ];
}

function retryProblems(strategy: JsonValue | undefined): DefinitionProblem[] {
  if (!isJsonObject(strategy)) return [];
  const { attempts, evaluateOnExit } = strategy;
  const path = ['retryStrategy', 'evaluateOnExit'];
  const conditions = Array.isArray(evaluateOnExit) ? evaluateOnExit : [];
  return [
    ...numberProblem(attempts, ['retryStrategy', 'attempts'], 1, MOST_ATTEMPTS),
    ...(conditions.length > MOST_RETRY_CONDITIONS
      ? [{ path, message: `must be at most ${MOST_RETRY_CONDITIONS} conditions` }]
      : []),
    ...(conditions.length > 0 && attempts === undefined ? [{ path, message: 'needs attempts beside it' }] : []),
    ...conditions.flatMap((condition, index) =>
      isJsonObject(condition) && ['RETRY', 'EXIT'].includes(String(condition['action']).toUpperCase())
        ? []
        : [{ path: [...path, index, 'action'], message: 'must be RETRY or EXIT' }],
    ),
  ];
}

function timeoutProblems(timeout: JsonValue | undefined): DefinitionProblem[] {
  if (!isJsonObject(timeout)) return [];
  const path = ['timeout', 'attemptDurationSeconds'];
  return numberProblem(timeout['attemptDurationSeconds'], path, SHORTEST_TIMEOUT, Number.MAX_SAFE_INTEGER);
}

function numberProblem(value: JsonValue | undefined, path: JsonPath, min: number, max: number): DefinitionProblem[] {
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max)) return [];
  const upper = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
  return [{ path, message: `must be a whole number of at least ${min}${upper} (got: ${JSON.stringify(value)})` }];
}

function mapProblems(value: JsonValue | undefined, path: JsonPath): DefinitionProblem[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return [{ path, message: 'must be a map of strings' }];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string'
      ? []
      : [{ path: [...path, key], message: `must be a string (got: ${JSON.stringify(item)})` }],
  );
}

/** What AWS refuses about tags: those of a definition, or some that are to be added. */
export function tagProblems(tags: JsonValue | undefined): DefinitionProblem[] {
  if (!isJsonObject(tags)) return mapProblems(tags, ['tags']);
  const entries = Object.entries(tags);
  return [
    ...mapProblems(tags, ['tags']),
    ...(entries.length > MOST_TAGS
      ? [
          {
            path: ['tags'],
            message: `must be at most ${MOST_TAGS}; there are ${entries.length}, those of aws-deploy included`,
          },
        ]
      : []),
    ...entries.flatMap(([key, value]) => [
      ...(key.toLowerCase().startsWith('aws:') ? [{ path: ['tags', key], message: 'must not begin with aws:' }] : []),
      ...(key.length === 0 || key.length > LONGEST_TAG_KEY
        ? [{ path: ['tags', key], message: `must have a key of 1 to ${LONGEST_TAG_KEY} characters` }]
        : []),
      ...(typeof value === 'string' && value.length > LONGEST_TAG_VALUE
        ? [{ path: ['tags', key], message: `must be at most ${LONGEST_TAG_VALUE} characters` }]
        : []),
      ...(TAG_TEXT.test(key) && (typeof value !== 'string' || TAG_TEXT.test(value))
        ? []
        : [{ path: ['tags', key], message: 'must have only letters, digits, blanks and _.:/=+-@ in key and value' }]),
    ]),
  ];
}

function sizeProblems(definition: JsonObject): DefinitionProblem[] {
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes <= LARGEST_BYTES) return [];
  return [{ path: [], message: `the definition has ${bytes} bytes as JSON; AWS Batch takes ${LARGEST_BYTES}` }];
}
