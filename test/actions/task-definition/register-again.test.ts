import { describe, expect, it } from '@jest/globals';
import { registerAgain } from '../../../src/actions/task-definition/register-again.ts';
import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { rejectionOf } from '../../support/failures.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { ON_FARGATE } from '../../support/task-definitions.ts';
import { quietContext, taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

const TAGS = {
  team: 'web',
  'aws-deploy:git-sha': 'abc',
  'aws-deploy:verified': '2026-11-20T12:00:00Z',
  'aws-deploy:rejected': '2026-11-20T12:00:00Z',
};

/** An INACTIVE revision with tags and a member that nobody knows, below an ACTIVE one. */
async function inactive(): Promise<DescribedTaskDefinition> {
  const { taskDefinitions } = world().ecs;
  world().stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
  const tags = Object.entries(TAGS).map(([key, value]) => ({ key, value }));
  const { arn } = await taskDefinitions.register({ ...ON_FARGATE, zeitgeist: [1], tags });
  await world().stage.register();
  await taskDefinitions.deregister(arn);
  return (await taskDefinitions.describe(arn))!;
}

const again = (described: DescribedTaskDefinition): Promise<DescribedTaskDefinition> =>
  registerAgain(described, world().session, quietContext().context);

describe('the content of an INACTIVE revision is registered again', () => {
  it('with every member, and the tags that still hold', async () => {
    const old = await inactive();
    const { definition, ...place } = await again(old);
    expect(place).toMatchObject({ revision: 4, status: 'ACTIVE', family: 'web' });
    expect({ ...definition, tags: [] }).toEqual({ ...old.definition, tags: [] });
    expect(tagMap(definition)).toEqual({ team: 'web', 'aws-deploy:git-sha': 'abc' });
  });

  it('once only: the newest revision with that content is taken as it is', async () => {
    const old = await inactive();
    const first = await again(old);
    expect((await again(old)).arn).toBe(first.arn);
    expect(await world().revisions()).toHaveLength(3);
  });

  it.each(['reset-before', 'reset-after-apply', '500', 'throttle'] as const)('%s: exactly once', async (kind) => {
    const old = await inactive();
    world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind });
    expect((await again(old)).revision).toBe(4);
    expect(await world().revisions()).toHaveLength(3);
  });

  it('a look that fails afterwards tells that the revision is there', async () => {
    const old = await inactive();
    const { control } = world().stage.localAws;
    control.addFault({ operation: 'ecs:DescribeTaskDefinition', kind: '500', nth: 2, times: 20 });
    const error = await rejectionOf(again(old));
    expect(error).toMatchObject({ exitCode: 4 });
    expect(error.hints).toContain('web:4 is registered.');
  });
});

it('content without our tags is found after a lost answer by what it says', async () => {
  const { taskDefinitions } = world().ecs;
  const old = await world().newest();
  await taskDefinitions.register(ON_FARGATE);
  world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: 'reset-after-apply' });
  expect((await again(old)).revision).toBe(3);
  const calls = operationsOf(world().stage.localAws).filter((name) => name === 'ecs:RegisterTaskDefinition');
  // One of them is that of the test.
  expect(calls).toHaveLength(2);
});
