import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { NETWORK } from '../../local-aws/ecs/ecs-stage.ts';
import { DIGEST } from '../../support/definitions.ts';
import { BREAKER, deployWorldForTests, PULL } from './deploy-world.ts';

const world = deployWorldForTests();
const NEW_IMAGE = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];
const SERVICE: JsonObject = {
  taskDefinition: 'web',
  launchType: 'FARGATE',
  desiredCount: 1,
  networkConfiguration: NETWORK,
  deploymentConfiguration: BREAKER,
  tags: [{ key: 'team', value: 'web' }],
};

async function create(args: readonly string[] = [], service: JsonObject = SERVICE) {
  await writeFile(join(world().home, 'service.json'), JSON.stringify(service));
  return world().deploy(['--create-from', 'service.json', ...args]);
}

describe('a service that is not there is created from its file', () => {
  it('with a revision of its own, which is proven and verified', async () => {
    const { result } = await create(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      outputs: {
        deploymentStatus: 'SUCCEEDED',
        serviceArn: expect.stringMatching(/service\/demo\/web$/) as unknown,
        taskDefinitionArn: expect.stringMatching(/web:2$/) as unknown,
        verified: true,
      },
    });
    expect(result.outputs).not.toHaveProperty('previousTaskDefinitionArn');
    expect(result.changes.at(-1)).toMatchObject({ kind: 'created' });
    expect((await world().stage.service()).desiredCount).toBe(1);
  });

  it('with the newest revision of the family that the file names, when nothing else is asked', async () => {
    await world().stage.register({ cpu: '512', memory: '1024' });
    const { result } = await create();
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { taskDefinitionArn: expect.stringMatching(/web:2$/) as unknown },
    });
  });

  it('with the very revision that the file names', async () => {
    await world().stage.register({ cpu: '512', memory: '1024' });
    const { result } = await create([], { ...SERVICE, taskDefinition: 'web:1' });
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { taskDefinitionArn: expect.stringMatching(/web:1$/) as unknown },
    });
  });

  it('with as many tasks as the parameter says', async () => {
    await create(['--desired-count', '3']);
    expect((await world().stage.service()).desiredCount).toBe(3);
  });

  it('also when one of the name was deleted', async () => {
    await world().runningService();
    await world().stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    await world().stage.pass(900);
    expect((await create(NEW_IMAGE)).result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  });

  it('but not while one of the name is being deleted: exit code 5 says to try again later', async () => {
    await world().runningService();
    await world().stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    expect((await create(NEW_IMAGE)).result).toMatchObject({
      exitCode: 5,
      error: {
        title: 'the service web is being deleted: it is DRAINING',
        hints: [expect.stringContaining('before it is INACTIVE: try again then')],
      },
    });
  });

  it('and when its first deployment fails, there is nothing to go back to: exit code 10', async () => {
    await world().stage.restart({ ecs: { tasks: [{ match: 'web:2', failToStart: PULL }] } });
    const { result } = await create(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 10, outputs: { deploymentStatus: 'FAILED' } });
  });

  it.each(['reset-before', 'reset-after-apply', '500'] as const)(
    'once, also when the answer is lost by %s',
    async (kind) => {
      world().stage.localAws.control.addFault({ operation: 'ecs:CreateService', kind });
      const { result, said } = await create(NEW_IMAGE);
      expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
      expect(said).toContain('The answer to CreateService was lost; looking whether it took effect');
      expect(await world().stage.deployments()).toHaveLength(1);
    },
  );
});

it('a service that is there is not changed by the file', async () => {
  await world().runningService();
  const { result, said } = await create(NEW_IMAGE, { ...SERVICE, desiredCount: 7 });
  expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  expect((await world().stage.service()).desiredCount).toBe(2);
  expect(said).toContain('The service web is there; service.json changes nothing of it');
});
