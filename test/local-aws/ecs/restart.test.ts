import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ContinueServiceDeploymentCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { type EcsStage, NETWORK, startEcsStage } from './ecs-stage.ts';

let stateDir: string;
let stage: EcsStage;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'aws-deploy-ecs-restart-'));
  stage = await startEcsStage({ stateDir });
  await stage.restart();
});
afterEach(async () => {
  await stage.close();
  rmSync(stateDir, { recursive: true });
});

/** Ends the local AWS and starts it again on the same folder, its clock standing. */
async function restartProgram(): Promise<void> {
  await stage.close();
  stage = await startEcsStage({ stateDir });
  stage.localAws.control.setRate(0);
}

describe('after a restart on the same folder', () => {
  it('a rollout goes on where it was', async () => {
    await stage.createService();
    await stage.pass(200);
    await stage.update({ taskDefinition: await stage.register() });
    await stage.pass(20);
    const before = await stage.service();
    await restartProgram();
    expect(await stage.service()).toEqual(before);
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('a pause still waits, and can be continued', async () => {
    await stage.createService();
    await stage.pass(200);
    await stage.update({
      forceNewDeployment: true,
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
      },
    });
    await stage.pass(200);
    await restartProgram();
    const { serviceDeploymentArn, lifecycleHookDetails } = await stage.deployment();
    const hookId = lifecycleHookDetails![0]!.hookId;
    await stage.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId }));
    await stage.pass(200);
    expect(await stage.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('a task runs to its end', async () => {
    await stage.ecs.send(
      new RunTaskCommand({
        cluster: 'demo',
        taskDefinition: 'web',
        launchType: 'FARGATE',
        networkConfiguration: NETWORK,
      }),
    );
    await stage.pass(15);
    await restartProgram();
    await stage.pass(100);
    expect(await stage.tasks('STOPPED')).toMatchObject([{ containers: [{ exitCode: 0 }, {}] }]);
  });
});

it('a reset forgets everything', async () => {
  await stage.createService();
  stage.localAws.control.reset();
  expect(stage.localAws.control.state()['ecs']).toEqual({});
});
