import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../../../src/core/json.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());

/** A service that runs well, of which a second revision is then deployed, for which the scenario is. */
async function deploySecond(scenario: JsonObject, deploymentConfiguration: DeploymentConfiguration = BREAKER) {
  await stage.restart({ ecs: scenario });
  const { taskDefinition: first } = await stage.createService({ deploymentConfiguration });
  await stage.pass(900);
  const second = await stage.register();
  await stage.update({ taskDefinition: second });
  return { first: first!, second };
}

describe('tasks that fail to start', () => {
  const scenario = { tasks: [{ match: 'web:2', failToStart: PULL }] };

  it('make the circuit breaker roll back to the last deployment that was complete', async () => {
    const { first } = await deploySecond(scenario);
    await stage.pass(43);
    expect((await stage.service()).deployments).toMatchObject([
      {
        status: 'PRIMARY',
        taskDefinition: first,
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: expect.stringMatching(
          /^ECS deployment circuit breaker: rolling back to deploymentId ecs-svc\/\d+\.$/,
        ),
      },
      {
        status: 'ACTIVE',
        rolloutState: 'FAILED',
        failedTasks: 3,
        rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
      { status: 'ACTIVE', taskDefinition: first, runningCount: 2 },
    ]);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
    await stage.pass(120);
    const [newest, oldest] = await stage.deployments();
    expect(newest).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      rollback: { serviceRevisionArn: oldest!.targetServiceRevision!.arn },
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    });
    expect(await stage.service()).toMatchObject({
      taskDefinition: first,
      runningCount: 2,
      deployments: [{ status: 'PRIMARY', taskDefinition: first, rolloutState: 'COMPLETED' }],
    });
  });

  it('make a rollback that has a number of its own, and the revision from before', async () => {
    await deploySecond(scenario);
    const [{ id: first }] = (await stage.service()).deployments!.slice(1) as [{ id?: string }];
    await stage.pass(43);
    const [newest, second] = (await stage.service()).deployments!;
    expect(new Set([first, newest!.id, second!.id]).size).toBe(3);
    expect((await stage.deployment()).rollback).toMatchObject({
      serviceRevisionArn: expect.stringMatching(new RegExp(`/${first!.split('/')[1]}$`)),
    });
  });

  it('say why in the events and in the stopped tasks', async () => {
    await deploySecond(scenario);
    await stage.pass(155);
    expect((await stage.events()).slice(3)).toEqual([
      '(service web) has started 2 tasks: (task id) (task id).',
      '(service web) has started 2 tasks: (task id) (task id).',
      '(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
      '(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start.',
      '(service web) rolling back to deployment ecs-svc/1.',
      '(service web) stopped 1 pending tasks.',
      '(service web) has started 1 tasks: (task id).',
      '(service web) has started 1 tasks: (task id).',
      '(service web) has stopped 1 running tasks: (task id).',
      '(service web) has stopped 1 running tasks: (task id).',
      '(service web) (deployment ecs-svc/1) deployment completed.',
      '(service web) has reached a steady state.',
    ]);
    const failed = (await stage.tasks('STOPPED')).filter(({ stopCode }) => stopCode === 'TaskFailedToStart');
    expect(failed).toHaveLength(3);
    expect(failed[0]).toMatchObject({
      stoppedReason: PULL,
      lastStatus: 'STOPPED',
      containers: [{ name: 'app', reason: PULL, lastStatus: 'STOPPED' }, { name: 'sidecar' }],
    });
    expect(failed[0]!.containers![0]).not.toHaveProperty('exitCode');
  });

  it('without rollback stop the deployment, and what was before stays', async () => {
    const { second } = await deploySecond(scenario, { deploymentCircuitBreaker: { enable: true, rollback: false } });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
    });
    expect(await stage.service()).toMatchObject({
      taskDefinition: second,
      runningCount: 2,
      deployments: [
        { status: 'PRIMARY', taskDefinition: second, rolloutState: 'FAILED', runningCount: 0 },
        { status: 'ACTIVE', runningCount: 2 },
      ],
    });
  });

  it('go on for ever without a circuit breaker', async () => {
    await deploySecond(scenario, {});
    await stage.pass(1800);
    const { deployments } = await stage.service();
    expect(deployments![0]).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 0 });
    expect(deployments![0]!.failedTasks).toBeGreaterThan(10);
    expect(await stage.deployment()).toMatchObject({
      status: 'IN_PROGRESS',
      deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0 },
    });
  });

  it('of a first deployment have nothing to go back to', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', failToStart: PULL }] } });
    await stage.createService({ deploymentConfiguration: BREAKER });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
      rollback: { reason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.' },
    });
    expect((await stage.service()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'FAILED' }]);
  });

  it('of the revision before make the rollback fail', async () => {
    await stage.restart();
    await stage.createService({ deploymentConfiguration: BREAKER });
    await stage.pass(120);
    stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web', failToStart: PULL }] } });
    await stage.update({ forceNewDeployment: true });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_FAILED' });
  });
});

describe('health that never gets green', () => {
  it('makes ECS stop the task and counts as a failure', async () => {
    await deploySecond({ tasks: [{ match: 'web:2', health: 'never', durations: { UNHEALTHY: '60s' } }] });
    await stage.pass(400);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await stage.events()).toContain('(service web) (task id) failed container health checks.');
    const unhealthy = (await stage.tasks('STOPPED')).filter(({ healthStatus }) => healthStatus === 'UNHEALTHY');
    expect(unhealthy[0]).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      containers: [{ exitCode: 143 }, {}],
    });
  });

  it('is not looked at in the grace period', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', health: 'never', durations: { UNHEALTHY: '10s' } }] } });
    await stage.createService({ healthCheckGracePeriodSeconds: 600 });
    await stage.pass(500);
    expect(await stage.service()).toMatchObject({ runningCount: 2, deployments: [{ failedTasks: 0 }] });
  });
});

describe('tasks that exit', () => {
  const exits = (exit: JsonObject): JsonObject => ({ tasks: [{ match: 'web:2', exit }] });

  it('make the circuit breaker roll back, and tell their exit code', async () => {
    await deploySecond(exits({ after: '2s', exitCode: 3, reason: 'OutOfMemoryError: Container killed' }));
    await stage.pass(400);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    const failed = (await stage.tasks('STOPPED')).filter(({ stopCode }) => stopCode === 'EssentialContainerExited');
    expect(failed[0]).toMatchObject({
      stoppedReason: 'Essential container in task exited',
      containers: [
        { name: 'app', exitCode: 3, reason: 'OutOfMemoryError: Container killed' },
        { name: 'sidecar', exitCode: 143 },
      ],
    });
  });

  it('after they were healthy escape the breaker, whose count begins at 0 with each of them', async () => {
    await deploySecond(exits({ from: 'HEALTHY', after: '5s' }), {
      ...BREAKER,
      minimumHealthyPercent: 100,
    });
    await stage.pass(1200);
    const exited = (await stage.tasks('STOPPED')).filter(({ stopCode }) => stopCode === 'EssentialContainerExited');
    expect(exited.length).toBeGreaterThan(3);
    expect((await stage.deployment()).status).not.toMatch(/ROLLBACK/);
  });

  it('after they were healthy are counted when the count is not to begin again', async () => {
    const { deploymentCircuitBreaker } = BREAKER;
    await deploySecond(exits({ from: 'HEALTHY', after: '1s' }), {
      deploymentCircuitBreaker: { ...deploymentCircuitBreaker, resetOnHealthyTask: false },
      bakeTimeInMinutes: 10,
    });
    await stage.pass(1200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });
});

describe('capacity that is missing', () => {
  it('starts nothing, tells of it in events and counts as a failure', async () => {
    const noCapacity = 'Capacity is unavailable at this time.';
    await stage.restart({ ecs: { tasks: [{ match: 'web', noCapacity }] } });
    await stage.createService();
    await stage.pass(100);
    expect(await stage.service()).toMatchObject({
      runningCount: 0,
      pendingCount: 0,
      deployments: [{ rolloutState: 'IN_PROGRESS', failedTasks: 4 }],
    });
    expect((await stage.events())[0]).toBe(
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    );
  });

  it('may come', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', noCapacity: 'None.', times: 2 }] } });
    await stage.createService();
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});
