import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
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
