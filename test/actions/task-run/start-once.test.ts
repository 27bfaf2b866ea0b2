import { describe, expect, it } from '@jest/globals';
import { startOnce } from '../../../src/actions/task-run/start-once.ts';
import type { TaskOperations } from '../../../src/aws/ecs/tasks.ts';
import { deployError } from '../../../src/aws/errors.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { rejectionOf } from '../../support/failures.ts';
import { killingProxy } from '../../support/killing-proxy.ts';
import { taskRunWorldForTests } from './task-run-world.ts';

const world = taskRunWorldForTests();

const inJob = (id: string) => ({ env: { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: id } });

describe('a task is started once although the answer is lost', () => {
  it.each(['reset-after-apply', '500', 'reset-before'] as const)('%s', async (kind) => {
    world().localAws.control.addFault({ operation: 'ecs:RunTask', kind });
    const { result, said } = await world().run();
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
    expect(said).toContain('The answer to RunTask was lost; looking whether the task was started');
    expect(await world().tasks()).toHaveLength(1);
    expect(world().calls('RunTask')).toBe(kind === 'reset-after-apply' ? 1 : 2);
  });

  it('also when it is not listed yet: the same token is the same task', async () => {
    const { control } = world().localAws;
    control.addFault({ operation: 'ecs:RunTask', kind: 'reset-after-apply' });
    // The first look, which asks twice, is before RunTask; each of the three later ones ends with the first call.
    control.addFault({ operation: 'ecs:ListTasks', kind: '500', nth: 3, times: 3 });
    const { result } = await world().run();
    expect(result.exitCode).toBe(0);
    expect(world().calls('RunTask')).toBe(2);
    expect(await world().tasks()).toHaveLength(1);
  });

  it('an answer that is lost each time is an error in the end, with how to find the task', async () => {
    world().localAws.control.addFault({ operation: 'ecs:RunTask', kind: '500', times: 100 });
    const { result } = await world().run(['--idempotency-key', 'k']);
    expect(result).toMatchObject({
      exitCode: 4,
      error: {
        title: expect.stringMatching(/^ecs:RunTask failed on .*web:1$/),
        hints: expect.arrayContaining([
          expect.stringMatching(/aws ecs list-tasks --cluster demo --started-by aws-deploy\/[0-9a-f]{24} --region/),
          'To find it again, or start it, run the same with idempotency_key k',
        ]),
      },
    });
    expect(world().calls('RunTask')).toBe(4);
  });

  it('throttling is repeated: the task was not started', async () => {
    world().localAws.control.addFault({ operation: 'ecs:RunTask', kind: 'throttle' });
    const { result } = await world().run([], { env: { AWS_MAX_ATTEMPTS: '3' } });
    expect(result.exitCode).toBe(0);
    expect(await world().tasks()).toHaveLength(1);
  });
});

describe('a step that CircleCI runs again by itself', () => {
  it('follows the task that it started before, and says so', async () => {
    const first = await world().run(['--no-wait'], inJob('a'));
    const { result, said } = await world().run([], inJob('a'));
    expect(result).toMatchObject({
      exitCode: 0,
      changes: [{ kind: 'unchanged' }],
      outputs: { taskArns: first.result.outputs['taskArns'], taskStatus: 'SUCCEEDED' },
    });
    expect(said).toContainEqual(expect.stringMatching(/^Task web was started before \([0-9a-f]{32}\); following it$/));
    expect(await world().tasks()).toHaveLength(1);
  });

  it('also when the task has failed meanwhile', async () => {
    world().play({ times: 1, exit: { exitCode: 3 } }, { exit: { exitCode: 0 } });
    const first = await world().run([], inJob('a'));
    const again = await world().run([], inJob('a'));
    expect([first.result.exitCode, again.result.exitCode]).toEqual([10, 10]);
    expect(again.result.outputs).toMatchObject({ exitCode: 3 });
    expect(await world().tasks()).toHaveLength(1);
  });

  it('also when a newer revision was registered meanwhile', async () => {
    await world().run(['--no-wait'], inJob('a'));
    await world().stage.register({ cpu: '512', memory: '1024' });
    const { result } = await world().run([], inJob('a'));
    expect(result.outputs['taskDefinitionArn']).toMatch(/web:1$/);
    expect(await world().tasks()).toHaveLength(1);
  });

  it('of several tasks of which not all could be placed it does not start the others', async () => {
    world().play({ noCapacity: 'RESOURCE:MEMORY', times: 1 });
    await world().run(['--count', '2', '--no-wait'], inJob('a'));
    const { result } = await world().run(['--count', '2'], inJob('a'));
    expect(result).toMatchObject({
      exitCode: 10,
      error: { message: expect.stringContaining('1 of 2 tasks were started') },
    });
    expect(await world().tasks()).toHaveLength(1);
  });

  it('of which nothing could be placed is no success the second time either, and says what to do', async () => {
    world().play({ noCapacity: 'RESOURCE:MEMORY', times: 1 });
    await world().run([], inJob('a'));
    const { result } = await world().run([], inJob('a'));
    const byHand = await world().run([], inJob('b'));
    expect([result.exitCode, byHand.result.exitCode]).toEqual([4, 0]);
    expect(result.error?.hints).toContainEqual(expect.stringContaining('Run the job again by hand'));
  });

  it.each([
    ['a rerun by hand has another id', [], inJob('b')],
    ['another step runs another command', ['--command', 'other'], inJob('a')],
    ['another step sets another variable', ['--environment', 'A=2'], inJob('a')],
    ['another key is given', ['--idempotency-key', 'second'], inJob('a')],
  ])('%s: a new task is started', async (_what, args, options) => {
    await world().run([], inJob('a'));
    await world().run(args, options);
    expect(await world().tasks()).toHaveLength(2);
  });

  it('a dry run says that it would follow', async () => {
    const { result } = await world().run(['--no-wait'], inJob('a'));
    const planned = await world().run(['--dry-run'], inJob('a'));
    expect(planned.result).toMatchObject({
      status: 'planned',
      changes: [{ kind: 'unchanged' }],
      outputs: { taskArns: result.outputs['taskArns'] },
    });
    expect(planned.stderr).toContain('which was started before');
  });
});

it('outside CircleCI each run without a key is a run of its own', async () => {
  await world().run();
  await world().run();
  expect(await world().tasks()).toHaveLength(2);
});

it('who started a task can be read by tools that know of 36 characters only', async () => {
  await world().run(['--no-wait'], inJob('a'));
  const [task] = await world().tasks();
  expect(task!.startedBy).toMatch(/^[A-Za-z0-9/_-]{1,36}$/);
});

it('who may not list tasks can not be promised that a task runs once', async () => {
  world().deny('ecs:ListTasks');
  const { result } = await world().run();
  expect(result).toMatchObject({
    exitCode: 3,
    error: { title: expect.stringContaining('not allowed: ecs:ListTasks') },
  });
  expect(world().calls('RunTask')).toBe(0);
});

describe('a process that is killed at any call, and the step that runs again', () => {
  const SELDOM = ['--poll-interval', '30s'];

  async function callsOfARun(): Promise<number> {
    const proxy = await killingProxy(world().localAws.endpoint);
    await world().run(SELDOM, { env: { ...inJob('count').env, AWS_ENDPOINT_URL: proxy.endpoint } });
    await proxy.close();
    return proxy.count();
  }

  it('come to one task, whatever the call and whether AWS got it', async () => {
    const calls = await callsOfARun();
    expect(calls).toBeGreaterThan(6);
    for (let nth = 1; nth <= calls; nth++) {
      for (const applied of [false, true]) {
        const id = `killed-${nth}-${applied}`;
        const proxy = await killingProxy(world().localAws.endpoint, { nth, applied });
        await world().run(SELDOM, { env: { ...inJob(id).env, AWS_ENDPOINT_URL: proxy.endpoint } });
        await proxy.close();
        const before = (await world().tasks()).length;
        const again = await world().run(SELDOM, inJob(id));
        expect([id, again.result.exitCode]).toEqual([id, 0]);
        const startedBy = (await world().tasks()).filter(({ taskArn }) =>
          (again.result.outputs['taskArns'] as string[]).includes(taskArn!),
        )[0]!.startedBy;
        const own = (await world().tasks()).filter((task) => task.startedBy === startedBy);
        expect([id, own.length]).toEqual([id, 1]);
        expect((await world().tasks()).length - before).toBeLessThanOrEqual(1);
      }
    }
  }, 60_000);
});

describe('a token that AWS knows from another request', () => {
  const conflict = (members: object) => {
    const cause = Object.assign(new Error('The client token is in use'), { name: 'ConflictException', ...members });
    return deployError(cause, 'ecs:RunTask', 'web');
  };
  const said: string[] = [];
  const progress = { step: () => {}, info: () => {}, warn: (text: string) => void said.push(text), output: () => {} };
  const plan = { key: 'k', input: { cluster: 'demo', startedBy: 's', clientToken: 't', overrides: {} } };
  const start = (error: Error) => {
    const tasks = {
      run: async () => {
        throw error;
      },
    } as Partial<TaskOperations> as TaskOperations;
    const signal = new AbortController().signal;
    return startOnce(tasks, plan, 'eu-central-1', { clock: systemClock, progress, signal });
  };

  it('stands for the tasks that it names, which are followed', async () => {
    expect(await start(conflict({ resourceIds: ['arn:1'] }))).toEqual({ arns: ['arn:1'], failures: [], isNew: false });
    expect(said).toEqual([expect.stringContaining('An earlier run has used this idempotency key')]);
  });

  it('is an error when it names none', async () => {
    expect(await rejectionOf(start(conflict({})))).toMatchObject({
      code: 'ecs.key_used',
      exitCode: 4,
      hints: ['Give another idempotency_key. Nothing was started now.'],
    });
  });
});
