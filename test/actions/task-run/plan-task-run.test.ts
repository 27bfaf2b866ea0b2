import { describe, expect, it } from '@jest/globals';
import { planTaskRun } from '../../../src/actions/task-run/plan-task-run.ts';
import type { TaskRunWish } from '../../../src/actions/task-run/task-run-request.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { rejectionOf } from '../../support/failures.ts';
import { operationsOf } from '../../support/local-aws-world.ts';

const world = ecsWorldForTests();

const WISH: TaskRunWish = {
  cluster: 'demo',
  service: 'web',
  taskDefinition: {
    family: 'web',
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:2' }],
  },
  command: ['migrate'],
  wait: true,
  timeout: 60_000,
  pollInterval: 5000,
  onTimeout: 'stop',
  onCancel: 'stop',
  key: 'k',
};

describe('a task of a definition that is not registered yet', () => {
  it('is planned as it would run, and nothing is changed', async () => {
    await world().stage.createService();
    world().stage.localAws.control.clearRequests();
    expect(await planTaskRun(WISH, world().session)).toMatchObject({
      running: [],
      family: 'web',
      taskDefinitionArn: undefined,
      container: 'app',
      logs: ['app'],
      input: {
        cluster: 'demo',
        taskDefinition: 'web',
        count: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        overrides: { containerOverrides: [{ name: 'app', command: ['migrate'] }] },
      },
    });
    expect([...new Set(operationsOf(world().stage.localAws))]).toEqual(['ecs:ListTasks', 'ecs:DescribeServices']);
  });

  it.each<[string, Partial<TaskRunWish>, number]>([
    ['a container that it does not have', { container: 'ap' }, 2],
    ['a log of a container that it does not have', { logs: ['ap'] }, 2],
    ['a service that is not there', { service: 'wbe' }, 5],
    ['a cluster that is not there', { cluster: 'dmo' }, 5],
    ['no subnets', { service: undefined }, 2],
  ])('%s is found before', async (_what, change, exitCode) => {
    await world().stage.createService();
    expect(await rejectionOf(planTaskRun({ ...WISH, ...change }, world().session))).toMatchObject({ exitCode });
  });
});

it('the same key is another run for each of two steps that run different things', async () => {
  await world().stage.createService();
  const plans = await Promise.all(
    [WISH, WISH, { ...WISH, command: ['seed'] }].map((wish) => planTaskRun(wish, world().session)),
  );
  const [first, same, other] = plans.map(({ input }) => input.startedBy);
  expect(same).toBe(first);
  expect(other).not.toBe(first);
});
