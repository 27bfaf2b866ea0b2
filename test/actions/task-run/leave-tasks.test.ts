import { describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { taskRunWorldForTests, type RunOfTask } from './task-run-world.ts';

const world = taskRunWorldForTests();

const MINUTE_MS = 60_000;

/** State and reason of the one task, some time after it was left. */
async function fate(): Promise<{ lastStatus?: string; stoppedReason?: string }> {
  await world().stage.pass(600);
  const [task, ...others] = await world().tasks();
  expect(others).toEqual([]);
  const { lastStatus = '', stoppedReason = '' } = task ?? {};
  return { lastStatus, stoppedReason };
}

describe('when the time is over it is exit code 8', () => {
  it('and the task is stopped', async () => {
    world().play({ durations: { RUNNING: '5h' } });
    const { result } = await world().run(['--poll-interval', '60s']);
    expect(result).toMatchObject({
      exitCode: 8,
      status: 'failed',
      outputs: { taskStatus: 'GOING' },
      error: {
        code: 'ecs.task_timeout',
        title: 'task web did not end in 30m: it is RUNNING',
        message: 'The time is over, and it was told to stop.',
        hints: [
          'To wait longer, raise timeout.',
          expect.stringMatching(/^To see how it ended: aws ecs describe-tasks --cluster demo --tasks \S+ --region /),
        ],
      },
    });
    expect(await fate()).toEqual({ lastStatus: 'STOPPED', stoppedReason: 'aws-deploy: its time is over' });
  });

  it('or goes on, with the commands to look at it, to stop it, and to follow it again', async () => {
    world().play({ durations: { RUNNING: '5h' } });
    const { result } = await world().run(['--on-timeout', 'leave', '--timeout', '2m', '--idempotency-key', 'k']);
    const arn = String((result.outputs['taskArns'] as string[])[0]);
    expect(result).toMatchObject({ exitCode: 8, error: { message: 'The time is over, and it goes on.' } });
    expect(result.error?.hints).toEqual([
      'To wait longer, raise timeout.',
      `To look at it: aws ecs describe-tasks --cluster demo --tasks ${arn} --region eu-central-1`,
      `To stop it: aws ecs stop-task --cluster demo --task ${arn} --region eu-central-1`,
      'To follow it again, run the same with idempotency_key k',
    ]);
    expect((await fate()).lastStatus).toBe('RUNNING');
  });

  it('which it does, also with the key that was made up', async () => {
    world().play({ durations: { RUNNING: '5m' } });
    const first = await world().run(['--on-timeout', 'leave', '--timeout', '2m']);
    const key = /idempotency_key (\S+)$/m.exec(first.result.error?.hints.join('\n') ?? '')?.[1] ?? '';
    const again = await world().run(['--idempotency-key', key]);
    expect(again.result).toMatchObject({ exitCode: 0, outputs: { taskArns: first.result.outputs['taskArns'] } });
    expect(await world().tasks()).toHaveLength(1);
  });

  it('of several tasks only those that still run are stopped', async () => {
    world().play({ times: 1, durations: { RUNNING: '10s' } }, { durations: { RUNNING: '5h' } });
    const { result } = await world().run(['--count', '2', '--timeout', '5m']);
    expect(result).toMatchObject({
      exitCode: 8,
      error: { title: 'the tasks of web did not all end in 5m: 1 STOPPED, 1 RUNNING' },
    });
    expect(world().calls('StopTask')).toBe(1);
  });

  it('a task that may not be stopped goes on, and that is said', async () => {
    world().play({ durations: { RUNNING: '5h' } });
    world().deny('ecs:StopTask');
    const { result } = await world().run(['--timeout', '2m']);
    expect(result).toMatchObject({
      exitCode: 8,
      error: {
        message: expect.stringMatching(/it could not be stopped and goes on \(not allowed: ecs:StopTask on /),
        hints: expect.arrayContaining([expect.stringMatching(/^To stop it: aws ecs stop-task/)]),
      },
    });
    expect((await fate()).lastStatus).toBe('RUNNING');
  });

  it('a task that never starts is not waited for for ever', async () => {
    world().play({ stuck: 'PROVISIONING' });
    const { result } = await world().run(['--timeout', '10m', '--poll-interval', '30s']);
    expect(result).toMatchObject({ exitCode: 8, error: { title: 'task web did not end in 10m: it is PROVISIONING' } });
    expect((await fate()).lastStatus).toBe('STOPPED');
  });
});

describe('a cancel is exit code 6', () => {
  async function canceled(onCancel: string): Promise<RunOfTask> {
    world().play({ durations: { RUNNING: '5h' } });
    const canceling = new AbortController();
    const clock = drivingClock(world().localAws.control);
    clock.at(10 * MINUTE_MS, () => canceling.abort());
    return world().run(['--on-cancel', onCancel, '--poll-interval', '30s'], { clock, signal: canceling.signal });
  }

  it.each([
    ['stop', 'STOPPED', 'it was told to stop'],
    ['leave', 'RUNNING', 'it goes on'],
  ])('with %s the task is %s', async (onCancel, lastStatus, told) => {
    const { result } = await canceled(onCancel);
    expect(result).toMatchObject({
      exitCode: 6,
      status: 'canceled',
      error: { code: 'canceled', title: `canceled; task web: ${told}` },
    });
    expect((await fate()).lastStatus).toBe(lastStatus);
  });

  it('while the answer to RunTask is on its way the task is stopped, too', async () => {
    world().play({ durations: { RUNNING: '5h' } });
    const canceling = new AbortController();
    const { control } = world().localAws;
    control.addFault({ operation: 'ecs:RunTask', kind: 'hang-after-apply' });
    const run = world().run([], { signal: canceling.signal });
    await control.waitForRequest(({ state, operation }) => operation === 'ecs:RunTask' && state === 'hanging');
    canceling.abort();
    expect((await run).result).toMatchObject({ exitCode: 6 });
    expect((await fate()).lastStatus).toBe('STOPPED');
  });

  it('before RunTask nothing is started', async () => {
    const canceling = new AbortController();
    const { control } = world().localAws;
    control.addFault({ operation: 'ecs:DescribeTaskDefinition', kind: 'hang-after-apply' });
    const run = world().run([], { signal: canceling.signal });
    await control.waitForRequest(({ state }) => state === 'hanging');
    canceling.abort();
    expect((await run).result).toMatchObject({ exitCode: 6, error: { title: 'canceled' } });
    expect(world().calls('RunTask')).toBe(0);
  });
});
