import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  DescribeServiceDeploymentsCommand,
  ListServicesCommand,
  StopServiceDeploymentCommand,
  type StopServiceDeploymentStopType,
} from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../../../src/core/json.ts';
import { failureOf } from '../../clients.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());

const ALARMS = { alarms: { alarmNames: ['5xx', 'latency'], enable: true, rollback: true } };

/** A service that runs well, whose next deployment begins with this scenario. */
async function deploySecond(
  rule: JsonObject,
  deploymentConfiguration = {},
): Promise<{ first: string; second: string }> {
  await stage.restart();
  const { taskDefinition: first } = await stage.createService({ deploymentConfiguration });
  await stage.pass(900);
  const second = await stage.register();
  stage.localAws.control.setScenario({ ecs: { deployments: [{ match: 'web', ...rule }] } });
  await stage.update({ taskDefinition: second });
  return { first: first!, second };
}

async function stop(stopType?: StopServiceDeploymentStopType): Promise<void> {
  const { serviceDeploymentArn } = await stage.deployment();
  await stage.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, ...(stopType && { stopType }) }));
}

describe('an alarm', () => {
  it('rolls the deployment back', async () => {
    const { first } = await deploySecond({ alarm: { after: '20s', name: 'latency' } }, ALARMS);
    await stage.pass(25);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      alarms: { status: 'TRIGGERED', alarmNames: ['5xx', 'latency'], triggeredAlarmNames: ['latency'] },
    });
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await stage.service()).toMatchObject({ taskDefinition: first, runningCount: 2 });
    expect(await stage.events()).toContain('(service web) (deployment ecs-svc/1) deployment failed: alarm detected.');
  });

  it('in the bake time counts too', async () => {
    await deploySecond({ alarm: { after: '5m' } }, { ...ALARMS, bakeTimeInMinutes: 10 });
    await stage.pass(280);
    expect((await stage.service()).deployments).toMatchObject([{ runningCount: 2, rolloutState: 'IN_PROGRESS' }]);
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  it('that is on at the start is not monitored', async () => {
    await deploySecond({ alarm: { atStart: true } }, ALARMS);
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } });
  });

  it('that the service does not watch changes nothing', async () => {
    await deploySecond({ alarm: { after: '20s' } });
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL', alarms: { triggeredAlarmNames: [] } });
  });
});

describe('a deployment that another one supersedes', () => {
  it('is stopped, and the other goes on', async () => {
    await deploySecond({ superseded: { after: '20s', taskDefinition: 'web:1' }, times: 1 });
    await stage.pass(23);
    const [newest, before] = await stage.deployments();
    expect(before).toMatchObject({ status: 'STOP_REQUESTED' });
    expect(newest).toMatchObject({ status: 'PENDING' });
    expect((await stage.service()).currentServiceDeployment).toBe(newest!.serviceDeploymentArn);
    await stage.pass(200);
    expect((await stage.deployments()).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
    expect((await stage.service()).taskDefinition).toMatch(/:1$/);
  });

  it('may be one that was called by the same client', async () => {
    await deploySecond({ stuck: 'ROLLOUT', times: 1 });
    await stage.pass(60);
    expect((await stage.service()).deployments).toMatchObject([{ runningCount: 0, pendingCount: 0 }, {}]);
    await stage.update({ forceNewDeployment: true });
    await stage.pass(200);
    expect((await stage.deployments()).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
  });
});

it('a service that is deleted meanwhile takes its deployments with it', async () => {
  await deploySecond({ deleted: { after: '20s' } });
  const { serviceDeploymentArn } = await stage.deployment();
  await stage.pass(25);
  expect(await stage.service()).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
  const { failures } = await stage.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn!] }),
  );
  expect(failures).toEqual([{ arn: serviceDeploymentArn, reason: 'MISSING' }]);
  await stage.pass(60);
  expect(await stage.service()).toMatchObject({ status: 'INACTIVE', runningCount: 0, deployments: [] });
  expect((await stage.ecs.send(new ListServicesCommand({ cluster: 'demo' }))).serviceArns).toEqual([]);
});

describe('a deployment that ECS itself gives up', () => {
  it('is rolled back', async () => {
    const { first } = await deploySecond({ fails: { after: '15s', reason: 'of invalid networking configuration.' } });
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because of invalid networking configuration.',
    });
    expect((await stage.service()).taskDefinition).toBe(first);
  });

  it('may fail to roll back', async () => {
    await deploySecond({ fails: { reason: 'of a test.' }, rollback: 'fails', durations: { ROLLBACK: '30s' } });
    await stage.pass(20);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
    await stage.pass(40);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_FAILED' });
  });

  it('may never come to the end of the rollback', async () => {
    await deploySecond({ fails: { reason: 'of a test.' }, rollback: 'stuck' });
    await stage.pass(3600);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
  });
});

describe('StopServiceDeployment', () => {
  it('rolls back, which is what it does when nothing is said', async () => {
    const { first } = await deploySecond({ stuck: 'ROLLOUT' });
    await stage.pass(30);
    await stop();
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_REQUESTED' });
    await stage.pass(5);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
    await stop('ROLLBACK');
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await stage.service()).toMatchObject({ taskDefinition: first, runningCount: 2 });
  });

  it('aborts and leaves what is there', async () => {
    const { second } = await deploySecond({ stuck: 'ROLLOUT' });
    await stage.pass(30);
    await stop('ABORT');
    expect(await stage.deployment()).toMatchObject({ status: 'STOP_REQUESTED' });
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'STOPPED' });
    expect(await stage.service()).toMatchObject({
      taskDefinition: second,
      runningCount: 2,
      deployments: [{ rolloutState: 'FAILED', runningCount: 0 }, { runningCount: 2 }],
    });
  });

  it('can stop one that has not begun', async () => {
    await deploySecond({ durations: { PENDING: '1h' } });
    await stage.pass(30);
    await stop('ROLLBACK');
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  it('is refused for one that has ended, and for one that is not there', async () => {
    await deploySecond({});
    await stage.pass(200);
    expect(await failureOf(stop())).toMatchObject({ name: 'ConflictException' });
    const { serviceDeploymentArn } = await stage.deployment();
    const unknown = new StopServiceDeploymentCommand({ serviceDeploymentArn: `${serviceDeploymentArn}x` });
    expect(await failureOf(stage.ecs.send(unknown))).toMatchObject({ name: 'ServiceDeploymentNotFoundException' });
  });
});

describe('early success', () => {
  const early = (sourceServiceRevisionCleanup: 'DEFERRED' | 'BLOCKING') => ({
    minimumHealthyPercent: 50,
    earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup },
  });

  it('comes while the tasks before are still there', async () => {
    await deploySecond({}, early('DEFERRED'));
    await stage.pass(53);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
    expect((await stage.service()).deployments).toHaveLength(2);
    await stage.pass(100);
    expect((await stage.service()).deployments).toHaveLength(1);
  });

  it('waits for their end when it is to block', async () => {
    await deploySecond({}, early('BLOCKING'));
    await stage.pass(53);
    expect(await stage.deployment()).toMatchObject({ status: 'IN_PROGRESS' });
    await stage.pass(100);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});
