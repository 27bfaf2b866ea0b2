import { DescribeServicesCommand, waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../../../src/core/json.ts';
import { failureOf } from '../../clients.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());

/** The SDK's waiter, which sleeps on the real clock: it looks twice at most. */
async function stable(service = 'web'): Promise<string> {
  const params = { client: stage.ecs, maxWaitTime: 2, minDelay: 1, maxDelay: 1 };
  const { state } = await waitUntilServicesStable(params, { cluster: 'demo', services: [service] });
  return state;
}

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const FAILING: JsonObject = {
  ecs: { tasks: [{ match: 'web:2', failToStart: 'CannotPullContainerError: not found' }] },
};

async function deploySecond(scenario: JsonObject = {}, deploymentConfiguration = {}): Promise<void> {
  await stage.restart();
  await stage.createService({ deploymentConfiguration });
  await stage.pass(200);
  stage.localAws.control.setScenario(scenario);
  await stage.update({ taskDefinition: await stage.register() });
}

describe('waitUntilServicesStable of the SDK', () => {
  it('is content when the rollout is complete', async () => {
    await deploySecond();
    await stage.pass(200);
    expect(await stable()).toBe('SUCCESS');
  });

  it('goes on while the rollout does', async () => {
    await deploySecond();
    await stage.pass(20);
    expect(await failureOf(stable())).toMatchObject({ name: 'TimeoutError' });
  });

  it('fails for a service that is not there', async () => {
    await deploySecond();
    expect((await failureOf(stable('wbe'))).message).toContain('FAILURE');
  });

  it('fails for a service that is deleted', async () => {
    await deploySecond({ ecs: { deployments: [{ match: 'web', deleted: { after: '5s' } }] } });
    await stage.pass(10);
    expect((await failureOf(stable())).message).toContain('FAILURE');
  });
});

describe('the false greens of that waiter, which are AWS’s', () => {
  it('it is content after a rollback', async () => {
    await deploySecond(FAILING, BREAKER);
    await stage.pass(300);
    expect((await stage.deployment()).status).toBe('ROLLBACK_SUCCESSFUL');
    expect(await stable()).toBe('SUCCESS');
  });

  it('it is content with a failed rollout of no tasks', async () => {
    await stage.restart({ ecs: { deployments: [{ match: 'web', fails: { reason: 'x.', rollback: false } }] } });
    await stage.createService({ desiredCount: 0 });
    await stage.pass(60);
    expect((await stage.service()).deployments).toMatchObject([{ rolloutState: 'FAILED', runningCount: 0 }]);
    expect(await stable()).toBe('SUCCESS');
  });

  it('it is content with an empty list', async () => {
    await deploySecond();
    const empty = { send: () => Promise.resolve({ services: [], failures: [] }) };
    const { state } = await waitUntilServicesStable(
      { client: empty as unknown as typeof stage.ecs, maxWaitTime: 2, minDelay: 1 },
      { cluster: 'demo', services: ['web'] },
    );
    expect(state).toBe('SUCCESS');
  });

  it('it is content while a rollout of no tasks has not begun', async () => {
    await stage.restart();
    await stage.createService({ desiredCount: 0 });
    await stage.pass(60);
    await stage.update({ desiredCount: 0, taskDefinition: await stage.register() });
    expect((await stage.deployment()).status).toBe('PENDING');
    const { services } = await stage.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
    expect(services![0]!.deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }]);
    expect(await stable()).toBe('SUCCESS');
  });
});
