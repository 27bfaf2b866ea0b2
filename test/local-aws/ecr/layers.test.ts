import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { digestOf, ecrClient, refusal, RegistryClient } from './ecr-client.ts';

let aws: LocalAws;
let ecr: ECRClient;
const repositoryName = 'app';
const layer = Buffer.concat([Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from('end')]);
const layerDigest = digestOf(layer);

beforeAll(async () => {
  aws = await startLocalAws();
  ecr = ecrClient(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
});

afterAll(async () => {
  ecr.destroy();
  await aws.close();
});

const start = async () => (await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).uploadId ?? '';
const upload = (uploadId: string, first: number, bytes: Buffer) =>
  ecr.send(
    new UploadLayerPartCommand({
      repositoryName,
      uploadId,
      partFirstByte: first,
      partLastByte: first + bytes.length - 1,
      layerPartBlob: bytes,
    }),
  );
const complete = (uploadId: string, digest = layerDigest) =>
  ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }));

async function uploadLayer(): Promise<void> {
  const uploadId = await start();
  const half = layer.length - 3;
  await upload(uploadId, 0, layer.subarray(0, half));
  await upload(uploadId, half, layer.subarray(half));
  await complete(uploadId);
}

describe('a layer that came in parts', () => {
  it('is available, here and in the registry', async () => {
    await uploadLayer();
    const layerDigests = [layerDigest, digestOf('none'), 'nonsense'];
    const { layers, failures } = await ecr.send(
      new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }),
    );
    expect(layers?.map(({ layerAvailability, layerSize }) => [layerAvailability, layerSize])).toEqual([
      ['AVAILABLE', layer.length],
      ['UNAVAILABLE', undefined],
    ]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['InvalidLayerDigest']);
    const registry = await RegistryClient.login(aws.endpoint, ecr);
    expect((await registry.send('HEAD', `/v2/${repositoryName}/blobs/${layerDigest}`)).status).toBe(200);
  });

  it('can be downloaded from an address that needs no header', async () => {
    await uploadLayer();
    const { downloadUrl } = await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));
    const response = await fetch(downloadUrl ?? '');
    expect(layer.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
  });

  it('cannot be completed twice', async () => {
    await uploadLayer();
    const uploadId = await start();
    await upload(uploadId, 0, layer);
    expect(await refusal(complete(uploadId))).toBe('LayerAlreadyExistsException');
  });
});

describe('an upload is refused', () => {
  it('when a part leaves a gap', async () => {
    expect(await refusal(upload(await start(), 5, layer))).toBe('InvalidLayerPartException');
  });

  it('when nothing came', async () => {
    expect(await refusal(complete(await start()))).toBe('EmptyUploadException');
  });

  it('when a part before the last is under 5 MiB', async () => {
    const uploadId = await start();
    await upload(uploadId, 0, Buffer.from('a'));
    await upload(uploadId, 1, Buffer.from('b'));
    expect(await refusal(complete(uploadId, digestOf('ab')))).toBe('LayerPartTooSmallException');
  });

  it('when the digest is another', async () => {
    const uploadId = await start();
    await upload(uploadId, 0, layer);
    expect(await refusal(complete(uploadId, digestOf('other')))).toBe('InvalidLayerException');
  });

  it('when it was never started', async () => {
    expect(await refusal(upload('00000000-0000-0000-0000-000000000000', 0, layer))).toBe('UploadNotFoundException');
  });
});
