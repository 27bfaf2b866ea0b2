import { ContinueServiceDeploymentCommand, type DeploymentLifecycleHookStage } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../../../src/core/json.ts';
import { failureOf } from '../../clients.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());

const pause = (lifecycleStage: DeploymentLifecycleHookStage) => ({
  targetType: 'PAUSE' as const,
  lifecycleStages: [lifecycleStage],
});

/** A rolling service that runs well, of which a second revision is then deployed with hooks. */
async function deploySecond(lifecycleHooks: object[], scenario: JsonObject = {}) {
  await stage.restart({ ecs: scenario });
  const { taskDefinition: first } = await stage.createService();
  await stage.pass(900);
  const second = await stage.register();
  await stage.update({ taskDefinition: second, deploymentConfiguration: { lifecycleHooks } });
  return { first: first!, second };
}

async function runningOf(revision: string): Promise<number> {
  return (await stage.tasks()).filter(({ taskDefinitionArn }) => taskDefinitionArn === revision).length;
}

async function proceed(action: 'CONTINUE' | 'ROLLBACK'): Promise<void> {
  const { serviceDeploymentArn, lifecycleHookDetails } = await stage.deployment();
  const { hookId } = lifecycleHookDetails![0]!;
  await stage.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
}

describe('a hook of a rolling update', () => {
  it('before the scale-up keeps it from starting tasks until it is continued', async () => {
    const { first, second } = await deploySecond([pause('PRE_SCALE_UP')]);
    await stage.pass(3600);
    expect(await stage.deployment()).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'PRE_SCALE_UP',
      lifecycleHookDetails: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION' }],
    });
    expect([await runningOf(first), await runningOf(second)]).toEqual([2, 0]);
    await proceed('CONTINUE');
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
    expect([await runningOf(first), await runningOf(second)]).toEqual([0, 2]);
  });

  it('after the scale-up waits with all tasks replaced, and rejected it takes them back', async () => {
    const { first, second } = await deploySecond([pause('POST_SCALE_UP')]);
    await stage.pass(3600);
    expect(await stage.deployment()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'POST_SCALE_UP' });
    expect([await runningOf(first), await runningOf(second)]).toEqual([0, 2]);
    await proceed('ROLLBACK');
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect([await runningOf(first), await runningOf(second)]).toEqual([2, 0]);
  });

  it('that is a function and fails rolls it back', async () => {
    const hookTargetArn = 'arn:aws:lambda:eu-central-1:123456789012:function:check';
    const roleArn = 'arn:aws:iam::123456789012:role/hooks';
    const { first } = await deploySecond([{ hookTargetArn, roleArn, lifecycleStages: ['PRE_SCALE_UP'] }], {
      deployments: [{ match: 'web:2', hooks: [{ results: ['FAILED'] }] }],
    });
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await runningOf(first)).toBe(2);
  });

  it('at a stage that only a shift of traffic has is not there', async () => {
    await stage.restart();
    await stage.createService();
    const lifecycleHooks = [pause('POST_TEST_TRAFFIC_SHIFT')];
    expect(await failureOf(stage.update({ deploymentConfiguration: { lifecycleHooks } }))).toMatchObject({
      name: 'NotImplementedException',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
