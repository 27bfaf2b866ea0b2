import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketVersioningStatus,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
const Bucket = 'versioned';

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  await s3.send(new CreateBucketCommand({ Bucket }));
  await versioning('Enabled');
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

const versioning = (Status: BucketVersioningStatus) =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Key: string, Body: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
const read = async (Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const remove = (Key: string, VersionId?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));

describe('with versioning', () => {
  it('every version can be read by its ID', async () => {
    const first = await put('x', '1');
    const second = await put('x', '2');
    expect([await read('x'), await read('x', first), await read('x', second)]).toEqual(['2', '1', '2']);
    expect(await refusal(read('x', 'none'))).toEqual({ name: 'NoSuchVersion', status: 404 });
  });

  it('a delete hides the object behind a marker, and deleting the marker brings it back', async () => {
    await put('x', '1');
    const marker = await remove('x');
    expect(marker.DeleteMarker).toBe(true);
    expect(await refusal(read('x'))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await refusal(read('x', marker.VersionId))).toEqual({ name: 'MethodNotAllowed', status: 405 });
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    await remove('x', marker.VersionId);
    expect(await read('x')).toBe('1');
  });

  it('a version that is deleted is gone for good', async () => {
    const first = await put('x', '1');
    await put('x', '2');
    await remove('x', first);
    expect((await refusal(read('x', first))).name).toBe('NoSuchVersion');
  });

  it('a bucket of markers is not empty', async () => {
    await remove('x');
    expect((await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).name).toBe('BucketNotEmpty');
  });

  it('If-None-Match: * holds over a delete marker', async () => {
    await put('x', '1');
    await remove('x');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: '2', IfNoneMatch: '*' }));
    expect(await read('x')).toBe('2');
  });

  it('many versions can be deleted at once', async () => {
    const VersionId = await put('x', '1');
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'x', VersionId }, { Key: 'y' }] } }),
    );
    expect(Deleted).toEqual([
      { Key: 'x', VersionId },
      { Key: 'y', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
  });
});

describe('suspended versioning', () => {
  it('writes the null version over and over, and keeps what was there', async () => {
    const first = await put('x', '1');
    await versioning('Suspended');
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Suspended');
    await put('x', '2');
    await put('x', '3');
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      ['null', true],
      [first, false],
    ]);
    expect(await read('x', 'null')).toBe('3');
  });
});

describe('ListObjectVersions', () => {
  it('pages through all versions, newest of each key first', async () => {
    const x1 = await put('x', '1');
    const x2 = await put('x', '2');
    const marker = (await remove('x')).VersionId;
    const y = await put('y', '1');
    const found: unknown[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, KeyMarker, VersionIdMarker }));
      for (const { Key, VersionId, IsLatest } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        found.push([Key, VersionId, IsLatest]);
      }
      ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
    } while (KeyMarker !== undefined);
    expect(found).toEqual([
      ['x', marker, true],
      ['x', x2, false],
      ['x', x1, false],
      ['y', y, true],
    ]);
  });
});

it('gives the same version IDs in a second run of the same calls', async () => {
  const first = [await put('x', '1'), await put('x', '2')];
  aws.control.reset();
  await s3.send(new CreateBucketCommand({ Bucket }));
  await versioning('Enabled');
  expect([await put('x', '1'), await put('x', '2')]).toEqual(first);
});
