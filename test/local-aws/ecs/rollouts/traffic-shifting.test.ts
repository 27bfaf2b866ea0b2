import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  ContinueServiceDeploymentCommand,
  type DeploymentConfiguration,
  type DeploymentLifecycleHookAction,
  type DeploymentLifecycleHookStage,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../../../src/core/json.ts';
import { failureOf } from '../../clients.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());

const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function:check';
const ROLE = 'arn:aws:iam::123456789012:role/hooks';

function lambda(...lifecycleStages: DeploymentLifecycleHookStage[]) {
  return { hookTargetArn: LAMBDA, roleArn: ROLE, lifecycleStages };
}

function pause(lifecycleStage: DeploymentLifecycleHookStage, timeout: { minutes?: number; action?: 'CONTINUE' } = {}) {
  const { minutes, action } = timeout;
  return {
    targetType: 'PAUSE' as const,
    lifecycleStages: [lifecycleStage],
    timeoutConfiguration: { ...(minutes && { timeoutInMinutes: minutes }), ...(action && { action }) },
  };
}

/** A service that runs well, whose next deployment begins with this configuration and scenario. */
async function deploySecond(configuration: DeploymentConfiguration, ecs: JsonObject = {}): Promise<string> {
  await stage.restart();
  await stage.createService();
  await stage.pass(120);
  stage.localAws.control.setScenario({ ecs });
  const second = await stage.register();
  await stage.update({ taskDefinition: second, deploymentConfiguration: configuration });
  return second;
}

/** The stages with the traffic of the target, as somebody sees them who looks every second. */
async function watch(seconds: number): Promise<string[]> {
  const seen: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await stage.pass(1);
    const { lifecycleStage, status, targetServiceRevision: target } = await stage.deployment();
    const state = `${lifecycleStage} ${target!.requestedTestTrafficWeight}/${target!.requestedProductionTrafficWeight}`;
    const line = status === 'IN_PROGRESS' ? state : `${status} ${state}`;
    if (seen.at(-1) !== line) seen.push(line);
  }
  return seen;
}

async function proceed(action?: DeploymentLifecycleHookAction): Promise<void> {
  const { serviceDeploymentArn, lifecycleHookDetails } = await stage.deployment();
  const hookId = lifecycleHookDetails!.find(({ status }) => status === 'AWAITING_ACTION')!.hookId;
  await stage.ecs.send(
    new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, ...(action && { action }) }),
  );
}

describe('a blue/green deployment', () => {
  it('goes through its stages, with both revisions until it is cleaned up', async () => {
    const second = await deploySecond({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 });
    await stage.pass(58);
    expect((await stage.service()).deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition: second, desiredCount: 2, runningCount: 2 },
      { status: 'ACTIVE', desiredCount: 2, runningCount: 2 },
    ]);
    expect(await watch(120)).toEqual([
      'POST_TEST_TRAFFIC_SHIFT 100/0',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 100/0',
      'PRODUCTION_TRAFFIC_SHIFT 100/100',
      'POST_PRODUCTION_TRAFFIC_SHIFT 100/100',
      'BAKE_TIME 100/100',
      'CLEAN_UP 100/100',
      'SUCCESSFUL CLEAN_UP 100/100',
    ]);
    expect(await stage.service()).toMatchObject({
      runningCount: 2,
      deployments: [{ taskDefinition: second, rolloutState: 'COMPLETED' }],
    });
  });

  it('gives the rest of the traffic to the revision before', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN' }, { deployments: [{ match: 'web', stuck: 'TEST_TRAFFIC_SHIFT' }] });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({
      lifecycleStage: 'TEST_TRAFFIC_SHIFT',
      targetServiceRevision: { requestedTestTrafficWeight: 100, requestedProductionTrafficWeight: 0 },
      sourceServiceRevisions: [{ requestedTestTrafficWeight: 0, requestedProductionTrafficWeight: 100 }],
    });
  });

  it('that is stuck in a stage can be stopped, and comes back through it', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN' }, { deployments: [{ match: 'web', stuck: 'TEST_TRAFFIC_SHIFT' }] });
    await stage.pass(300);
    const { serviceDeploymentArn } = await stage.deployment();
    await stage.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn }));
    await stage.pass(60);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  it('is rolled back when its tasks fail, and what served before goes on to', async () => {
    await deploySecond(
      { strategy: 'BLUE_GREEN', deploymentCircuitBreaker: { enable: true, rollback: true } },
      { tasks: [{ match: 'web:2', failToStart: 'CannotPullContainerError: not found' }] },
    );
    const before = (await stage.tasks()).filter(({ lastStatus }) => lastStatus === 'RUNNING');
    await stage.pass(120);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect((await stage.tasks()).map(({ taskArn }) => taskArn)).toEqual(before.map(({ taskArn }) => taskArn));
    expect((await stage.service()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  });

  it('that is stopped after the shift gives the traffic back', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
    await stage.pass(120);
    const { serviceDeploymentArn, lifecycleStage } = await stage.deployment();
    expect(lifecycleStage).toBe('BAKE_TIME');
    await stage.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    expect(await watch(40)).toEqual([
      'ROLLBACK_REQUESTED BAKE_TIME 100/100',
      'ROLLBACK_IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT 100/0',
      'ROLLBACK_IN_PROGRESS TEST_TRAFFIC_SHIFT 0/0',
      'ROLLBACK_IN_PROGRESS CLEAN_UP 0/0',
      'ROLLBACK_SUCCESSFUL CLEAN_UP 0/0',
    ]);
    expect((await stage.service()).taskDefinition).toMatch(/:1$/);
  });

  it('that supersedes another one begins with a reconciliation', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
    await stage.pass(120);
    await stage.update({ forceNewDeployment: true, deploymentConfiguration: { bakeTimeInMinutes: 0 } });
    await stage.pass(3);
    expect(await stage.deployment()).toMatchObject({
      lifecycleStage: 'RECONCILE_SERVICE',
      sourceServiceRevisions: [{}, {}],
    });
    await stage.pass(200);
    expect((await stage.deployments()).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
    expect(await stage.service()).toMatchObject({ runningCount: 2, deployments: [{}] });
  });

  it('of a new service has nothing to go back to', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', exit: { exitCode: 1 } }] } });
    await stage.createService({
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
    await stage.pass(300);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    });
  });
});

it('a canary deployment shifts a part, waits, and shifts the rest', async () => {
  await deploySecond({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 },
  });
  await stage.pass(58);
  expect((await watch(120)).slice(1)).toEqual([
    'PRE_PRODUCTION_TRAFFIC_SHIFT 100/0',
    'PRODUCTION_TRAFFIC_SHIFT 100/10',
    'PRE_PRODUCTION_TRAFFIC_SHIFT 100/10',
    'PRODUCTION_TRAFFIC_SHIFT 100/100',
    'POST_PRODUCTION_TRAFFIC_SHIFT 100/100',
    'CLEAN_UP 100/100',
    'SUCCESSFUL CLEAN_UP 100/100',
  ]);
});

it('a linear deployment shifts the traffic in equal steps', async () => {
  await deploySecond({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 },
  });
  await stage.pass(62);
  const seen = await watch(200);
  expect(seen.filter((line) => line.startsWith('PRODUCTION_TRAFFIC_SHIFT'))).toEqual([
    'PRODUCTION_TRAFFIC_SHIFT 100/40',
    'PRODUCTION_TRAFFIC_SHIFT 100/80',
    'PRODUCTION_TRAFFIC_SHIFT 100/100',
  ]);
  expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
});

describe('a Lambda hook', () => {
  const hooks = (...results: string[]): JsonObject => ({
    deployments: [{ match: 'web', hooks: [{ stage: 'PRE_SCALE_UP', results, callBackDelay: '20s' }] }],
  });

  it('is called again after its delay while it is in progress', async () => {
    await deploySecond(
      { strategy: 'BLUE_GREEN', lifecycleHooks: [lambda('PRE_SCALE_UP')] },
      hooks('IN_PROGRESS', 'SUCCEEDED'),
    );
    await stage.pass(20);
    expect(await stage.deployment()).toMatchObject({
      lifecycleStage: 'PRE_SCALE_UP',
      lifecycleHookDetails: [{ targetType: 'AWS_LAMBDA', targetArn: LAMBDA, status: 'IN_PROGRESS' }],
    });
    await stage.pass(5);
    expect(await stage.deployment()).toMatchObject({ lifecycleStage: 'SCALE_UP' });
  });

  it.each([
    [
      'FAILED',
      `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target ${LAMBDA} returned FAILED status.`,
    ],
    [
      'INVALID',
      `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from ${LAMBDA} due to: HookStatus must not be null.`,
    ],
  ])('that answers %s rolls the deployment back', async (result, statusReason) => {
    await deploySecond({ strategy: 'BLUE_GREEN', lifecycleHooks: [lambda('PRE_SCALE_UP')] }, hooks(result));
    await stage.pass(60);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason,
      lifecycleHookDetails: [{ status: 'FAILED' }],
    });
    expect(await stage.events()).toContain(`(service web) (deployment ecs-svc/1) deployment failed: ${statusReason}`);
  });

  it('of a traffic shift is called on the way back too', async () => {
    await deploySecond({
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [lambda('PRODUCTION_TRAFFIC_SHIFT')],
      bakeTimeInMinutes: 60,
    });
    await stage.pass(120);
    const { serviceDeploymentArn } = await stage.deployment();
    await stage.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn }));
    await stage.pass(2);
    expect(await stage.deployment()).toMatchObject({
      lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ status: 'IN_PROGRESS' }],
    });
  });
});

describe('a PAUSE hook', () => {
  it('waits until it is continued', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN', lifecycleHooks: [pause('POST_TEST_TRAFFIC_SHIFT')] });
    await stage.pass(3600);
    const paused = await stage.deployment();
    expect(paused).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [
        {
          hookId: expect.stringMatching(/^ecs-pause-[\w-]{43}$/),
          targetType: 'PAUSE',
          status: 'AWAITING_ACTION',
          timeoutAction: 'ROLLBACK',
        },
      ],
    });
    expect(paused.lifecycleHookDetails![0]).not.toHaveProperty('targetArn');
    await proceed();
    await stage.pass(100);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('that is rejected rolls back', async () => {
    await deploySecond({ strategy: 'BLUE_GREEN', lifecycleHooks: [pause('POST_TEST_TRAFFIC_SHIFT')] });
    await stage.pass(120);
    await proceed('ROLLBACK');
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' });
    await stage.pass(100);
    expect(await stage.deployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      lifecycleHookDetails: [{ status: 'FAILED' }],
    });
  });

  it.each([
    ['rolls back', {}, 'ROLLBACK_SUCCESSFUL'],
    ['goes on when that is configured', { action: 'CONTINUE' }, 'SUCCESSFUL'],
  ] as const)('that nobody continues in time %s', async (_title, timeout, status) => {
    const hook = pause('POST_SCALE_UP', { minutes: 10, ...timeout });
    await deploySecond({ strategy: 'BLUE_GREEN', lifecycleHooks: [hook] });
    await stage.pass(500);
    expect(await stage.deployment()).toMatchObject({ lifecycleStage: 'POST_SCALE_UP' });
    await stage.pass(400);
    expect(await stage.deployment()).toMatchObject({ status });
  });

  it('holds a linear deployment before each of its steps, under an id of its own', async () => {
    await deploySecond({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 0 },
      lifecycleHooks: [pause('PRE_PRODUCTION_TRAFFIC_SHIFT')],
    });
    await stage.pass(120);
    const first = await stage.deployment();
    await proceed('CONTINUE');
    await stage.pass(30);
    const second = await stage.deployment();
    expect(second).toMatchObject({
      lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      targetServiceRevision: { requestedProductionTrafficWeight: 50 },
    });
    expect(second.lifecycleHookDetails![0]!.hookId).not.toBe(first.lifecycleHookDetails![0]!.hookId);
  });

  it('at the same stage as a Lambda hook: both must be done', async () => {
    await deploySecond(
      { strategy: 'BLUE_GREEN', lifecycleHooks: [pause('PRE_SCALE_UP'), lambda('PRE_SCALE_UP')] },
      { deployments: [{ match: 'web', hooks: [{ results: ['IN_PROGRESS'] }] }] },
    );
    await stage.pass(10);
    await proceed();
    await stage.pass(600);
    expect(await stage.deployment()).toMatchObject({
      lifecycleStage: 'PRE_SCALE_UP',
      lifecycleHookDetails: [{ status: 'SUCCEEDED' }, { status: 'IN_PROGRESS' }],
    });
  });

  it('cannot be continued twice, nor by another id', async () => {
    const lifecycleHooks = [pause('POST_SCALE_UP'), pause('POST_SCALE_UP')];
    await deploySecond({ strategy: 'BLUE_GREEN', lifecycleHooks });
    await stage.pass(120);
    const { serviceDeploymentArn, lifecycleHookDetails } = await stage.deployment();
    const hookId = lifecycleHookDetails![0]!.hookId;
    const go = (id: string | undefined): Promise<unknown> =>
      stage.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: id }));
    expect(await failureOf(go('ecs-pause-other'))).toMatchObject({ name: 'InvalidParameterException' });
    await go(hookId);
    expect(await failureOf(go(hookId))).toMatchObject({ name: 'ConflictException' });
    const elsewhere = new ContinueServiceDeploymentCommand({ serviceDeploymentArn: 'arn:x', hookId });
    expect(await failureOf(stage.ecs.send(elsewhere))).toMatchObject({ name: 'ServiceDeploymentNotFoundException' });
  });
});
