import { ecsOf } from '../../../src/aws/ecs/session-ecs.ts';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { diffTaskDefinitions } from '../../../src/plan/task-definition/canonical.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { planTaskDefinition } from '../../../src/plan/task-definition/next-revision.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { openSession } from '../../../src/aws/session.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';
import { alteringProxy } from '../altering-proxy.ts';

const world = ecsWorldForTests();
const API = { ...ON_FARGATE, family: 'api' };

describe('a definition that was registered', () => {
  it.each<[string, JsonObject]>([
    ['on EC2', { ...ON_EC2, family: 'api' }],
    ['on Fargate', API],
    ['with sizes in words', { ...API, cpu: '.25 vCPU', memory: '0.5 GB' }],
    [
      'with a health check, volumes and mounts',
      {
        ...withTaskContainer(API, { healthCheck: { command: ['CMD', 'true'] }, mountPoints: [{ sourceVolume: 'v' }] }),
        volumes: [{ name: 'v' }],
      },
    ],
  ])('%s comes back as one without a difference', async (_what, definition) => {
    const { taskDefinitions } = world().ecs;
    const { arn } = await taskDefinitions.register(definition);
    const described = await taskDefinitions.describe(arn);
    expect(diffTaskDefinitions(definition, described?.definition ?? {})).toEqual([]);
    const again = planTaskDefinition({
      desired: definition,
      newest: described,
      facts: { gitSha: 'a', pipelineNumber: 1 },
      allowOlder: false,
    });
    expect(again.kind).toBe('nothing');
  });

  it('is described without what only AWS can say', async () => {
    const { taskDefinitions } = world().ecs;
    const { arn, revision } = await taskDefinitions.register(API);
    const described = await taskDefinitions.describe('api');
    expect(described).toMatchObject({ arn, family: 'api', revision, status: 'ACTIVE' });
    const told = [
      'taskDefinitionArn',
      'revision',
      'status',
      'registeredAt',
      'registeredBy',
      'compatibilities',
      'requiresAttributes',
    ];
    expect(Object.keys(described?.definition ?? {}).filter((key) => told.includes(key))).toEqual([]);
  });

  it('has its tags', async () => {
    const { taskDefinitions } = world().ecs;
    const { arn } = await taskDefinitions.register({ ...API, tags: [{ key: 'team', value: 'a=b @c' }] });
    await taskDefinitions.tag(arn, { 'aws-deploy:verified': '2026-11-20T12:00:00Z' });
    expect(tagMap((await taskDefinitions.describe(arn))?.definition ?? {})).toEqual({
      team: 'a=b @c',
      'aws-deploy:verified': '2026-11-20T12:00:00Z',
    });
  });
});

it('fields that the SDK has never heard of go out, come back and go out again', async () => {
  const { stage } = world();
  const proxy = await alteringProxy(stage.localAws.endpoint, (answer) => {
    const { taskDefinition } = answer;
    return taskDefinition === undefined
      ? answer
      : { ...answer, taskDefinition: { ...(taskDefinition as JsonObject), brandNew: { deep: [1, 'x'] } } };
  });
  const env = await awsEnvironment(proxy, { AWS_REGION: 'eu-central-1' });
  const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
  const { taskDefinitions } = ecsOf(session);
  const described = await taskDefinitions.describe('web');
  await taskDefinitions.register(described?.definition ?? {});
  expect(described?.definition['brandNew']).toEqual({ deep: [1, 'x'] });
  expect(proxy.bodies.at(-1)).toMatchObject({ family: 'web', brandNew: { deep: [1, 'x'] } });
});

describe('describe', () => {
  it.each(['nobody', 'web:99', 'arn:aws:ecs:eu-central-1:123456789012:task-definition/nobody:1'])(
    'is undefined for %s, which is not there',
    async (reference) => {
      expect(await world().ecs.taskDefinitions.describe(reference)).toBeUndefined();
    },
  );

  it('of a family gives its newest active revision', async () => {
    const { taskDefinitions } = world().ecs;
    await taskDefinitions.register(API);
    const { arn } = await taskDefinitions.register(API);
    await taskDefinitions.deregister(arn);
    expect((await taskDefinitions.describe('api'))?.revision).toBe(1);
    expect((await taskDefinitions.describe(arn))?.status).toBe('INACTIVE');
  });
});

describe('revisions', () => {
  it('are the newest first, all pages, and only of that family', async () => {
    const { taskDefinitions } = world().ecs;
    for (let count = 0; count < 103; count++) await taskDefinitions.register(API);
    await taskDefinitions.register({ ...API, family: 'api-more' });
    const numbers = (await taskDefinitions.revisions('api', 'ACTIVE')).map((arn) => Number(arn.split(':').at(-1)));
    expect(numbers).toEqual(Array.from({ length: 103 }, (_, index) => 103 - index));
  });

  it('can be limited, so that no more pages are read', async () => {
    const { stage, ecs } = world();
    await ecs.taskDefinitions.register(API);
    stage.localAws.control.clearRequests();
    await ecs.taskDefinitions.revisions('api', 'ACTIVE', 1);
    expect(operationsOf(stage.localAws)).toEqual(['ecs:ListTaskDefinitions']);
  });
});

it('families are those that have an active revision', async () => {
  const { taskDefinitions } = world().ecs;
  await taskDefinitions.register(API);
  expect((await taskDefinitions.families()).toSorted()).toEqual(['api', 'web']);
});

describe('register', () => {
  it('takes text byte for byte', async () => {
    const { taskDefinitions } = world().ecs;
    const environment = [{ name: 'A', value: 'ünï 🚀 "\\\n\u0007,=\'' }];
    const { arn } = await taskDefinitions.register(withTaskContainer(API, { environment }));
    const described = await taskDefinitions.describe(arn);
    expect(containersOf(described?.definition ?? {})[0]?.['environment']).toEqual(environment);
  });

  it('is repeated when AWS was too busy to take it', async () => {
    const { stage, ecs } = world();
    stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: 'throttle' });
    expect((await ecs.taskDefinitions.register(API)).revision).toBe(1);
  });

  it.each(['500', 'reset-before', 'reset-after-apply'] as const)(
    'is not repeated after %s, because it may have been applied',
    async (kind) => {
      const { stage, ecs } = world();
      stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind });
      await expect(ecs.taskDefinitions.register(API)).rejects.toThrow();
      expect(operationsOf(stage.localAws)).toEqual(['ecs:RegisterTaskDefinition']);
    },
  );
});
