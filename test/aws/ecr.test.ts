import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EcrOperations } from '../../src/aws/ecr.ts';
import { openSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { rejectionOf } from '../support/failures.ts';
import { ecrClient, OCI_INDEX, RegistryClient, testIndex } from '../local-aws/ecr/ecr-client.ts';
import { awsEnvironment, localAwsForTests, REGION } from '../support/local-aws-world.ts';

const localAws = localAwsForTests();
let ecr: EcrOperations;

beforeEach(async () => {
  const env = await awsEnvironment(localAws(), { AWS_MAX_ATTEMPTS: '1' });
  ecr = await (await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined })).ecr();
});

it('registryAccess takes scheme and host from what ECR answers', async () => {
  const { port } = localAws();
  expect(await ecr.registryAccess()).toEqual({
    scheme: 'http',
    host: `127.0.0.1:${port}`,
    username: 'AWS',
    password: expect.stringMatching(/^\S{8,}$/),
  });
});

describe('repositories', () => {
  it('one that is not there is undefined', async () => {
    expect(await ecr.repository('crawl')).toBeUndefined();
  });

  it('one that is created is found', async () => {
    const created = await ecr.createRepository('team/crawl');
    expect(created).toEqual({ name: 'team/crawl', uri: `127.0.0.1:${localAws().port}/team/crawl` });
    expect(await ecr.repository('team/crawl')).toEqual(created);
  });

  it('one that another process has created meanwhile is as good', async () => {
    const created = await ecr.createRepository('crawl');
    expect(await ecr.createRepository('crawl')).toEqual(created);
  });

  it('a denial names the action and the repository', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'ecr:CreateRepository' }] } });
    expect(await rejectionOf(ecr.createRepository('crawl'))).toMatchObject({
      exitCode: 3,
      title: 'not allowed: ecr:CreateRepository on crawl',
    });
  });
});

describe('imageDigest', () => {
  it('is undefined without the repository', async () => {
    expect(await ecr.imageDigest('crawl', { tag: '1' })).toBeUndefined();
  });

  it.each([{ tag: '1' }, { digest: `sha256:${'0'.repeat(64)}` }])(
    'is undefined without the image: %j',
    async (image) => {
      await ecr.createRepository('crawl');
      expect(await ecr.imageDigest('crawl', image)).toBeUndefined();
    },
  );
});

describe('partsOf', () => {
  const INDEX_TYPES = [OCI_INDEX, 'application/vnd.docker.distribution.manifest.list.v2+json'];

  it.each(INDEX_TYPES)('are the manifests of an index, and of indexes in it: %s', async (mediaType) => {
    await ecr.createRepository('crawl');
    const registry = await login();
    const images = [await registry.pushImage('crawl', 'one'), await registry.pushImage('crawl', 'two')];
    const inner = testIndex(images.slice(1), [], mediaType);
    const outer = testIndex([images[0]!, inner], [], mediaType);
    for (const index of [inner, outer]) await registry.putManifest('crawl', index.digest, index);
    const digests = [images[0]!, inner, images[1]!].map(({ digest }) => digest);
    expect(await ecr.partsOf('crawl', outer.digest)).toEqual(digests);
  });

  it('of a single image there are none', async () => {
    await ecr.createRepository('crawl');
    const { digest } = await (await login()).pushImage('crawl', 'one');
    expect(await ecr.partsOf('crawl', digest)).toEqual([]);
  });

  it('is undefined without the image, and without the repository', async () => {
    await ecr.createRepository('crawl');
    const digest = `sha256:${'0'.repeat(64)}`;
    expect([await ecr.partsOf('crawl', digest), await ecr.partsOf('other', digest)]).toEqual([undefined, undefined]);
  });

  async function login(): Promise<RegistryClient> {
    const client = ecrClient(localAws().endpoint, REGION);
    const registry = await RegistryClient.login(localAws().endpoint, client);
    client.destroy();
    return registry;
  }
});
