import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

/** Long enough for any rolling update that ends well: starting, 40 s until healthy, stopping. */
const A_ROLLOUT = 120;

describe('a first rolling deployment', () => {
  it('starts the tasks, and is complete when they have been healthy', async () => {
    await stage.createService();
    await stage.pass(20);
    const meanwhile = await stage.service();
    expect(meanwhile).toMatchObject({ runningCount: 2, pendingCount: 0, desiredCount: 2 });
    expect(meanwhile.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 0 }]);
    await stage.pass(A_ROLLOUT);
    const { deployments } = await stage.service();
    expect(deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }]);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL', sourceServiceRevisions: [] });
    expect(await stage.events()).toEqual([
      '(service web) has started 2 tasks: (task id) (task id).',
      '(service web) (deployment ecs-svc/1) deployment completed.',
      '(service web) has reached a steady state.',
    ]);
  });

  it('is complete at once without tasks', async () => {
    await stage.createService({ desiredCount: 0 });
    await stage.pass(5);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
    expect((await stage.service()).deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 0 }]);
  });
});

describe('a rolling update', () => {
  it('replaces the tasks by those of the new revision, and ends when the old ones are gone', async () => {
    await stage.createService();
    await stage.pass(A_ROLLOUT);
    const first = await stage.deployment();
    const second = await stage.register();
    await stage.update({ taskDefinition: second });
    await stage.pass(20);
    const meanwhile = await stage.service();
    expect(meanwhile.deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition: second, runningCount: 2, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', runningCount: 2, rolloutState: 'COMPLETED' },
    ]);
    await stage.pass(A_ROLLOUT);
    expect((await stage.service()).deployments).toMatchObject([{ taskDefinition: second, rolloutState: 'COMPLETED' }]);
    expect(await stage.deployment()).toMatchObject({
      status: 'SUCCESSFUL',
      sourceServiceRevisions: [{ arn: first.targetServiceRevision!.arn, runningTaskCount: 0 }],
      targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
    });
    expect((await stage.tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([second, second]);
  });

  it('never has more tasks than the maximum nor fewer healthy ones than the minimum', async () => {
    await stage.createService({
      desiredCount: 4,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    });
    await stage.pass(A_ROLLOUT);
    await stage.update({ taskDefinition: await stage.register() });
    const seen: { wanted: number; running: number }[] = [];
    for (let second = 0; second < 240; second += 5) {
      await stage.pass(5);
      const tasks = await stage.tasks();
      seen.push({ wanted: tasks.length, running: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length });
    }
    expect(Math.max(...seen.map(({ wanted }) => wanted))).toBe(4);
    expect(Math.min(...seen.map(({ running }) => running))).toBe(2);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});
