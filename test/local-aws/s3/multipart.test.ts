import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
const Bucket = 'parts';
const Key = 'big';
const first = Buffer.alloc(5 * 1024 * 1024, 'a');
const second = Buffer.from('the end');
const whole = Buffer.concat([first, second]);

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

const start = async (more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? '';

async function upload(UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const answer = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = answer;
  return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 };
}

const complete = (UploadId: string, Parts: CompletedPart[], more: Partial<CompleteMultipartUploadCommandInput> = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

async function uploadBoth(UploadId: string): Promise<CompletedPart[]> {
  return [await upload(UploadId, 1, first), await upload(UploadId, 3, second)];
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

describe('a multipart upload', () => {
  it('becomes one object of all its parts, with its properties and an ETag of parts', async () => {
    const UploadId = await start({ ContentType: 'text/plain', Metadata: { a: '1' } });
    const { ETag } = await complete(UploadId, await uploadBoth(UploadId));
    expect(ETag).toBe(
      `"${createHash('md5')
        .update(Buffer.concat([md5(first), md5(second)]))
        .digest('hex')}-2"`,
    );
    const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(object).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' }, ContentLength: whole.length });
    expect(whole.equals(Buffer.from((await object.Body?.transformToByteArray()) ?? []))).toBe(true);
  });

  it('with SHA-256 has a composite checksum, and its parts can be read', async () => {
    const UploadId = await start({ ChecksumAlgorithm: 'SHA256' });
    const parts: CompletedPart[] = [];
    for (const [PartNumber, Body] of [
      [1, first],
      [3, second],
    ] as const) {
      const input = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' } as const;
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(input));
      parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    const composite = `${sha256(Buffer.concat([sha256(first), sha256(second)])).toString('base64')}-2`;
    expect(await complete(UploadId, parts)).toMatchObject({ ChecksumSHA256: composite, ChecksumType: 'COMPOSITE' });
    const part = await s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect([part.ContentLength, part.PartsCount]).toEqual([second.length, 2]);
    const input = { Bucket, Key, ObjectAttributes: ['ObjectParts' as const] };
    const { ObjectParts } = await s3.send(new GetObjectAttributesCommand(input));
    expect(ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([first.length, second.length]);
  });

  it('has the checksum of the whole object when CRC-64 is kept', async () => {
    const UploadId = await start();
    await complete(UploadId, await uploadBoth(UploadId));
    const composed = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: whole, ChecksumAlgorithm: 'CRC64NVME' }));
    const put = await s3.send(new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }));
    expect(put.ChecksumCRC64NVME).toEqual(expect.any(String));
    expect(composed).toMatchObject({ ChecksumCRC64NVME: put.ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT' });
  });

  it('can take a part from another object', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'from', Body: whole }));
    const UploadId = await start({ ChecksumAlgorithm: undefined });
    const CopySourceRange = `bytes=${first.length}-${whole.length - 1}`;
    const input = { Bucket, Key, UploadId, PartNumber: 1, CopySource: `${Bucket}/from`, CopySourceRange };
    const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(input));
    await complete(UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('the end');
  });

  it('is listed until it is done, and so are its parts', async () => {
    const UploadId = await start();
    const parts = await uploadBoth(UploadId);
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads?.map((one) => [one.Key, one.UploadId])).toEqual([[Key, UploadId]]);
    const page = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    expect([page.Parts?.map(({ PartNumber }) => PartNumber), page.IsTruncated]).toEqual([[1], true]);
    const next = await s3.send(
      new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: page.NextPartNumberMarker }),
    );
    expect(next.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
    await complete(UploadId, parts);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  it('that was aborted is gone', async () => {
    const UploadId = await start();
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await refusal(upload(UploadId, 1, second))).toEqual({ name: 'NoSuchUpload', status: 404 });
  });
});

describe('completing is refused', () => {
  it('when the parts are not in order', async () => {
    const UploadId = await start();
    const parts = await uploadBoth(UploadId);
    expect((await refusal(complete(UploadId, parts.toReversed()))).name).toBe('InvalidPartOrder');
  });

  it('for a part that was not uploaded like that', async () => {
    const UploadId = await start();
    const [part] = await uploadBoth(UploadId);
    expect((await refusal(complete(UploadId, [{ ...part, ETag: '"0"' }]))).name).toBe('InvalidPart');
    expect((await refusal(complete(UploadId, [{ ...part, PartNumber: 2 }]))).name).toBe('InvalidPart');
  });

  it('when a part other than the last is under 5 MiB', async () => {
    const UploadId = await start();
    const parts = [await upload(UploadId, 1, second), await upload(UploadId, 2, second)];
    expect((await refusal(complete(UploadId, parts))).name).toBe('EntityTooSmall');
  });

  it('when the object is there and must not be', async () => {
    const UploadId = await start();
    const parts = await uploadBoth(UploadId);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'earlier' }));
    expect(await refusal(complete(UploadId, parts, { IfNoneMatch: '*' }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    await complete(UploadId, parts);
  });

  it('when the size or the checksum is another than the client thinks', async () => {
    const UploadId = await start({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = await uploadBoth(UploadId);
    expect((await refusal(complete(UploadId, parts, { MpuObjectSize: 1 }))).name).toBe('InvalidRequest');
    expect((await refusal(complete(UploadId, parts, { ChecksumCRC32: 'AAAAAA==' }))).name).toBe('BadDigest');
  });

  it('without the checksums of the parts when the client chose a composite', async () => {
    const UploadId = await start({ ChecksumAlgorithm: 'CRC32' });
    const parts = (await uploadBoth(UploadId)).map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    expect((await refusal(complete(UploadId, parts))).name).toBe('InvalidRequest');
  });
});

it('refuses a checksum of the whole object by SHA-256', async () => {
  const call = start({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' });
  expect(await refusal(call)).toEqual({ name: 'InvalidRequest', status: 400 });
});
