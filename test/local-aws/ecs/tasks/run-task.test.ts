import {
  DescribeTasksCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
  StartTaskCommand,
  StopTaskCommand,
  type Task,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../../clients.ts';
import { type EcsStage, NETWORK, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

function run(input: Partial<RunTaskCommandInput> = {}): Promise<RunTaskCommandOutput> {
  return stage.ecs.send(
    new RunTaskCommand({
      cluster: 'demo',
      taskDefinition: 'web',
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      ...input,
    }),
  );
}

async function describeTask(taskArn: string): Promise<Task> {
  const { tasks } = await stage.ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: [taskArn] }));
  return tasks![0]!;
}

async function runOne(input?: Partial<RunTaskCommandInput>): Promise<string> {
  return (await run(input)).tasks![0]!.taskArn!;
}

/** A definition of the EC2 kind, on the network of its host. */
function registerForInstances(): Promise<unknown> {
  return stage.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'classic',
      containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:1', memory: 128 }],
    }),
  );
}

describe('a task', () => {
  it('goes through its states, with desired status and times', async () => {
    const arn = await runOne({ startedBy: 'me', tags: [{ key: 'a', value: 'b' }] });
    const seen: string[] = [];
    for (let second = 0; second < 60; second += 1) {
      const { lastStatus, desiredStatus } = await describeTask(arn);
      const state = `${lastStatus} ${desiredStatus}`;
      if (seen.at(-1) !== state) seen.push(state);
      await stage.pass(1);
    }
    expect(seen).toEqual([
      'PROVISIONING RUNNING',
      'PENDING RUNNING',
      'RUNNING RUNNING',
      'STOPPING STOPPED',
      'DEPROVISIONING STOPPED',
      'STOPPED STOPPED',
    ]);
    expect(await describeTask(arn)).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      startedBy: 'me',
      group: 'family:web',
      platformVersion: '1.4.0',
      containers: [
        { name: 'app', exitCode: 0, lastStatus: 'STOPPED', image: 'ghcr.io/acme/web:1' },
        { name: 'sidecar', exitCode: 143 },
      ],
      createdAt: expect.any(Date),
      pullStartedAt: expect.any(Date),
      startedAt: expect.any(Date),
      stoppingAt: expect.any(Date),
      executionStoppedAt: expect.any(Date),
      stoppedAt: expect.any(Date),
    });
  });

  it('on an instance is neither provisioned nor deprovisioned', async () => {
    await registerForInstances();
    const { tasks } = await stage.ecs.send(new RunTaskCommand({ cluster: 'demo', taskDefinition: 'classic' }));
    expect(tasks).toMatchObject([{ lastStatus: 'PENDING', launchType: 'EC2', attachments: [] }]);
    expect(tasks![0]!.containerInstanceArn).toMatch(/:container-instance\/demo\/[0-9a-f]{32}$/);
  });

  it('can be started on an instance of one’s choice', async () => {
    await registerForInstances();
    const { tasks } = await stage.ecs.send(
      new StartTaskCommand({ cluster: 'demo', taskDefinition: 'classic', containerInstances: ['i1', 'i2'] }),
    );
    expect(tasks!.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual(['i1', 'i2']);
  });

  it('ends as the scenario says', async () => {
    const exit = {
      after: '3s',
      exitCode: 137,
      exitCodes: { sidecar: 1 },
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    };
    await stage.restart({ ecs: { tasks: [{ match: 'web', exit }] } });
    const arn = await runOne();
    await stage.pass(60);
    expect(await describeTask(arn)).toMatchObject({
      containers: [{ exitCode: 137, reason: exit.reason }, { exitCode: 1 }],
    });
  });

  it('may be interrupted', async () => {
    const exit = { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', exitCode: 143 };
    await stage.restart({ ecs: { tasks: [{ match: 'web', exit }] } });
    const arn = await runOne();
    await stage.pass(60);
    expect(await describeTask(arn)).toMatchObject({
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
    });
  });

  it('stays where the scenario holds it', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', stuck: 'PENDING' }] } });
    const arn = await runOne();
    await stage.pass(3600);
    expect(await describeTask(arn)).toMatchObject({ lastStatus: 'PENDING' });
  });

  it('takes as long as the scenario says, as often as it says', async () => {
    const durations = { PROVISIONING: '1m', RUNNING: '1h' };
    await stage.restart({ ecs: { tasks: [{ match: 'web', durations, times: 1 }] } });
    const { tasks } = await run({ count: 2 });
    await stage.pass(300);
    const [slow, quick] = await Promise.all(tasks!.map(({ taskArn }) => describeTask(taskArn!)));
    expect([slow!.lastStatus, quick!.lastStatus]).toEqual(['RUNNING', 'STOPPED']);
  });

  it('that has stopped is forgotten after an hour', async () => {
    const arn = await runOne();
    await stage.pass(60 + 3600);
    const { tasks, failures } = await stage.ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: [arn] }));
    expect([tasks, failures]).toEqual([[], [{ arn, reason: 'MISSING' }]]);
  });

  it('can be waited for with the waiter of the SDK', async () => {
    const arn = await runOne();
    await stage.pass(120);
    const params = { client: stage.ecs, maxWaitTime: 10, minDelay: 1 };
    expect(await waitUntilTasksStopped(params, { cluster: 'demo', tasks: [arn] })).toMatchObject({ state: 'SUCCESS' });
  });
});

describe('StopTask', () => {
  it('ends a task with the reason that is given', async () => {
    const arn = await runOne();
    await stage.pass(15);
    const { task } = await stage.ecs.send(new StopTaskCommand({ cluster: 'demo', task: arn, reason: 'enough' }));
    expect(task).toMatchObject({ desiredStatus: 'STOPPED' });
    await stage.pass(30);
    expect(await describeTask(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      containers: [{ exitCode: 143 }, { exitCode: 143 }],
    });
  });

  it('of a task that has not run leaves it without exit codes', async () => {
    const arn = await runOne();
    await stage.ecs.send(new StopTaskCommand({ cluster: 'demo', task: arn.split('/').at(-1) }));
    await stage.pass(30);
    const task = await describeTask(arn);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'Task stopped by user' });
    expect(task.containers![0]).not.toHaveProperty('exitCode');
  });

  it('of a task that is not there is refused', async () => {
    const call = stage.ecs.send(new StopTaskCommand({ cluster: 'demo', task: 'x' }));
    expect(await failureOf(call)).toMatchObject({
      name: 'InvalidParameterException',
      message: 'The referenced task was not found.',
    });
  });
});

describe('RunTask', () => {
  it('tells of what it has no place for, and does not fail', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'classic', noCapacity: 'RESOURCE:MEMORY', times: 1 }] } });
    await registerForInstances();
    const { tasks, failures } = await stage.ecs.send(
      new RunTaskCommand({ cluster: 'demo', taskDefinition: 'classic', count: 2 }),
    );
    expect(tasks).toHaveLength(1);
    expect(failures).toEqual([
      { arn: expect.stringContaining(':container-instance/demo/'), reason: 'RESOURCE:MEMORY' },
    ]);
  });

  it('with the token of another call gives the tasks of that one', async () => {
    const first = await runOne({ clientToken: 't' });
    expect(await runOne({ clientToken: 't' })).toBe(first);
    expect(await failureOf(run({ clientToken: 't', count: 2 }))).toMatchObject({ name: 'ConflictException' });
    expect(await stage.tasks()).toHaveLength(1);
  });

  it('passes tags of the definition on when it is asked to', async () => {
    await stage.register({ tags: [{ key: 'a', value: '1' }] });
    const { tasks } = await run({ propagateTags: 'TASK_DEFINITION', tags: [{ key: 'b', value: '2' }] });
    expect(tasks![0]!.tags).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
  });

  it.each<[string, Partial<RunTaskCommandInput>, { name: string; message?: string }]>([
    ['an unknown cluster', { cluster: 'x' }, { name: 'ClusterNotFoundException', message: 'Cluster not found.' }],
    [
      'an unknown definition',
      { taskDefinition: 'x' },
      { name: 'ClientException', message: 'TaskDefinition not found.' },
    ],
    ['too many', { count: 11 }, { name: 'InvalidParameterException' }],
    [
      'no network',
      { networkConfiguration: undefined },
      {
        name: 'InvalidParameterException',
        message: "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      },
    ],
    [
      'an override of another container',
      { overrides: { containerOverrides: [{ name: 'x' }] } },
      {
        name: 'InvalidParameterException',
        message: 'Override for container named x is not a container in the TaskDefinition.',
      },
    ],
    [
      'a launch type and a strategy',
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      {
        name: 'InvalidParameterException',
        message:
          'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
      },
    ],
  ])('refuses %s', async (_title, input, error) => {
    expect(await failureOf(run(input))).toMatchObject(error);
  });

  it('refuses Fargate for a definition that is not made for it', async () => {
    await registerForInstances();
    const call = run({ taskDefinition: 'classic', networkConfiguration: undefined });
    expect(await failureOf(call)).toMatchObject({ message: 'Task definition does not support launch_type FARGATE.' });
  });
});

describe('ListTasks', () => {
  const list = async (input: ListTasksCommandInput): Promise<number> => {
    const { taskArns } = await stage.ecs.send(new ListTasksCommand({ cluster: 'demo', ...input }));
    return taskArns!.length;
  };

  it.each<[string, ListTasksCommandInput, number]>([
    ['all that are to run', {}, 5],
    ['those of a service', { serviceName: 'web' }, 2],
    ['those of a family', { family: 'other' }, 1],
    ['those that somebody started', { startedBy: 'me' }, 1],
    ['those on Fargate', { launchType: 'FARGATE' }, 5],
    ['those on instances', { launchType: 'EC2' }, 0],
    ['those that are to stop', { desiredStatus: 'STOPPED' }, 1],
    ['none that are to be pending', { desiredStatus: 'PENDING' }, 0],
  ])('gives %s', async (_title, input, count) => {
    await stage.createService();
    await stage.pass(5);
    await stage.register({ family: 'other' });
    await run({ taskDefinition: 'other' });
    await run({ startedBy: 'me' });
    await run();
    await stage.ecs.send(new StopTaskCommand({ cluster: 'demo', task: await runOne() }));
    expect(await list(input)).toBe(count);
  });

  it('refuses a service that is not there', async () => {
    expect(await failureOf(list({ serviceName: 'x' }))).toMatchObject({ name: 'ServiceNotFoundException' });
  });
});

it('DescribeTasks wants at least one', async () => {
  const call = stage.ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: [] }));
  expect(await failureOf(call)).toMatchObject({
    name: 'InvalidParameterException',
    message: 'Tasks cannot be empty.',
  });
});
