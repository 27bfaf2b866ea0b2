import { describe, expect, it } from '@jest/globals';
import { taskRunWorldForTests } from './task-run-world.ts';

const world = taskRunWorldForTests();

describe('a task that ends with exit code 0', () => {
  it('is success, and each of its states is said once', async () => {
    const { result, said } = await world().run(['--poll-interval', '1s']);
    const [task] = await world().tasks();
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'web',
      changes: [{ resource: task!.taskArn, kind: 'created' }],
      outputs: {
        taskArns: [task!.taskArn],
        taskDefinitionArn: expect.stringMatching(/:task-definition\/web:1$/),
        taskStatus: 'SUCCEEDED',
        exitCode: 0,
        stoppedReason: 'Essential container in task exited',
      },
    });
    for (const state of ['PROVISIONING', 'PENDING', 'RUNNING']) {
      expect(said.filter((line) => line === state)).toEqual([state]);
    }
    expect(said).toContain('STOPPED, app ended with exit code 0');
  });

  it('counts although the other container was ended by ECS', async () => {
    world().play({ exit: { exitCode: 0, exitCodes: { sidecar: 137 } } });
    expect((await world().run()).result.exitCode).toBe(0);
  });

  it('without waiting it is done when the task is started', async () => {
    const { result } = await world().run(['--no-wait']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'GOING', taskArns: [expect.any(String)] } });
    expect(result.outputs).not.toHaveProperty('exitCode');
    expect(world().calls('RunTask')).toBe(1);
  });
});

describe('a task that failed is exit code 10', () => {
  it('with its exit code, why it stopped, and the last twenty lines of its log', async () => {
    await world().registerWithLog();
    const log = Array.from({ length: 30 }, (_none, index) => `line ${index}`);
    world().play({ exit: { exitCode: 3, reason: 'OutOfMemoryError: Container killed due to memory usage' }, log });
    const { result } = await world().run();
    expect(result).toMatchObject({
      exitCode: 10,
      status: 'failed',
      outputs: {
        taskStatus: 'FAILED',
        exitCode: 3,
        stoppedReason: 'Essential container in task exited',
        logLink: expect.stringContaining('https://'),
      },
      error: { code: 'ecs.task_failed', title: 'task web failed: exit code 3' },
    });
    const { message = '', hints = [] } = result.error ?? {};
    expect(message).toMatch(/Essential container in task exited; app: exit code 3, OutOfMemoryError/);
    expect(message).toMatch(/\| line 29$/m);
    expect(message).not.toMatch(/\| line 9$/m);
    expect(hints.join('\n')).toMatch(/raise memory in the task definition[^]*The whole log: https:/);
  });

  it.each([
    ['CannotPullContainerError: pull image manifest has been retried 1 time(s)', 'The image could not be pulled'],
    ['ResourceInitializationError: unable to pull secrets or registry auth', 'check the execution role'],
  ])('a container that never started: %s', async (failToStart, hint) => {
    world().play({ failToStart });
    const { result } = await world().run();
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { taskStatus: 'FAILED', stoppedReason: failToStart },
      error: {
        title: 'task web failed without running to its end',
        message: expect.stringContaining(failToStart),
        hints: expect.arrayContaining([expect.stringContaining(hint)]),
      },
    });
    expect(result.outputs).not.toHaveProperty('exitCode');
  });

  it('a task that AWS took away', async () => {
    world().play({
      exit: { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', exitCode: 143 },
    });
    const { result } = await world().run();
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { exitCode: 143 },
      error: { message: expect.stringContaining('Your Spot Task was interrupted.') },
    });
  });

  it('a task that was cut off is no success, although its container exits with 0 when it is asked to stop', async () => {
    const exit = { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', exitCode: 0 };
    world().play({ exit });
    const { result, said } = await world().run();
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { taskStatus: 'FAILED', stoppedReason: exit.stoppedReason },
      error: { message: expect.stringContaining('SpotInterruption: Your Spot Task was interrupted.') },
    });
    expect(said.join('\n')).not.toContain('ended with exit code 0');
  });

  it('by the container that counts: another one may be named', async () => {
    world().play({ exit: { exitCode: 0, exitCodes: { sidecar: 4 } } });
    const { result } = await world().run(['--container', 'sidecar']);
    expect(result).toMatchObject({ exitCode: 10, outputs: { exitCode: 4 } });
  });
});

describe('E4: what ECS could not place is no success, although RunTask answers 200', () => {
  it.each([
    ['RESOURCE:MEMORY', 'No instance of the cluster has room'],
    ['RESOURCE:CPU', 'No instance of the cluster has room'],
    ['RESOURCE:ENI', 'network interface'],
    ['AGENT', 'The ECS agent of the instance is not connected'],
    ['ATTRIBUTE', 'requiresAttributes'],
    ['MISSING', 'check the cluster and its instances'],
    ['EMPTY CAPACITY PROVIDER', 'The cluster has no instances'],
    ['Capacity is unavailable at this time. Please try again later', 'AWS has no capacity now'],
  ])('%s is exit code 4, and nothing ran', async (noCapacity, hint) => {
    world().play({ noCapacity });
    const { result } = await world().run();
    expect(result).toMatchObject({
      exitCode: 4,
      status: 'failed',
      changes: [],
      outputs: { taskArns: [], taskStatus: 'FAILED' },
      error: {
        code: 'ecs.task_not_placed',
        title: `ECS could not place a task of web: ${noCapacity}`,
        hints: [expect.stringContaining(hint), 'Nothing ran.'],
      },
    });
    expect(await world().tasks()).toEqual([]);
  });

  it('without waiting, too', async () => {
    world().play({ noCapacity: 'RESOURCE:MEMORY' });
    expect((await world().run(['--no-wait'])).result.exitCode).toBe(4);
  });

  it('of several tasks those that run are followed, and it has failed all the same', async () => {
    world().play({ noCapacity: 'RESOURCE:MEMORY', times: 1 });
    const { result, said } = await world().run(['--count', '3']);
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { taskStatus: 'FAILED', taskArns: [expect.any(String), expect.any(String)] },
      error: { message: expect.stringContaining('A task could not be placed: RESOURCE:MEMORY') },
    });
    expect(said.filter((line) => line.endsWith('STOPPED, app ended with exit code 0'))).toHaveLength(2);
  });

  it('of several tasks without waiting: exit code 10, and those that were started go on', async () => {
    world().play({ noCapacity: 'RESOURCE:MEMORY', times: 1 });
    const { result } = await world().run(['--count', '3', '--no-wait']);
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { taskStatus: 'GOING' },
      error: { title: 'ECS started 2 of 3 tasks of web', message: 'RESOURCE:MEMORY' },
    });
  });
});

describe('E6: all tasks count, however long they take', () => {
  it('the one that fails may be any of them, and each is told', async () => {
    world().play({ times: 1, exit: { exitCode: 0 } }, { exit: { exitCode: 5 } });
    const { result, said } = await world().run(['--count', '2']);
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { exitCode: 5 },
      error: { title: '1 of 2 tasks of web failed: exit code 5' },
    });
    expect(said.filter((line) => /^Task [0-9a-f]{8}: STOPPED/.test(line))).toHaveLength(2);
  });

  it('two that succeed are success', async () => {
    const { result } = await world().run(['--count', '2']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED', exitCode: 0 } });
    expect(result.changes).toHaveLength(2);
  });

  it('a container without an exit code has failed, and the error can be read', async () => {
    world().play({ failToStart: 'TaskFailedToStart: ECS was unable to assume the role' });
    const { result } = await world().run(['--count', '2']);
    expect(result).toMatchObject({
      exitCode: 10,
      error: { title: '2 of 2 tasks of web failed without running to their end' },
    });
  });

  it('a task of five hours is waited for', async () => {
    world().play({ durations: { RUNNING: '5h' } });
    const { result } = await world().run(['--timeout', '6h', '--poll-interval', '5m']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
  });

  it('a task that stopped hours before the others is not lost from sight', async () => {
    world().play({ times: 1, durations: { RUNNING: '1m' } }, { durations: { RUNNING: '3h' } });
    const { result } = await world().run(['--count', '2', '--timeout', '6h', '--poll-interval', '5m']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
  });
});
