import { CreateRepositoryCommand, DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import {
  digestOf,
  ecrClient,
  OCI_INDEX,
  OCI_MANIFEST,
  RegistryClient,
  registryFailure,
  testImage,
} from './ecr-client.ts';

let aws: LocalAws;
let ecr: ECRClient;
let registry: RegistryClient;

beforeAll(async () => {
  aws = await startLocalAws();
  ecr = ecrClient(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'locked', imageTagMutability: 'IMMUTABLE' }));
  registry = await RegistryClient.login(aws.endpoint, ecr);
});

afterAll(async () => {
  ecr.destroy();
  await aws.close();
});

describe('the token', () => {
  it('opens the registry', async () => {
    const answer = await registry.send('GET', '/v2/');
    expect([answer.status, answer.headers['docker-distribution-api-version']]).toEqual([200, 'registry/2.0']);
  });

  it.each([
    ['missing', ''],
    ['of another registry', `Basic ${Buffer.from('AWS:secret').toString('base64')}`],
    ['of another user', `Basic ${Buffer.from('me:secret').toString('base64')}`],
  ])('that is %s is asked for with a challenge', async (_name, authorization) => {
    const answer = await registry.send('GET', '/v2/', { authorization });
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="/);
    expect(registryFailure(answer)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
  });

  it('that has expired is refused as ECR does: with 403 and no challenge', async () => {
    await aws.control.advance(12 * 3600_000);
    const answer = await registry.send('GET', '/v2/');
    expect(registryFailure(answer)).toEqual({
      status: 403,
      code: 'DENIED',
      message: 'Your authorization token has expired. Reauthenticate and try again.',
    });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('says for which region it is', async () => {
    const elsewhere = ecrClient(aws.endpoint, 'us-east-1');
    const other = await RegistryClient.login(aws.endpoint, elsewhere);
    elsewhere.destroy();
    expect((await other.send('GET', '/v2/app/tags/list')).status).toBe(404);
    expect((await registry.send('GET', '/v2/app/tags/list')).status).toBe(200);
  });
});

describe('a manifest', () => {
  it('is given by tag and by digest as it was put, byte by byte', async () => {
    const { digest, bytes } = await registry.pushImage('app', 'hello', 'v1');
    for (const reference of ['v1', digest]) {
      const answer = await registry.send('GET', `/v2/app/manifests/${reference}`, { accept: OCI_MANIFEST });
      expect(answer.body.equals(bytes)).toBe(true);
      expect(answer.headers).toMatchObject({ 'content-type': OCI_MANIFEST, 'docker-content-digest': digest });
      const head = await registry.send('HEAD', `/v2/app/manifests/${reference}`);
      expect([head.status, head.headers['content-length']]).toEqual([200, `${bytes.length}`]);
    }
  });

  it('of a kind that the client does not accept is not given', async () => {
    await registry.pushImage('app', 'hello', 'v1');
    const answer = await registry.send('GET', '/v2/app/manifests/v1', { accept: OCI_INDEX });
    expect(registryFailure(answer)).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
  });

  it('that is not there is unknown', async () => {
    const answer = await registry.send('GET', '/v2/app/manifests/v1');
    expect(registryFailure(answer)).toEqual({
      status: 404,
      code: 'MANIFEST_UNKNOWN',
      message: 'Requested image not found',
    });
  });

  it('needs its layers and says which are missing', async () => {
    const { manifest, config, layer } = testImage('hello');
    await registry.pushBlob('app', config);
    const answer = registryFailure(await registry.putManifest('app', 'v1', manifest));
    expect(answer).toMatchObject({ status: 404, code: 'MANIFEST_BLOB_UNKNOWN' });
    expect(answer.message).toContain(`[${digestOf(layer)}]`);
  });

  it('under a digest that is not its own is refused', async () => {
    const { manifest } = testImage('hello');
    await registry.pushImage('app', 'hello', 'v1');
    const answer = await registry.putManifest('app', digestOf('other'), manifest);
    expect(registryFailure(answer)).toMatchObject({ status: 400, code: 'DIGEST_INVALID' });
  });

  it.each([
    ['no JSON', OCI_MANIFEST, 'hello'],
    ['another media type than its own', OCI_INDEX, testImage('x').manifest.bytes],
    ['a media type that no image has', 'text/plain', '{"schemaVersion":2}'],
  ])('is refused with %s', async (_name, type, body) => {
    const answer = await registry.send('PUT', '/v2/app/manifests/v1', { 'content-type': type }, body);
    expect(registryFailure(answer)).toMatchObject({ status: 400, code: 'MANIFEST_INVALID' });
  });

  it('cannot be deleted, as in ECR', async () => {
    const { digest } = await registry.pushImage('app', 'hello', 'v1');
    const answer = await registry.send('DELETE', `/v2/app/manifests/${digest}`);
    expect(registryFailure(answer)).toMatchObject({ status: 405, code: 'UNSUPPORTED' });
  });
});

describe('an immutable tag', () => {
  it('does not move, in ECR’s words', async () => {
    await registry.pushImage('locked', 'one', 'v1');
    await registry.pushImage('locked', 'two');
    const answer = await registry.putManifest('locked', 'v1', testImage('two').manifest);
    expect(registryFailure(answer)).toEqual({
      status: 400,
      code: 'TAG_INVALID',
      message:
        "The image tag 'v1' already exists in the 'locked' repository and cannot be overwritten because the tag is immutable.",
    });
  });

  it('takes the image that it has again', async () => {
    await registry.pushImage('locked', 'one', 'v1');
    expect((await registry.putManifest('locked', 'v1', testImage('one').manifest)).status).toBe(201);
  });
});

describe('a repository that is not there', () => {
  it.each([
    ['HEAD', '/v2/gone/blobs/sha256:00'],
    ['POST', '/v2/gone/blobs/uploads/'],
    ['PUT', '/v2/gone/manifests/v1'],
    ['GET', '/v2/gone/tags/list'],
    ['GET', '/v2/Wrong_Name/tags/list'],
  ])('is not made by %s %s', async (method, path) => {
    const answer = await registry.send(method, path);
    expect(answer.status).toBe(404);
    if (method === 'HEAD') return;
    expect(registryFailure(answer)).toMatchObject({
      code: 'NAME_UNKNOWN',
      message: expect.stringMatching(
        /^The repository with name '\w+' does not exist in the registry with id '123456789012'$/,
      ),
    });
  });
});

describe('what ECR’s registry does not have', () => {
  it.each([
    ['GET', '/v2/_catalog'],
    ['DELETE', `/v2/app/blobs/${digestOf('x')}`],
    ['GET', '/v2/app/nothing'],
  ])('%s %s is unsupported', async (method, path) => {
    expect(registryFailure(await registry.send(method, path))).toMatchObject({ status: 405, code: 'UNSUPPORTED' });
  });
});

describe('tags', () => {
  it('are listed in order, a page at a time', async () => {
    for (const tag of ['v2', 'v10', 'v1']) await registry.pushImage('app', 'hello', tag);
    const first = await registry.send('GET', '/v2/app/tags/list?n=2');
    expect(JSON.parse(first.body.toString())).toEqual({ name: 'app', tags: ['v1', 'v10'] });
    const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await registry.send('GET', next);
    expect(JSON.parse(second.body.toString())).toEqual({ name: 'app', tags: ['v2'] });
    expect(second.headers['link']).toBeUndefined();
  });
});

it('names its operations for faults and the log', async () => {
  aws.control.clearRequests();
  await registry.pushImage('app', 'hello', 'v1');
  await registry.send('HEAD', '/v2/app/manifests/v1');
  expect(aws.control.requests().map(({ operation }) => operation)).toEqual([
    'registry:StartBlobUpload',
    'registry:StartBlobUpload',
    'registry:PutManifest',
    'registry:HeadManifest',
  ]);
});

it('writes faults as a registry does', async () => {
  aws.control.addFault({ operation: 'registry:GetManifest', kind: 'throttle' });
  const answer = await registry.send('GET', '/v2/app/manifests/v1');
  expect(registryFailure(answer)).toMatchObject({ status: 429, code: 'TOOMANYREQUESTS' });
});

it('shows what it was given in a snapshot, but no unfinished upload', async () => {
  const before = aws.control.state();
  await registry.send('POST', '/v2/app/blobs/uploads/');
  expect(aws.control.state()).toEqual(before);
  await registry.pushImage('app', 'hello', 'v1');
  expect(aws.control.state()).not.toEqual(before);
  expect((await ecr.send(new DescribeImagesCommand({ repositoryName: 'app' }))).imageDetails).toHaveLength(1);
});
