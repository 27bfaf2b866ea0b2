import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { alteringProxy } from '../../aws/altering-proxy.ts';
import { deployWorldForTests, PULL } from './deploy-world.ts';

const world = deployWorldForTests();

/** A way to AWS on which a service, once it is to run web:2, is shown as that for ever. */
async function staleService(): Promise<string> {
  let stale: JsonObject | undefined;
  const proxy = await alteringProxy(world().stage.localAws.endpoint, (answer) => {
    if (!Array.isArray(answer['services'])) return answer;
    if (JSON.stringify(answer).includes('task-definition/web:2"')) stale ??= answer;
    return stale ?? answer;
  });
  return proxy.endpoint;
}

it('after a rollback by ECS a service that is shown as it was before is not said to be back', async () => {
  await world().runningService({ tasks: [{ match: 'web:2', failToStart: PULL }] });
  const env = { AWS_ENDPOINT_URL: await staleService() };
  const { result } = await world().deploy(['--image', 'app=ghcr.io/acme/web:2'], { env });
  expect(result).toMatchObject({ exitCode: 9, outputs: { deploymentStatus: 'ROLLED_BACK' } });
  expect(result.error?.hints.join('\n')).not.toContain('is back at');
});

it('new tasks that were forced are not forced again when the answer is lost and the service is shown as it was', async () => {
  await world().runningService();
  const { localAws } = world().stage;
  let shown: JsonObject | undefined;
  let looks = 0;
  const proxy = await alteringProxy(localAws.endpoint, (answer) => {
    if (!Array.isArray(answer['services'])) return answer;
    // Two looks before the update, and all that look whether it took effect.
    shown ??= answer;
    return ++looks <= 5 ? shown : answer;
  });
  localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-after-apply' });
  const { result } = await world().deploy(['--force-new-deployment'], { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
  expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  expect(
    world()
      .calls()
      .filter((call) => call === 'ecs:UpdateService'),
  ).toHaveLength(1);
  expect(await world().stage.deployments()).toHaveLength(2);
});

describe('tasks that are not listed after a success', () => {
  /** A way to AWS on which a service has none, so often. */
  async function noTasks(times: number, counts: JsonObject = {}): Promise<string> {
    let left = times;
    const proxy = await alteringProxy(world().stage.localAws.endpoint, (answer) => {
      if (Array.isArray(answer['taskArns']) && left-- > 0) return { taskArns: [] };
      if (!Array.isArray(answer['services'])) return answer;
      const services = answer['services'].filter(isJsonObject).map((service) => {
        const { deployments } = service;
        const all = Array.isArray(deployments) ? deployments.filter(isJsonObject) : [];
        return { ...service, deployments: all.map((each) => ({ ...each, ...counts })) };
      });
      return { services };
    });
    return proxy.endpoint;
  }

  it('are looked for again, and then prove it', async () => {
    await world().runningService();
    const env = { AWS_ENDPOINT_URL: await noTasks(3) };
    const { result } = await world().deploy(['--image', 'app=ghcr.io/acme/web:2'], { env });
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED', verified: true } });
  });

  it('and that AWS counts nowhere contradict it: exit code 10', async () => {
    await world().runningService();
    const env = { AWS_ENDPOINT_URL: await noTasks(1000, { runningCount: 0, pendingCount: 0 }) };
    const { result } = await world().deploy(['--image', 'app=ghcr.io/acme/web:2'], { env });
    expect(result).toMatchObject({
      exitCode: 10,
      error: { code: 'ecs.not_as_asked', message: 'No task of it runs or is about to, and 2 should' },
    });
  });
});
