import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { operationsOf } from '../../support/local-aws-world.ts';

const world = ecsWorldForTests();

function request(told: JsonObject = {}): JsonObject & { cluster: string; clientToken: string } {
  return {
    cluster: 'demo',
    clientToken: 'token-1',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...told,
  };
}

describe('tasks of a service', () => {
  it('say by which deployment they were started, and what they run', async () => {
    const { stage, ecs } = world();
    const { deployments, taskDefinition } = await stage.createService();
    await stage.pass(60);
    const tasks = await ecs.tasks.ofService(WEB, 'RUNNING');
    expect(tasks).toHaveLength(2);
    expect(tasks[0]).toMatchObject({ startedBy: deployments?.[0]?.id, taskDefinition, lastStatus: 'RUNNING' });
    expect(tasks[0]?.containers.map(({ name }) => name)).toEqual(['app', 'sidecar']);
  });

  it('that stopped say why', async () => {
    const { stage, ecs } = world();
    stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web', exit: { after: '1s', exitCode: 3 } }] } });
    await stage.createService();
    await stage.pass(60);
    const [stopped] = await ecs.tasks.ofService(WEB, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'EssentialContainerExited', lastStatus: 'STOPPED' });
    expect(stopped?.containers.find(({ name }) => name === 'app')?.exitCode).toBe(3);
  });
});

describe('run', () => {
  it('starts a task once, however often the request is sent', async () => {
    const { stage, ecs } = world();
    stage.localAws.control.addFault({ operation: 'ecs:RunTask', kind: 'reset-after-apply' });
    const first = await ecs.tasks.run(request());
    const again = await ecs.tasks.run(request());
    expect(again.tasks.map(({ arn }) => arn)).toEqual(first.tasks.map(({ arn }) => arn));
    expect(await stage.tasks()).toHaveLength(1);
  });

  it('says what could not be placed, although AWS answers 200', async () => {
    const { stage, ecs } = world();
    stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web', noCapacity: 'RESOURCE:MEMORY' }] } });
    expect(await ecs.tasks.run(request())).toMatchObject({ tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] });
  });

  it('tasks are found again by who started them, running or stopped', async () => {
    const { stage, ecs } = world();
    await ecs.tasks.run(request({ startedBy: 'job-1' }));
    const { tasks } = await ecs.tasks.run(request({ startedBy: 'job-1', clientToken: 'token-2' }));
    await ecs.tasks.stop('demo', tasks[0]?.arn ?? '', 'enough');
    await stage.pass(30);
    const found = await ecs.tasks.startedBy('demo', 'job-1');
    expect(found.map(({ lastStatus }) => lastStatus).toSorted()).toEqual(['RUNNING', 'STOPPED']);
  });
});

describe('poll', () => {
  it('gives the tasks that there are', async () => {
    const { ecs } = world();
    const { tasks } = await ecs.tasks.run(request());
    const arn = tasks[0]?.arn ?? '';
    const missing = arn.replace(/[0-9a-f]{32}$/, '0'.repeat(32));
    expect((await ecs.tasks.poll('demo', [arn, missing])).map((task) => task.arn)).toEqual([arn]);
  });

  it('of no tasks asks nobody', async () => {
    const { stage, ecs } = world();
    expect(await ecs.tasks.poll('demo', [])).toEqual([]);
    expect(operationsOf(stage.localAws)).toEqual([]);
  });
});
