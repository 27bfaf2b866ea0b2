import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { definitionProblems } from '../../../src/plan/job-definition/checks.ts';
import { CONTAINER, ECS, EKS, FARGATE, MULTINODE, withContainer } from '../../support/definitions.ts';

/** The problems as a person reads them: the path, then the message. */
function problems(definition: JsonObject): string[] {
  return definitionProblems(definition).map(({ path, message }) => `${path.join('.')} ${message}`.trim());
}

function without(definition: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => name !== key));
}

function resources(vcpus: JsonValue, memory: JsonValue): JsonObject {
  return {
    resourceRequirements: [
      { type: 'VCPU', value: vcpus },
      { type: 'MEMORY', value: memory },
    ],
  };
}

function nodes(members: JsonObject): JsonObject {
  return { ...MULTINODE, nodeProperties: { ...(MULTINODE['nodeProperties'] as JsonObject), ...members } };
}

describe('nothing is wrong with', () => {
  it.each<[string, JsonObject]>([
    ['a container on EC2', CONTAINER],
    ['a container on Fargate', FARGATE],
    ['containers of ECS', ECS],
    ['a pod of EKS', EKS],
    ['several nodes', MULTINODE],
    [
      'the deprecated vcpus and memory on EC2',
      withContainer(without(CONTAINER, 'x'), { resourceRequirements: [], vcpus: 1, memory: 512 }),
    ],
    [
      'fields that this code has never heard of',
      { ...withContainer(CONTAINER, { brandNew: 1 }), alsoNew: { a: null } },
    ],
    [
      'members that are null, which are not there to AWS',
      {
        ...withContainer(CONTAINER, { environment: null }),
        tags: null,
        timeout: null,
        schedulingPriority: null,
        ecsProperties: null,
      },
    ],
    ['the longest name', { ...CONTAINER, jobDefinitionName: 'x'.repeat(128) }],
    ['a name of every character', { ...CONTAINER, jobDefinitionName: '_aZ-9' }],
    ['tags with all that they can have', { ...CONTAINER, tags: { 'Größe 2_.:/=+-@': '大 8_.:/=+-@' } }],
    ['an image by digest', withContainer(CONTAINER, { image: `ghcr.io/acme/crawl@sha256:${'0'.repeat(64)}` })],
    [
      'an environment variable that comes from elsewhere',
      {
        ...EKS,
        eksProperties: {
          podProperties: { containers: [{ image: 'a', env: [{ name: 'A', valueFrom: { fieldRef: {} } }] }] },
        },
      },
    ],
    [
      'the bounds of numbers',
      { ...CONTAINER, schedulingPriority: 0, retryStrategy: { attempts: 10 }, timeout: { attemptDurationSeconds: 60 } },
    ],
    ['the upper bound of the priority', { ...CONTAINER, schedulingPriority: 9999 }],
    [
      'conditions in lower case',
      {
        ...CONTAINER,
        retryStrategy: {
          attempts: 1,
          evaluateOnExit: [
            { action: 'retry', onExitCode: '1' },
            { action: 'exit', onReason: '*' },
          ],
        },
      },
    ],
    ['MANAGED_INSTANCES with ecsProperties', { ...ECS, platformCapabilities: ['MANAGED_INSTANCES'] }],
    [
      'node ranges with open ends',
      nodes({ nodeRangeProperties: [':1', '2:', '0:2'].map((targetNodes) => ({ targetNodes })) }),
    ],
  ])('%s', (_what, definition) => {
    expect(problems(definition)).toEqual([]);
  });
});

describe('one thing is wrong, and is said with its path', () => {
  it.each<[string, JsonObject, string]>([
    ['no name', without(CONTAINER, 'jobDefinitionName'), 'jobDefinitionName is missing'],
    [
      'a name with a blank',
      { ...CONTAINER, jobDefinitionName: 'a b' },
      'jobDefinitionName must be 1 to 128 letters, digits, hyphens and underscores',
    ],
    [
      'a name that is too long',
      { ...CONTAINER, jobDefinitionName: 'x'.repeat(129) },
      'jobDefinitionName must be 1 to 128 letters, digits, hyphens and underscores',
    ],
    [
      'a name that ends the line',
      { ...CONTAINER, jobDefinitionName: 'a\n' },
      'jobDefinitionName must be 1 to 128 letters, digits, hyphens and underscores',
    ],
    ['no type', without(CONTAINER, 'type'), 'type is missing: container or multinode'],
    ['an unknown type', { ...CONTAINER, type: 'array' }, 'type must be container or multinode'],
    [
      'no properties',
      without(CONTAINER, 'containerProperties'),
      ' exactly one of containerProperties, ecsProperties, eksProperties is needed; none is given',
    ],
    [
      'no properties of several nodes',
      without(MULTINODE, 'nodeProperties'),
      ' exactly one of nodeProperties is needed; none is given',
    ],
    [
      'node properties for a container',
      { ...CONTAINER, nodeProperties: MULTINODE['nodeProperties']! },
      'nodeProperties is not for type container',
    ],
    [
      'container properties for several nodes',
      { ...MULTINODE, containerProperties: CONTAINER['containerProperties']! },
      'containerProperties is not for type multinode',
    ],
    [
      'an unknown platform',
      { ...CONTAINER, platformCapabilities: ['LAMBDA'] },
      'platformCapabilities.0 must be EC2, FARGATE or MANAGED_INSTANCES',
    ],
    [
      'a platform that is no list',
      { ...CONTAINER, platformCapabilities: 'EC2' },
      'platformCapabilities must be a list',
    ],
    [
      'MANAGED_INSTANCES without ecsProperties',
      { ...CONTAINER, platformCapabilities: ['MANAGED_INSTANCES'] },
      'platformCapabilities can be MANAGED_INSTANCES only with ecsProperties',
    ],
    ['a platform on EKS', { ...EKS, platformCapabilities: ['EC2'] }, 'platformCapabilities is not for jobs on EKS'],
    ['propagated tags on EKS', { ...EKS, propagateTags: true }, 'propagateTags is not for jobs on EKS'],
    ['no image', withContainer(CONTAINER, { image: null }), 'containerProperties.image is missing'],
    [
      'an image with a blank',
      withContainer(CONTAINER, { image: 'a b' }),
      'containerProperties.image must be the name of an image',
    ],
    [
      'an image that is too long',
      withContainer(CONTAINER, { image: 'x'.repeat(256) }),
      'containerProperties.image must be at most 255 characters (has 256)',
    ],
    [
      'an environment that is a map',
      withContainer(CONTAINER, { environment: { A: '1' } }),
      'containerProperties.environment must be a list of {name, value}',
    ],
    [
      'a variable without a name',
      withContainer(CONTAINER, { environment: [{ value: '1' }] }),
      'containerProperties.environment.0 must have a name',
    ],
    [
      'a reserved variable',
      withContainer(CONTAINER, {
        environment: [
          { name: 'A', value: '1' },
          { name: 'AWS_BATCH_X', value: '1' },
        ],
      }),
      'containerProperties.environment.1.name must not begin with AWS_BATCH, which AWS Batch keeps for itself (got: AWS_BATCH_X)',
    ],
    [
      'a variable that is a number',
      withContainer(CONTAINER, { environment: [{ name: 'A', value: 1 }] }),
      'containerProperties.environment.0.value of A must be a string (got: 1)',
    ],
    [
      'a reserved variable of a pod',
      {
        ...EKS,
        eksProperties: {
          podProperties: { containers: [{ name: 'main', image: 'a', env: [{ name: 'AWS_BATCH', value: '1' }] }] },
        },
      },
      'eksProperties.podProperties.containers.0.env.0.name must not begin with AWS_BATCH, which AWS Batch keeps for itself (got: AWS_BATCH)',
    ],
    [
      'no vCPU on EC2',
      withContainer(CONTAINER, { resourceRequirements: [{ type: 'MEMORY', value: '512' }] }),
      'containerProperties.resourceRequirements must have an entry of type VCPU',
    ],
    [
      'the deprecated vcpus without memory',
      withContainer(CONTAINER, { resourceRequirements: [], vcpus: 1 }),
      'containerProperties.resourceRequirements must have an entry of type MEMORY',
    ],
    [
      'no memory on EC2',
      withContainer(CONTAINER, { resourceRequirements: [{ type: 'VCPU', value: '1' }] }),
      'containerProperties.resourceRequirements must have an entry of type MEMORY',
    ],
    [
      'no execution role on Fargate',
      withContainer(FARGATE, { executionRoleArn: null }),
      'containerProperties.executionRoleArn is needed on Fargate',
    ],
    [
      'no execution role of a task on Fargate',
      {
        ...ECS,
        platformCapabilities: ['FARGATE'],
        ecsProperties: { taskProperties: [{ containers: [{ name: 'main', image: 'a' }] }] },
      },
      'ecsProperties.taskProperties.0.executionRoleArn is needed on Fargate',
    ],
    [
      'vcpus on Fargate',
      withContainer(FARGATE, { vcpus: 1 }),
      'containerProperties.vcpus is not for Fargate: use resourceRequirements',
    ],
    [
      'memory on Fargate',
      withContainer(FARGATE, { memory: 512 }),
      'containerProperties.memory is not for Fargate: use resourceRequirements',
    ],
    [
      'privileged on Fargate',
      withContainer(FARGATE, { privileged: true }),
      'containerProperties.privileged is not for Fargate',
    ],
    [
      'no size on Fargate',
      withContainer(FARGATE, { resourceRequirements: [] }),
      'containerProperties.resourceRequirements must have VCPU and MEMORY on Fargate',
    ],
    [
      'two tasks',
      {
        ...ECS,
        ecsProperties: { taskProperties: [{ containers: [{ image: 'a' }] }, { containers: [{ image: 'a' }] }] },
      },
      'ecsProperties.taskProperties must be a list of exactly one task',
    ],
    [
      'no container of a task',
      { ...ECS, ecsProperties: { taskProperties: [{ containers: [] }] } },
      'ecsProperties.taskProperties.0.containers must be a list of 1 to 10 containers',
    ],
    [
      'eleven containers of a task',
      {
        ...ECS,
        ecsProperties: { taskProperties: [{ containers: Array.from({ length: 11 }, () => ({ image: 'a' })) }] },
      },
      'ecsProperties.taskProperties.0.containers must be a list of 1 to 10 containers',
    ],
    [
      'no node range',
      nodes({ nodeRangeProperties: [] }),
      'nodeProperties.nodeRangeProperties must be a list of 1 to 5 node ranges',
    ],
    [
      'a node range that is none',
      nodes({ nodeRangeProperties: [{ targetNodes: 'all' }] }),
      'nodeProperties.nodeRangeProperties.0.targetNodes must be a node index or a range such as 0:3',
    ],
    ['no number of nodes', nodes({ numNodes: null }), 'nodeProperties.numNodes is missing'],
    ['no main node', nodes({ mainNode: null }), 'nodeProperties.mainNode is missing'],
    ['a main node beyond the last', nodes({ mainNode: 3 }), 'nodeProperties.mainNode must be less than numNodes (3)'],
    [
      'no attempt',
      { ...CONTAINER, retryStrategy: { attempts: 0 } },
      'retryStrategy.attempts must be a whole number of at least 1 and at most 10 (got: 0)',
    ],
    [
      'eleven attempts',
      { ...CONTAINER, retryStrategy: { attempts: 11 } },
      'retryStrategy.attempts must be a whole number of at least 1 and at most 10 (got: 11)',
    ],
    [
      'conditions without attempts',
      { ...CONTAINER, retryStrategy: { evaluateOnExit: [{ action: 'EXIT', onExitCode: '1' }] } },
      'retryStrategy.evaluateOnExit needs attempts beside it',
    ],
    [
      'six conditions',
      {
        ...CONTAINER,
        retryStrategy: { attempts: 1, evaluateOnExit: Array.from({ length: 6 }, () => ({ action: 'EXIT' })) },
      },
      'retryStrategy.evaluateOnExit must be at most 5 conditions',
    ],
    [
      'a condition with another action',
      { ...CONTAINER, retryStrategy: { attempts: 1, evaluateOnExit: [{ action: 'STOP' }] } },
      'retryStrategy.evaluateOnExit.0.action must be RETRY or EXIT',
    ],
    [
      'a negative priority',
      { ...CONTAINER, schedulingPriority: -1 },
      'schedulingPriority must be a whole number of at least 0 and at most 9999 (got: -1)',
    ],
    [
      'a priority that is too high',
      { ...CONTAINER, schedulingPriority: 10_000 },
      'schedulingPriority must be a whole number of at least 0 and at most 9999 (got: 10000)',
    ],
    [
      'a timeout of 59 seconds',
      { ...CONTAINER, timeout: { attemptDurationSeconds: 59 } },
      'timeout.attemptDurationSeconds must be a whole number of at least 60 (got: 59)',
    ],
    ['parameters that are a list', { ...CONTAINER, parameters: [] }, 'parameters must be a map of strings'],
    ['a parameter that is a number', { ...CONTAINER, parameters: { a: 1 } }, 'parameters.a must be a string (got: 1)'],
    ['a tag that is a number', { ...CONTAINER, tags: { a: 1 } }, 'tags.a must be a string (got: 1)'],
    ['a reserved tag', { ...CONTAINER, tags: { 'AWS:x': '1' } }, 'tags.AWS:x must not begin with aws:'],
    [
      'a tag key that is too long',
      { ...CONTAINER, tags: { ['x'.repeat(129)]: '1' } },
      `tags.${'x'.repeat(129)} must have a key of 1 to 128 characters`,
    ],
    [
      'a tag with another character',
      { ...CONTAINER, tags: { a: 'x#' } },
      'tags.a must have only letters, digits, blanks and _.:/=+-@ in key and value',
    ],
    [
      'a tag value that is too long',
      { ...CONTAINER, tags: { a: 'x'.repeat(257) } },
      'tags.a must be at most 256 characters',
    ],
    [
      'a tag value with a character that tags can not have',
      { ...CONTAINER, tags: { a: '100%' } },
      'tags.a must have only letters, digits, blanks and _.:/=+-@ in key and value',
    ],
    [
      'a tag key with a character that tags can not have',
      { ...CONTAINER, tags: { 'a*': '' } },
      'tags.a* must have only letters, digits, blanks and _.:/=+-@ in key and value',
    ],
  ])('%s', (_what, definition, expected) => {
    expect(problems(definition)).toEqual([expected.trim()]);
  });

  it('two kinds of properties', () => {
    expect(problems({ ...CONTAINER, ecsProperties: ECS['ecsProperties']! })).toContain(
      'ecsProperties is one too many: exactly one of containerProperties, ecsProperties, eksProperties is needed; containerProperties and ecsProperties are given',
    );
  });

  it('Fargate for several nodes', () => {
    expect(problems({ ...MULTINODE, platformCapabilities: ['FARGATE'] })).toContain(
      'platformCapabilities must not be FARGATE: multi-node jobs run on EC2 only',
    );
  });
});

it('everything that is wrong is told at once', () => {
  expect(
    problems({ ...withContainer(CONTAINER, { image: '' }), jobDefinitionName: '', schedulingPriority: -1 }),
  ).toHaveLength(3);
});

describe('sizes of Fargate, the edges of each row of the table', () => {
  it.each([
    ['0.25', [512, 1024, 2048], [511, 768, 3072]],
    ['0.5', [1024, 2048, 4096], [512, 1536, 5120]],
    ['1', [2048, 3072, 8192], [1024, 2560, 9216]],
    ['2', [4096, 5120, 16_384], [3072, 4608, 17_408]],
    ['4', [8192, 9216, 30_720], [7168, 8704, 31_744]],
    ['8', [16_384, 20_480, 61_440], [12_288, 17_408, 65_536]],
    ['16', [32_768, 40_960, 122_880], [24_576, 36_864, 131_072]],
    ['32', [61_440, 122_880, 249_856], [32_768, 65_536, 262_144]],
  ])('%s vCPU', (vcpus, good, bad) => {
    for (const memory of good) expect(problems(withContainer(FARGATE, resources(vcpus, String(memory))))).toEqual([]);
    for (const memory of bad) {
      expect(problems(withContainer(FARGATE, resources(vcpus, String(memory))))).toEqual([
        expect.stringContaining(`Fargate has no ${memory} MiB with ${vcpus} vCPU`),
      ]);
    }
  });

  it('the nearest size is named', () => {
    expect(problems(withContainer(FARGATE, resources('1', '9000')))).toEqual([
      'containerProperties.resourceRequirements name sizes that do not go together: Fargate has no 9000 MiB with 1 vCPU; the nearest is 8192',
    ]);
  });

  it('a number of vCPUs that Fargate has not', () => {
    expect(problems(withContainer(FARGATE, resources('3', '8192')))).toEqual([
      'containerProperties.resourceRequirements name sizes that do not go together: Fargate has no 3 vCPU; it has 0.25, 0.5, 1, 2, 4, 8, 16, 32',
    ]);
  });

  it.each(['.25', '0.250'])('another spelling of the same number: %s', (vcpus) => {
    expect(problems(withContainer(FARGATE, resources(vcpus, '512')))).toEqual([]);
  });
});

describe('limits of the whole definition', () => {
  const tags = (count: number): JsonObject =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']));

  it('50 tags are taken, 51 are not', () => {
    expect(problems({ ...CONTAINER, tags: tags(50) })).toEqual([]);
    expect(problems({ ...CONTAINER, tags: tags(51) })).toEqual([
      'tags must be at most 50; there are 51, those of aws-deploy included',
    ]);
  });

  it('24 KiB are taken, a byte more is not; bytes, not characters', () => {
    const command = (text: string): JsonObject => withContainer(CONTAINER, { command: [text] });
    const room = 24 * 1024 - Buffer.byteLength(JSON.stringify(command('')));
    expect(problems(command('x'.repeat(room)))).toEqual([]);
    expect(problems(command(`${'x'.repeat(room - 1)}é`))).toEqual([
      'the definition has 24577 bytes as JSON; AWS Batch takes 24576',
    ]);
  });
});
