import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { buildEmbedded } from '../../../src/image/embedded-builder.ts';
import { RegistryClient } from '../../../src/image/registry-client.ts';
import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import { folderOf, removeFolder } from '../../image/local-registry.ts';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

const NAME = 'public.ecr.aws/amazonlinux/amazonlinux:2023';
const REGION = 'eu-central-1';

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

async function withImage(image: JsonObject): Promise<{ registry: RegistryClient; digests: () => string[] }> {
  aws = await startLocalAws({ scenario: { images: [{ name: NAME, region: REGION, ...image }] } });
  const { endpoint, control } = aws;
  const ecr = new ECRClient({ endpoint, region: REGION, credentials: { accessKeyId: 'A', secretAccessKey: 'b' } });
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  ecr.destroy();
  const [username = '', password = ''] = atob(authorizationData?.[0]?.authorizationToken ?? '').split(':');
  const registry = new RegistryClient({
    scheme: 'http',
    host: new URL(endpoint).host,
    credentials: { username, password },
  });
  const digests = (): string[] => {
    const ecrState = control.state()['ecr'] as Record<string, Record<string, { images: object }>>;
    return Object.keys(ecrState[REGION]?.[NAME.slice(0, NAME.lastIndexOf(':'))]?.images ?? {});
  };
  return { registry, digests };
}

async function builtOn(registry: RegistryClient, platform: string, dockerfile = ''): Promise<JsonObject> {
  const base = `${registry.host}/${NAME}`;
  const contextDir = folderOf({ Dockerfile: `FROM ${base}\n${dockerfile}`, script: 'x' });
  try {
    const built = await buildEmbedded({ contextDir, platform, bases: () => registry });
    await built.dispose();
    return JSON.parse(built.config.bytes.toString('utf8')) as JsonObject;
  } finally {
    removeFolder(contextDir);
    registry.close();
  }
}

describe('a stand-in for an image of the internet', () => {
  it.each(['linux/amd64', 'linux/arm64'])('can be built on for %s', async (platform) => {
    const { registry } = await withImage({});
    const config = await builtOn(registry, platform, 'COPY script /usr/local/bin/\nUSER nobody\n');
    expect(`linux/${String(config['architecture'])}`).toBe(platform);
  });

  it('has the variables that it was given', async () => {
    const { registry } = await withImage({ environment: { LANG: 'C.UTF-8' } });
    const { config } = await builtOn(registry, 'linux/amd64');
    expect((config as JsonObject)['Env']).toContain('LANG=C.UTF-8');
  });

  it('has the same digest in every local AWS, and another for other files', async () => {
    const first = (await withImage({})).digests();
    await aws?.close();
    const again = (await withImage({})).digests();
    await aws?.close();
    const other = (await withImage({ files: { '/etc/motd': 'hello\n' } })).digests();
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('may have several tags', async () => {
    const images = ['1', '2'].map((tag) => ({ name: `docker.io/library/alpine:${tag}` }));
    aws = await startLocalAws({ scenario: { images } });
    const ecr = aws.control.state()['ecr'] as Record<string, Record<string, { tags: object }>>;
    expect(Object.keys(ecr['us-east-1']?.['docker.io/library/alpine']?.tags ?? {})).toEqual(['1', '2']);
  });

  it.each([
    ['no registry', { name: 'alpine:3' }, 'images[0] needs "name"'],
    ['no tag', { name: 'docker.io/library/alpine' }, 'images[0] needs "name"'],
    ['a digest', { name: `docker.io/library/alpine@sha256:${'0'.repeat(64)}` }, 'images[0] needs "name"'],
    ['an unknown member', { name: NAME, file: {} }, 'images[0] has no member "file"'],
    ['files that are no texts', { name: NAME, files: { '/a': 1 } }, 'images[0]: "files" must be an object of texts'],
  ])('with %s is refused', async (_case, image, says) => {
    const error = await failureOf(startLocalAws({ scenario: { images: [image] } }));
    expect(error).toMatchObject({ exitCode: 7 });
    expect(error.message).toContain(says);
  });
});
