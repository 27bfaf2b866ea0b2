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

  it('has the number of its service revision', async () => {
    const { deployments } = await stage.createService();
    const { targetServiceRevision } = await stage.deployment();
    expect(deployments![0]!.id).toBe(`ecs-svc/${targetServiceRevision!.arn!.split('/').at(-1)}`);
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

describe('a service with a load balancer', () => {
  const loadBalancers = [{ targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 }];

  it('has its tasks registered and taken away again', async () => {
    await stage.createService({ loadBalancers, desiredCount: 1 });
    await stage.pass(12);
    expect(await stage.tasks()).toMatchObject([{ lastStatus: 'ACTIVATING' }]);
    await stage.pass(A_ROLLOUT);
    await stage.update({ desiredCount: 0 });
    expect(await stage.tasks('STOPPED')).toMatchObject([{ lastStatus: 'DEACTIVATING' }]);
    await stage.pass(30);
    expect(await stage.events()).toEqual([
      '(service web) has started 1 tasks: (task id).',
      '(service web) registered 1 targets in (target-group arn:tg)',
      '(service web) (deployment ecs-svc/1) deployment completed.',
      '(service web) has reached a steady state.',
      '(service web) has stopped 1 running tasks: (task id).',
      '(service web) deregistered 1 targets in (target-group arn:tg)',
      '(service web) has reached a steady state.',
    ]);
  });

  it('stops a task that its checks find unhealthy, and says so', async () => {
    stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web', health: 'never', times: 1 }] } });
    await stage.createService({ loadBalancers, desiredCount: 1 });
    await stage.pass(100);
    expect(await stage.events()).toContain(
      '(service web) (task id) (port 80) is unhealthy in (target-group arn:tg) due to (reason Health checks failed).',
    );
    expect(await stage.tasks('STOPPED')).toMatchObject([
      { stoppedReason: 'Task failed ELB health checks in (target-group arn:tg)' },
    ]);
  });

  it('has the container’s own check count, too', async () => {
    const healthCheck = { command: ['CMD', 'true'], interval: 60 };
    await stage.register({
      containerDefinitions: [{ name: 'app', image: 'a/b', portMappings: [{ containerPort: 80 }], healthCheck }],
    });
    await stage.createService({ loadBalancers, desiredCount: 1 });
    await stage.pass(70);
    expect(await stage.tasks()).toMatchObject([{ healthStatus: 'UNKNOWN' }]);
    await stage.pass(20);
    expect(await stage.tasks()).toMatchObject([{ healthStatus: 'HEALTHY', containers: [{ healthStatus: 'HEALTHY' }] }]);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});
