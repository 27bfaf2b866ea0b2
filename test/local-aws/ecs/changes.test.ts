import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { changesBetween } from '../../../src/local-aws/changes.ts';
import { type EcsStage, NETWORK, startEcsStage } from './ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

/** What has changed while something was done. */
async function changes(done: () => Promise<unknown>): Promise<string[]> {
  const before = stage.localAws.control.state();
  await done();
  return changesBetween(before, stage.localAws.control.state()).filter((line) => line.startsWith('ecs '));
}

describe('what has changed in ECS', () => {
  it('a service that is created', async () => {
    const created = async (): Promise<void> => {
      await stage.createService();
      await stage.pass(200);
    };
    expect(await changes(created)).toEqual([
      'ecs service demo/web created with web:1',
      'ecs deployment of web:1 to demo/web: SUCCESSFUL',
    ]);
  });

  it('a release that is rolled back', async () => {
    await stage.createService({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    await stage.pass(200);
    const released = async (): Promise<void> => {
      stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web:2', exit: { exitCode: 1 } }] } });
      await stage.update({
        taskDefinition: await stage.register({ tags: [{ key: 'aws-deploy:rejected', value: '1' }] }),
      });
      await stage.pass(300);
    };
    expect(await changes(released)).toEqual([
      'ecs web:2 registered, rejected',
      'ecs deployment of web:2 to demo/web: ROLLBACK_SUCCESSFUL',
    ]);
  });

  it('a task that was run, and a service that is scaled', async () => {
    await stage.createService();
    await stage.pass(200);
    const done = async (): Promise<void> => {
      await stage.update({ desiredCount: 3 });
      await stage.ecs.send(
        new RunTaskCommand({
          cluster: 'demo',
          taskDefinition: 'web',
          launchType: 'FARGATE',
          networkConfiguration: NETWORK,
        }),
      );
      await stage.pass(100);
    };
    expect(await changes(done)).toEqual([
      'ecs service demo/web scaled to 3',
      'ecs task of web:1: STOPPED, exit codes: app 0, sidecar 143',
    ]);
  });
});
