import { CreateRepositoryCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { digestOf, ecrClient, RegistryClient, registryFailure } from './ecr-client.ts';

let aws: LocalAws;
let ecr: ECRClient;
let registry: RegistryClient;
const blob = Buffer.from('0123456789abcdefghij');
const digest = digestOf(blob);

beforeAll(async () => {
  aws = await startLocalAws();
  ecr = ecrClient(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'other' }));
  registry = await RegistryClient.login(aws.endpoint, ecr);
});

afterAll(async () => {
  ecr.destroy();
  await aws.close();
});

async function start(): Promise<string> {
  const answer = await registry.send('POST', '/v2/app/blobs/uploads/');
  expect(answer.status).toBe(202);
  return answer.headers['location'] ?? '';
}

const patch = (location: string, first: number, end: number) =>
  registry.send('PATCH', location, { 'content-range': `${first}-${end - 1}` }, blob.subarray(first, end));
/** How far an upload has come, once the registry has seen that the connection is gone. */
async function progressBeyond(location: string, range: string): Promise<string | undefined> {
  for (;;) {
    const { headers } = await registry.send('GET', location);
    if (headers['range'] !== range) return headers['range'];
  }
}
const finish = (location: string, body: Buffer = Buffer.alloc(0), claimed = digest) =>
  registry.send('PUT', `${location}?digest=${claimed}`, {}, body);
const stored = async (repository = 'app') => (await registry.send('GET', `/v2/${repository}/blobs/${digest}`)).body;

const mount = (from: string) => registry.send('POST', `/v2/other/blobs/uploads/?mount=${digest}&from=${from}`);

describe('a blob', () => {
  it('can be put in one request', async () => {
    const answer = await registry.send('POST', `/v2/app/blobs/uploads/?digest=${digest}`, {}, blob);
    expect([answer.status, answer.headers['location']]).toEqual([201, `/v2/app/blobs/${digest}`]);
    expect((await stored()).equals(blob)).toBe(true);
  });

  it('can be put with the request that ends the upload', async () => {
    expect((await finish(await start(), blob)).status).toBe(201);
    expect((await stored()).equals(blob)).toBe(true);
  });

  it('can come in chunks, with and without saying where they belong', async () => {
    const location = await start();
    expect((await patch(location, 0, 5)).headers['range']).toBe('0-4');
    const second = await registry.send('PATCH', location, {}, blob.subarray(5, 12));
    expect([second.status, second.headers['range']]).toEqual([202, '0-11']);
    expect((await finish(location, blob.subarray(12))).status).toBe(201);
    expect((await stored()).equals(blob)).toBe(true);
  });

  it('can be empty', async () => {
    expect((await finish(await start(), Buffer.alloc(0), digestOf(''))).status).toBe(201);
  });

  it('can be read in ranges, to resume a download', async () => {
    await registry.pushBlob('app', blob);
    const answer = await registry.send('GET', `/v2/app/blobs/${digest}`, { range: 'bytes=15-' });
    expect([answer.status, answer.headers['content-range'], answer.body.toString()]).toEqual([
      206,
      'bytes 15-19/20',
      'fghij',
    ]);
    const beyond = await registry.send('GET', `/v2/app/blobs/${digest}`, { range: 'bytes=20-' });
    expect(beyond.status).toBe(416);
  });

  it('tells its size', async () => {
    await registry.pushBlob('app', blob);
    const { status, headers, body } = await registry.send('HEAD', `/v2/app/blobs/${digest}`);
    expect([status, headers['content-length'], headers['docker-content-digest'], body.length]).toEqual([
      200,
      `${blob.length}`,
      digest,
      0,
    ]);
  });

  it('belongs to the repository that it was put into', async () => {
    await registry.pushBlob('app', blob);
    expect((await registry.send('HEAD', `/v2/other/blobs/${digest}`)).status).toBe(404);
  });
});

describe('an upload', () => {
  it('that was cut off is resumed where the registry says that it stands', async () => {
    const location = await start();
    await patch(location, 0, 8);
    const headers = { authorization: `Basic ${registry.token}`, 'content-range': '8-19', 'content-length': '12' };
    const cut = httpRequest(new URL(location, aws.endpoint), { method: 'PATCH', headers });
    cut.on('error', () => undefined);
    const broken = new Promise((resolve) => cut.once('close', resolve));
    cut.write(blob.subarray(8, 10), () => cut.destroy());
    await broken;
    expect(await progressBeyond(location, '0-7')).toBe('0-9');
    await patch(location, 10, 20);
    expect((await finish(location)).status).toBe(201);
    expect((await stored()).equals(blob)).toBe(true);
  });

  it('refuses a chunk that does not go on where it stands, and says where', async () => {
    const location = await start();
    await patch(location, 0, 8);
    const answer = await patch(location, 0, 8);
    expect(answer.headers['range']).toBe('0-7');
    expect(registryFailure(answer)).toEqual({
      status: 416,
      code: 'BLOB_UPLOAD_INVALID',
      message: 'First byte of the layer part is 0 instead of 8',
    });
  });

  it('refuses a range that is not that of the bytes', async () => {
    const answer = await registry.send('PATCH', await start(), { 'content-range': '0-99' }, blob);
    expect(registryFailure(answer)).toMatchObject({ status: 416, code: 'BLOB_UPLOAD_INVALID' });
  });

  it('refuses bytes of another digest', async () => {
    const answer = await finish(await start(), blob, digestOf('other'));
    expect(registryFailure(answer)).toMatchObject({ status: 400, code: 'DIGEST_INVALID' });
    expect((await registry.send('HEAD', `/v2/app/blobs/${digestOf('other')}`)).status).toBe(404);
  });

  it.each(['', 'sha512:00', 'sha256:00'])('refuses the digest %j and goes on', async (claimed) => {
    const location = await start();
    expect(registryFailure(await finish(location, blob, claimed))).toMatchObject({
      status: 400,
      code: 'DIGEST_INVALID',
    });
    expect((await finish(location, blob)).status).toBe(201);
  });

  it('that was aborted is gone', async () => {
    const location = await start();
    expect((await registry.send('DELETE', location)).status).toBe(204);
    expect(registryFailure(await registry.send('GET', location))).toMatchObject({
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    });
  });

  it('is of its repository only', async () => {
    const location = await start();
    expect((await registry.send('GET', location.replace('/app/', '/other/'))).status).toBe(404);
  });
});

describe('mounting', () => {
  it('takes a blob over from another repository without its bytes', async () => {
    await registry.pushBlob('app', blob);
    const answer = await mount('app');
    expect([answer.status, answer.headers['location']]).toEqual([201, `/v2/other/blobs/${digest}`]);
    expect((await stored('other')).equals(blob)).toBe(true);
  });

  it.each(['app', 'gone'])('starts an upload when %s does not have the blob', async (from) => {
    const answer = await mount(from);
    expect(answer.status).toBe(202);
    expect((await finish(answer.headers['location'] ?? '', blob)).status).toBe(201);
  });
});
