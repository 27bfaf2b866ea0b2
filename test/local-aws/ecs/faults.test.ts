import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../clients.ts';
import { type EcsStage, startEcsStage } from './ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.restart();
  await stage.createService();
  await stage.pass(200);
});

const OPERATION = 'ecs:UpdateService';

async function deploy(abortSignal?: AbortSignal): Promise<unknown> {
  const command = new UpdateServiceCommand({ cluster: 'demo', service: 'web', forceNewDeployment: true });
  return stage.ecs.send(command, abortSignal === undefined ? {} : { abortSignal });
}

describe('a call that meets a fault', () => {
  it.each([
    ['throttle', 'ThrottlingException', 400, 1],
    ['500', 'ServerException', 500, 1],
    ['access-denied', 'AccessDeniedException', 400, 1],
    ['expired-token', 'ExpiredTokenException', 400, 1],
  ] as const)('%s fails as on AWS, and is not applied', async (kind, name, httpStatusCode, deployments) => {
    stage.localAws.control.addFault({ operation: OPERATION, kind });
    expect(await failureOf(deploy())).toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(await stage.deployments()).toHaveLength(deployments);
  });

  it.each([
    ['reset-before', 1],
    ['reset-after-apply', 2],
  ] as const)('%s leaves %d deployments', async (kind, deployments) => {
    stage.localAws.control.addFault({ operation: OPERATION, kind });
    expect(await failureOf(deploy())).toMatchObject({ code: 'ECONNRESET' });
    expect(await stage.deployments()).toHaveLength(deployments);
  });

  it('hang-after-apply is applied, and nobody is told', async () => {
    stage.localAws.control.addFault({ operation: OPERATION, kind: 'hang-after-apply' });
    const caller = new AbortController();
    const call = deploy(caller.signal);
    await stage.localAws.control.waitForRequest(({ state }) => state === 'hanging');
    caller.abort();
    await failureOf(call);
    expect(await stage.deployments()).toHaveLength(2);
  });
});

it('a denial names the service', async () => {
  const deny = [{ action: 'ecs:Describe*', resource: '*:service/demo/web' }];
  stage.localAws.control.setScenario({ iam: { deny } });
  const call = stage.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
  expect(await failureOf(call)).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      'is not authorized to perform: ecs:DescribeServices on resource: arn:aws:ecs:eu-central-1:123456789012:service/demo/web',
    ),
  });
});
