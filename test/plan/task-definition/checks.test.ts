import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { taskDefinitionProblems } from '../../../src/plan/task-definition/checks.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

/** The problems as a person reads them: the path, then the message. */
function problems(definition: JsonObject): string[] {
  return taskDefinitionProblems(definition).map(({ path, message }) => `${path.join('.')} ${message}`.trim());
}

function without(definition: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => name !== key));
}

const awslogs = (options: JsonObject): JsonObject => ({ logConfiguration: { logDriver: 'awslogs', options } });
const WEB = 'containerDefinitions.0';

describe('nothing is wrong with', () => {
  it.each<[string, JsonObject]>([
    ['a container on EC2', ON_EC2],
    ['two containers on Fargate', ON_FARGATE],
    ['sizes in words', { ...ON_FARGATE, cpu: '1 vCPU', memory: '2 GB' }],
    ['the largest Fargate task', { ...ON_FARGATE, cpu: '32768', memory: '249856' }],
    ['fields that this code has never heard of', { ...withTaskContainer(ON_EC2, { brandNew: 1 }), alsoNew: {} }],
    [
      'members that are null, which are not there to AWS',
      { ...withTaskContainer(ON_EC2, { environment: null, portMappings: null }), tags: null, cpu: null },
    ],
    ['a range of ports', withTaskContainer(ON_EC2, { portMappings: [{ containerPortRange: '80-90' }] })],
    ['a soft limit alone', withTaskContainer(without(ON_EC2, 'x'), { memory: null, memoryReservation: 64 })],
    [
      'a chain of dependencies',
      withTaskContainer(ON_FARGATE, { dependsOn: [{ containerName: 'proxy', condition: 'START' }] }),
    ],
    [
      'a mounted volume',
      { ...withTaskContainer(ON_EC2, { mountPoints: [{ sourceVolume: 'data' }] }), volumes: [{ name: 'data' }] },
    ],
    [
      'awslogs on Fargate',
      withTaskContainer(
        ON_FARGATE,
        awslogs({ 'awslogs-group': 'g', 'awslogs-region': 'r', 'awslogs-stream-prefix': 'p' }),
      ),
    ],
    ['awslogs on EC2 with only a group', withTaskContainer(ON_EC2, awslogs({ 'awslogs-group': 'g' }))],
    ['tags with all that they can have', { ...ON_EC2, tags: [{ key: 'Größe 2_.:/=+-@', value: '大 8_.:/=+-@' }] }],
  ])('%s', (_what, definition) => {
    expect(problems(definition)).toEqual([]);
  });
});

describe('AWS would refuse', () => {
  it.each<[string, JsonObject, string]>([
    ['no family', without(ON_EC2, 'family'), 'family is missing'],
    ['a family with a revision', { ...ON_EC2, family: 'web:1' }, 'family must be 1 to 255 letters'],
    ['no containers', { family: 'web' }, 'containerDefinitions must be a list of at least one'],
    [
      'too many containers',
      {
        family: 'web',
        containerDefinitions: Array.from({ length: 11 }, (_, i) => ({ name: `c${i}`, image: 'i', memory: 4 })),
      },
      'containerDefinitions must be at most 10',
    ],
    [
      'two containers of one name',
      withTaskContainer(ON_FARGATE, { name: 'web' }, 1),
      'containerDefinitions.1.name must be another one',
    ],
    [
      'no essential container',
      withTaskContainer(ON_EC2, { essential: false }),
      'containerDefinitions must have one container that is essential',
    ],
    ['a container without a name', withTaskContainer(ON_EC2, { name: null }), `${WEB}.name is missing`],
    ['a container without an image', withTaskContainer(ON_EC2, { image: null }), `${WEB}.image is missing`],
    ['an image with a space', withTaskContainer(ON_EC2, { image: 'a b' }), `${WEB}.image must be the name of an image`],
    ['a long image', withTaskContainer(ON_EC2, { image: 'x'.repeat(256) }), `${WEB}.image must be at most 255`],
    ['no memory anywhere', withTaskContainer(ON_EC2, { memory: null }), `${WEB} must have memory or memoryReservation`],
    [
      'a hard limit below the soft one',
      withTaskContainer(ON_EC2, { memory: 64, memoryReservation: 128 }),
      `${WEB}.memory must be more than`,
    ],
    [
      'a variable without a name',
      withTaskContainer(ON_EC2, { environment: [{ value: 'x' }] }),
      `${WEB}.environment.0 must have a name`,
    ],
    [
      'a variable that is a number',
      withTaskContainer(ON_EC2, { environment: [{ name: 'A', value: 1 }] }),
      `${WEB}.environment.0.value of A must be a string (got: 1)`,
    ],
    [
      'environment as a map',
      withTaskContainer(ON_EC2, { environment: { A: '1' } }),
      `${WEB}.environment must be a list`,
    ],
    [
      'a secret without a source',
      withTaskContainer(ON_FARGATE, { secrets: [{ name: 'A' }], environment: [] }),
      `${WEB}.secrets.0.valueFrom of A must be the ARN`,
    ],
    [
      'a secret and a variable of one name',
      withTaskContainer(ON_FARGATE, { secrets: [{ name: 'A', valueFrom: 'x' }] }),
      `${WEB}.secrets.0.name must not be in environment, too (A)`,
    ],
    [
      'secrets without an execution role',
      without(ON_FARGATE, 'executionRoleArn'),
      'executionRoleArn is needed for secrets',
    ],
    [
      'a port that is none',
      withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 70_000 }] }),
      `${WEB}.portMappings.0.containerPort must be a number`,
    ],
    [
      'another port of the host under awsvpc',
      withTaskContainer(ON_FARGATE, { portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
      `${WEB}.portMappings.0.hostPort must be the containerPort`,
    ],
    [
      'a name of a port in upper case',
      withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80, name: 'HTTP' }] }),
      `${WEB}.portMappings.0.name must be at most 64 lower-case`,
    ],
    [
      'two ports of one name, in two containers',
      withTaskContainer(ON_FARGATE, { portMappings: [{ containerPort: 81, name: 'http' }] }, 1),
      'containerDefinitions.1.portMappings.0.name must be another one',
    ],
    [
      'a dependency on nobody',
      withTaskContainer(ON_FARGATE, { dependsOn: [{ containerName: 'db', condition: 'START' }] }),
      `${WEB}.dependsOn.0.containerName must be another container`,
    ],
    [
      'a dependency on itself',
      withTaskContainer(ON_FARGATE, { dependsOn: [{ containerName: 'web', condition: 'START' }] }),
      `${WEB}.dependsOn.0.containerName must be another container`,
    ],
    [
      'a condition that is none',
      withTaskContainer(ON_FARGATE, { dependsOn: [{ containerName: 'proxy', condition: 'READY' }] }),
      `${WEB}.dependsOn.0.condition must be one of START`,
    ],
    [
      'a mount of an unknown volume',
      withTaskContainer(ON_EC2, { mountPoints: [{ sourceVolume: 'data' }] }),
      `${WEB}.mountPoints.0.sourceVolume must be one of the volumes`,
    ],
    [
      'a log configuration without a driver',
      withTaskContainer(ON_EC2, { logConfiguration: {} }),
      `${WEB}.logConfiguration.logDriver is missing`,
    ],
    [
      'awslogs without a group',
      withTaskContainer(ON_EC2, awslogs({})),
      `${WEB}.logConfiguration.options must have awslogs-group`,
    ],
    [
      'awslogs on Fargate without a prefix',
      withTaskContainer(ON_FARGATE, awslogs({ 'awslogs-group': 'g', 'awslogs-region': 'r' })),
      `${WEB}.logConfiguration.options must have awslogs-stream-prefix`,
    ],
    [
      'a health check without its kind',
      withTaskContainer(ON_EC2, { healthCheck: { command: ['curl', 'x'] } }),
      `${WEB}.healthCheck.command must begin with one of CMD`,
    ],
    [
      'an unknown compatibility',
      { ...ON_EC2, requiresCompatibilities: ['EC3'] },
      'requiresCompatibilities.0 must be one of EC2',
    ],
    ['an unknown network mode', { ...ON_EC2, networkMode: 'vpc' }, 'networkMode must be one of bridge'],
    ['a size that is none', { ...ON_EC2, cpu: 'much' }, 'cpu must be CPU units'],
    ['Fargate without awsvpc', { ...ON_FARGATE, networkMode: 'bridge' }, 'networkMode must be awsvpc on Fargate'],
    ['Fargate without memory', without(ON_FARGATE, 'memory'), 'memory of the task is needed on Fargate'],
    [
      'Fargate sizes that do not go together',
      { ...ON_FARGATE, cpu: '1 vCPU', memory: '1 GB' },
      'memory and cpu do not go together: Fargate has no 1024 MiB with 1 vCPU; the nearest is 2048',
    ],
    ['a Fargate size that does not exist', { ...ON_FARGATE, cpu: '300' }, 'memory and cpu do not go together'],
    [
      'too little storage on Fargate',
      { ...ON_FARGATE, ephemeralStorage: { sizeInGiB: 20 } },
      'ephemeralStorage.sizeInGiB must be 21 to 200',
    ],
    [
      'privileged on Fargate',
      withTaskContainer(ON_FARGATE, { privileged: true }),
      `${WEB}.privileged is not for Fargate`,
    ],
    ['links on Fargate', withTaskContainer(ON_FARGATE, { links: ['a'] }), `${WEB}.links is not for Fargate`],
    ['tags as a map', { ...ON_EC2, tags: { a: 'b' } }, 'tags must be a list'],
    [
      'too many tags',
      { ...ON_EC2, tags: Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: '' })) },
      'tags must be at most 50',
    ],
    ['a tag of AWS', { ...ON_EC2, tags: [{ key: 'aws:x', value: '' }] }, 'tags.0.key must not begin with aws:'],
    [
      'a tag with a strange value',
      { ...ON_EC2, tags: [{ key: 'x', value: 'a;b' }] },
      'tags.0.value of x must be at most 256',
    ],
    [
      'a definition that is too large',
      withTaskContainer(ON_EC2, { command: ['x'.repeat(70_000)] }),
      'must be at most 65536 bytes',
    ],
  ])('%s', (_what, definition, problem) => {
    const found = problems(definition);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(problem)).toBe(true);
  });
});

it('every problem is told, not only the first', () => {
  const bad: JsonValue = { family: 'a b', containerDefinitions: [{ image: '' }], tags: 'x' };
  expect(problems(bad).length).toBeGreaterThan(4);
});
