import { CreateRepositoryCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '../../../src/local-aws/server.ts';
import { ecrClient, RegistryClient, testIndex } from './ecr-client.ts';

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'ecr-state-'));
});

afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

it('survives a restart: images can be pulled with the old token, from the new address', async () => {
  const before = await startLocalAws({ stateDir });
  let ecr = ecrClient(before.endpoint);
  const tags = [{ Key: 'team', Value: 'data' }];
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app', imageTagMutability: 'IMMUTABLE', tags }));
  const registry = await RegistryClient.login(before.endpoint, ecr);
  const image = await registry.pushImage('app', 'hello', 'v1');
  await registry.putManifest('app', 'all', testIndex([image]));
  const state = before.control.state();
  ecr.destroy();
  await before.close();

  const after = await startLocalAws({ stateDir });
  ecr = ecrClient(after.endpoint);
  expect(after.control.state()).toEqual(state);
  const again = new RegistryClient(after.endpoint, registry.token);
  expect((await again.send('GET', '/v2/app/manifests/v1')).body.equals(image.bytes)).toBe(true);
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
  expect(repositories?.map(({ repositoryUri }) => repositoryUri)).toEqual([`127.0.0.1:${after.port}/app`]);
  ecr.destroy();
  await after.close();
});
