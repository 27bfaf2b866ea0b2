import { beforeEach, describe, expect, it } from '@jest/globals';
import { runTask } from '../../../src/actions/run-task.ts';
import type { FaultKind } from '../../../src/local-aws/faults.ts';
import { taskRunWorldForTests, type RunOfTask } from './task-run-world.ts';

// Every call of a run fails once, in every way that passes by itself: the run copes, with one task.

const world = taskRunWorldForTests();
beforeEach(async () => {
  await world().registerWithLog();
  await world().stage.createService({ desiredCount: 0 });
  world().play({ log: ['migrating'] });
  world().localAws.control.clearRequests();
});

const run = (): Promise<RunOfTask> =>
  world().run(['--service', 'web', '--idempotency-key', 'k'], { bare: true, env: { AWS_MAX_ATTEMPTS: '3' } });

const OPERATIONS = [
  'sts:GetCallerIdentity',
  'ecs:ListTasks',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:RunTask',
  'ecs:DescribeTasks',
  'logs:GetLogEvents',
];
const PASSING: readonly FaultKind[] = ['throttle', '500', 'reset-before', 'reset-after-apply'];

describe.each(PASSING)('%s', (kind) => {
  it.each(OPERATIONS)('at %s', async (operation) => {
    const { control } = world().localAws;
    control.addFault({ operation, kind });
    const { result, said } = await run();
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
    expect(said.filter((line) => line === '| migrating')).toHaveLength(1);
    expect(control.requests().filter(({ fault }) => fault !== undefined)).toHaveLength(1);
    expect(await world().tasks()).toHaveLength(1);
  });
});

/** What the task itself does is not ours. */
function made(): string[] {
  const operations = world()
    .localAws.control.requests()
    .map(({ operation }) => operation);
  return [...new Set(operations)].filter((operation) => !/^logs:(Create|Put)/.test(operation));
}

describe('the AWS calls that are declared', () => {
  it('are those of the walk, which are those that a run makes', async () => {
    await run();
    const called = made();
    expect(called.toSorted()).toEqual(OPERATIONS.toSorted());
    expect(runTask.awsCalls).toEqual(expect.arrayContaining(called));
  });

  it.each([
    ['a cluster that is not there', ['--cluster', 'dmo', '--service', 'web'], 'ecs:ListClusters'],
    ['a service that is not there', ['--service', 'wbe'], 'ecs:ListServices'],
    ['a definition that is not there', ['--task-definition', 'wbe'], 'ecs:ListTaskDefinitionFamilies'],
    ['a time-out', ['--service', 'web', '--timeout', '5s'], 'ecs:StopTask'],
  ])('cover what is asked for %s', async (_what, args, operation) => {
    await world().run(args, { bare: true });
    const called = made();
    expect(called).toContain(operation);
    expect(runTask.awsCalls).toEqual(expect.arrayContaining(called));
  });
});

it.each(OPERATIONS)('who may not call %s is told so, and no second task runs', async (operation) => {
  world().localAws.control.addFault({ operation, kind: 'access-denied', times: 1000 });
  const { result } = await world().run(['--service', 'web'], { bare: true });
  world().localAws.control.clearFaults();
  // The log is a help, and no condition.
  expect(result.exitCode).toBe(operation === 'logs:GetLogEvents' ? 0 : 3);
  expect((await world().tasks()).length).toBeLessThanOrEqual(1);
});
