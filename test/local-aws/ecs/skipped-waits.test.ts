import { ContinueServiceDeploymentCommand, type CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import { type EcsStage, startEcsStage } from './ecs-stage.ts';

/** A day in which nothing is skipped. */
const DAY_MS = 86_400_000;

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

/** Deploys a second revision at the pace of real time, in which every wait below takes at least half a minute. */
async function deploySkipping(service: Partial<CreateServiceCommandInput>): Promise<void> {
  await stage.createService(service);
  await stage.pass(600);
  stage.localAws.control.setRate(1);
  stage.localAws.control.skipWaits(true);
  await stage.update({ taskDefinition: await stage.register() });
}

async function becomes(wanted: string): Promise<void> {
  for (;;) {
    const { status, lifecycleHookDetails = [] } = await stage.deployment();
    if ([status, ...lifecycleHookDetails.map((hook) => hook.status)].includes(wanted as never)) return;
  }
}

it('a rolling update comes to its end while nobody waits, bake time included', async () => {
  await deploySkipping({ deploymentConfiguration: { bakeTimeInMinutes: 10 } });
  await becomes('SUCCESSFUL');
  const { startedAt, finishedAt } = await stage.deployment();
  expect(finishedAt!.getTime() - startedAt!.getTime()).toBeGreaterThanOrEqual(600_000);
});

it('a pause waits for somebody: its time-out is not skipped', async () => {
  const before = stage.localAws.control.now().getTime();
  await deploySkipping({
    deploymentConfiguration: {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 5,
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
    },
  });
  await becomes('AWAITING_ACTION');
  expect(stage.localAws.control.now().getTime() - before).toBeLessThan(DAY_MS);
  const { serviceDeploymentArn, lifecycleHookDetails } = await stage.deployment();
  await stage.ecs.send(
    new ContinueServiceDeploymentCommand({
      serviceDeploymentArn,
      hookId: lifecycleHookDetails![0]!.hookId,
      action: 'CONTINUE',
    }),
  );
  await becomes('SUCCESSFUL');
});
