import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { DefinitionProblem } from '../job-definition/checks.ts';
import type { JsonPath } from '../job-definition/containers.ts';

/** What the checks of a container need to know of its task. */
export interface TaskFacts {
  isFargate: boolean;
  isAwsvpc: boolean;
  hasExecutionRole: boolean;
  hasMemory: boolean;
  /** Names. */
  volumes: readonly string[];
  /** Names. */
  containers: readonly string[];
}

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const LONGEST_IMAGE = 255;
const PORT_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const HIGHEST_PORT = 65_535;
const DEPENDENCIES = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];
const HEALTH_COMMANDS = ['CMD', 'CMD-SHELL', 'NONE'];
const NOT_ON_FARGATE = ['links', 'dockerSecurityOptions', 'extraHosts', 'disableNetworking'];

/** What AWS would refuse about one container. */
export function containerProblems(container: JsonObject, path: JsonPath, task: TaskFacts): DefinitionProblem[] {
  return [
    ...nameProblems(container, path),
    ...imageProblems(container, path),
    ...memoryProblems(container, path, task),
    ...environmentProblems(container, path, task),
    ...portProblems(container['portMappings'], [...path, 'portMappings'], task),
    ...dependencyProblems(container, path, task),
    ...mountProblems(container['mountPoints'], [...path, 'mountPoints'], task),
    ...logProblems(container['logConfiguration'], [...path, 'logConfiguration'], task),
    ...healthProblems(container['healthCheck'], [...path, 'healthCheck', 'command']),
    ...(task.isFargate ? fargateProblems(container, path) : []),
  ];
}

function nameProblems({ name }: JsonObject, path: JsonPath): DefinitionProblem[] {
  if (name === undefined) return [{ path: [...path, 'name'], message: 'is missing' }];
  if (typeof name === 'string' && NAME.test(name)) return [];
  return [{ path: [...path, 'name'], message: 'must be 1 to 255 letters, digits, hyphens and underscores' }];
}

function imageProblems({ image }: JsonObject, at: JsonPath): DefinitionProblem[] {
  const path = [...at, 'image'];
  if (image === undefined) return [{ path, message: 'is missing' }];
  if (typeof image !== 'string' || image === '' || /\s/.test(image)) {
    return [{ path, message: 'must be the name of an image' }];
  }
  if (image.length <= LONGEST_IMAGE) return [];
  return [{ path, message: `must be at most ${LONGEST_IMAGE} characters (has ${image.length})` }];
}

function memoryProblems(
  { memory, memoryReservation }: JsonObject,
  path: JsonPath,
  task: TaskFacts,
): DefinitionProblem[] {
  if (!task.hasMemory && memory === undefined && memoryReservation === undefined) {
    return [{ path, message: 'must have memory or memoryReservation, because the task has no memory' }];
  }
  if (typeof memory === 'number' && typeof memoryReservation === 'number' && memory <= memoryReservation) {
    return [{ path: [...path, 'memory'], message: `must be more than memoryReservation (${memoryReservation})` }];
  }
  return [];
}

function environmentProblems(
  { environment, secrets }: JsonObject,
  path: JsonPath,
  task: TaskFacts,
): DefinitionProblem[] {
  const names = objects(environment).map(({ name }) => name);
  return [
    ...pairProblems(environment, [...path, 'environment'], 'value'),
    ...pairProblems(secrets, [...path, 'secrets'], 'valueFrom'),
    ...objects(secrets).flatMap(({ name }, index) =>
      names.includes(name ?? null)
        ? [{ path: [...path, 'secrets', index, 'name'], message: `must not be in environment, too (${String(name)})` }]
        : [],
    ),
    ...(objects(secrets).length > 0 && !task.hasExecutionRole
      ? [{ path: ['executionRoleArn'], message: 'is needed for secrets' }]
      : []),
  ];
}

function pairProblems(list: JsonValue | undefined, path: JsonPath, key: 'value' | 'valueFrom'): DefinitionProblem[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [{ path, message: `must be a list of {name, ${key}}` }];
  return list.flatMap((entry, index) => {
    const at = [...path, index];
    if (!isJsonObject(entry) || typeof entry['name'] !== 'string' || entry['name'] === '') {
      return [{ path: at, message: 'must have a name' }];
    }
    const value = entry[key];
    if (key === 'valueFrom' && (typeof value !== 'string' || value === '')) {
      return [
        { path: [...at, key], message: `of ${entry['name']} must be the ARN of a secret or the name of a parameter` },
      ];
    }
    if (value === undefined || typeof value === 'string') return [];
    return [{ path: [...at, key], message: `of ${entry['name']} must be a string (got: ${JSON.stringify(value)})` }];
  });
}

function portProblems(ports: JsonValue | undefined, path: JsonPath, { isAwsvpc }: TaskFacts): DefinitionProblem[] {
  return objects(ports).flatMap(({ containerPort, containerPortRange, hostPort, name }, index) => {
    const at = [...path, index];
    const isPort = (port: JsonValue | undefined): boolean =>
      typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT;
    return [
      ...(containerPortRange === undefined && !isPort(containerPort)
        ? [{ path: [...at, 'containerPort'], message: `must be a number up to ${HIGHEST_PORT}` }]
        : []),
      ...(isAwsvpc && typeof hostPort === 'number' && hostPort !== 0 && hostPort !== containerPort
        ? [{ path: [...at, 'hostPort'], message: 'must be the containerPort under awsvpc, or left out' }]
        : []),
      ...(name === undefined || (typeof name === 'string' && PORT_NAME.test(name))
        ? []
        : [
            {
              path: [...at, 'name'],
              message:
                'must be at most 64 lower-case letters, digits, hyphens and underscores, and not begin with those two',
            },
          ]),
    ];
  });
}

function dependencyProblems({ name, dependsOn }: JsonObject, path: JsonPath, task: TaskFacts): DefinitionProblem[] {
  return objects(dependsOn).flatMap(({ containerName, condition }, index) => {
    const at = [...path, 'dependsOn', index];
    return [
      ...(task.containers.includes(String(containerName)) && containerName !== name
        ? []
        : [
            {
              path: [...at, 'containerName'],
              message: `must be another container of the task (got: ${String(containerName)})`,
            },
          ]),
      ...(DEPENDENCIES.includes(String(condition))
        ? []
        : [{ path: [...at, 'condition'], message: `must be one of ${DEPENDENCIES.join(', ')}` }]),
    ];
  });
}

function mountProblems(mounts: JsonValue | undefined, path: JsonPath, { volumes }: TaskFacts): DefinitionProblem[] {
  return objects(mounts).flatMap(({ sourceVolume }, index) =>
    volumes.includes(String(sourceVolume))
      ? []
      : [
          {
            path: [...path, index, 'sourceVolume'],
            message: `must be one of the volumes of the task (got: ${String(sourceVolume)}; there are: ${volumes.join(', ') || 'none'})`,
          },
        ],
  );
}

function logProblems(logging: JsonValue | undefined, path: JsonPath, task: TaskFacts): DefinitionProblem[] {
  if (!isJsonObject(logging)) return [];
  const { logDriver, options } = logging;
  if (typeof logDriver !== 'string') return [{ path: [...path, 'logDriver'], message: 'is missing' }];
  if (logDriver !== 'awslogs') return [];
  const given = isJsonObject(options) ? options : {};
  const wanted = task.isFargate ? ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'] : ['awslogs-group'];
  const missing = wanted.filter((option) => given[option] === undefined);
  return [
    ...missing.map((option) => ({ path: [...path, 'options'], message: `must have ${option} for awslogs` })),
    ...(task.isFargate && !task.hasExecutionRole
      ? [{ path: ['executionRoleArn'], message: 'is needed for awslogs on Fargate' }]
      : []),
  ];
}

function healthProblems(check: JsonValue | undefined, path: JsonPath): DefinitionProblem[] {
  if (!isJsonObject(check)) return [];
  const [first] = Array.isArray(check['command']) ? check['command'] : [];
  return HEALTH_COMMANDS.includes(String(first))
    ? []
    : [{ path, message: `must begin with one of ${HEALTH_COMMANDS.join(', ')}` }];
}

function fargateProblems(container: JsonObject, path: JsonPath): DefinitionProblem[] {
  return [
    ...(container['privileged'] === true ? [{ path: [...path, 'privileged'], message: 'is not for Fargate' }] : []),
    ...NOT_ON_FARGATE.flatMap((key) => {
      const value = container[key];
      const isSet = Array.isArray(value) ? value.length > 0 : value === true;
      return isSet ? [{ path: [...path, key], message: 'is not for Fargate' }] : [];
    }),
  ];
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
