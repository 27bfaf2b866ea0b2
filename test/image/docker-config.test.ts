import { delimiter } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { dockerCredentials, readDockerConfig } from '../../src/image/docker-config.ts';
import { folderOf, removeFolder } from './local-registry.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function credentials(config: unknown, registry: string, helper = ''): Promise<unknown> {
  const folder = folderOf({
    'config.json': JSON.stringify(config),
    'docker-credential-test': [`#!/bin/sh\n${helper}\n`, 0o755],
  });
  folders.push(folder);
  const env = { DOCKER_CONFIG: folder, PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin` };
  return dockerCredentials(await readDockerConfig(env), registry, env);
}

const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

describe('dockerCredentials', () => {
  it.each([
    ['ghcr.io', { auths: { 'ghcr.io': auth('u:p:q') } }, { username: 'u', password: 'p:q' }],
    ['ghcr.io', { auths: { 'https://ghcr.io/v1/': auth('u:p') } }, { username: 'u', password: 'p' }],
    ['ghcr.io', { auths: { 'quay.io': auth('u:p') } }, undefined],
    ['ghcr.io', { auths: { 'ghcr.io': {} } }, undefined],
    ['docker.io', { auths: { 'https://index.docker.io/v1/': auth('u:p') } }, { username: 'u', password: 'p' }],
    [
      'a.azurecr.io',
      { auths: { 'a.azurecr.io': { ...auth('u:'), identitytoken: 'T' } } },
      { username: '<token>', password: 'T' },
    ],
    ['ghcr.io', {}, undefined],
  ])('of %s in %j', async (registry, config, expected) => {
    expect(await credentials(config, registry)).toEqual(expected);
  });

  it.each([{ credsStore: 'test' }, { credHelpers: { 'ghcr.io': 'test' } }])(
    'come from the helper in %j, which is told the server',
    async (config) => {
      const helper = 'read server; echo "{\\"Username\\":\\"$server\\",\\"Secret\\":\\"$1\\"}"';
      expect(await credentials(config, 'ghcr.io', helper)).toEqual({ username: 'ghcr.io', password: 'get' });
    },
  );

  it('are none when the helper knows none', async () => {
    expect(
      await credentials({ credsStore: 'test' }, 'ghcr.io', 'echo credentials not found in native keychain; exit 1'),
    ).toBeUndefined();
  });

  it.each([
    [{ credsStore: 'test' }, 'echo broken >&2; exit 2', 'broken'],
    [{ credsStore: 'test' }, 'echo {', 'its answer is not JSON'],
    [{ credsStore: 'absent' }, '', 'there is no such program in PATH'],
    [{ credsStore: '../../evil' }, '', 'not a name of a program'],
  ])('of %j with a helper that does "%s" are an error', async (config, helper, why) => {
    const failure = credentials(config, 'ghcr.io', helper).catch((error: unknown) => error);
    expect(await failure).toMatchObject({
      code: 'docker.credential_helper_failed',
      exitCode: 3,
      message: expect.stringContaining(why),
    });
  });
});

describe('readDockerConfig', () => {
  it('takes a missing file for an empty one', async () => {
    expect((await readDockerConfig({ DOCKER_CONFIG: '/nowhere' })).content).toEqual({});
  });

  it('names a file that is not JSON', async () => {
    const folder = folderOf({ 'config.json': '{' });
    folders.push(folder);
    await expect(readDockerConfig({ DOCKER_CONFIG: folder })).rejects.toMatchObject({
      exitCode: 7,
      message: expect.stringContaining('config.json'),
    });
  });
});
