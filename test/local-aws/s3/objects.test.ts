import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
const Bucket = 'scripts';

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  aws.control.setRate(0);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

const put = (Key: string, Body: string | Buffer, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();

const digest = (algorithm: string) => createHash(algorithm).update('hello').digest('base64');

describe('an object', () => {
  it('comes back with what was said about it', async () => {
    await put('a/run.sh', 'echo', {
      ContentType: 'text/x-sh',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      Metadata: { commit: 'abc' },
    });
    expect(await get('a/run.sh')).toMatchObject({
      ContentType: 'text/x-sh',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      ContentLength: 4,
      Metadata: { commit: 'abc' },
      ServerSideEncryption: 'AES256',
      LastModified: new Date(Math.floor(aws.control.now().getTime() / 1000) * 1000),
    });
  });

  it('has the MD5 of its bytes as its ETag', async () => {
    const { ETag } = await put('x', 'hello');
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
  });

  it.each(['a b+c', 'ü/é', 'x&y<z>', "q'uote(1)!*", 'per%20cent', '__proto__'])('may be called %j', async (key) => {
    await put(key, key);
    expect(await text(key)).toBe(key);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(Contents?.map(({ Key }) => decodeURIComponent(Key ?? ''))).toEqual([key]);
  });

  it('is gone after a delete, which may be repeated', async () => {
    await put('x', '1');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
    expect(await refusal(get('x'))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  it('that is not there is a HEAD without a body', async () => {
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'x' })))).toEqual({
      name: 'NotFound',
      status: 404,
    });
  });

  it('can be read in ranges', async () => {
    await put('x', '0123456789');
    expect(await text('x', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('x', { Range: 'bytes=-3' })).toBe('789');
    expect(await text('x', { Range: 'bytes=8-99' })).toBe('89');
    expect((await get('x', { Range: 'bytes=2-4' })).ContentRange).toBe('bytes 2-4/10');
    expect(await refusal(get('x', { Range: 'bytes=10-' }))).toEqual({ name: 'InvalidRange', status: 416 });
  });
});

describe('a conditional write', () => {
  it('with If-None-Match: * succeeds once', async () => {
    await put('x', 'first', { IfNoneMatch: '*' });
    expect(await refusal(put('x', 'second', { IfNoneMatch: '*' }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect(await text('x')).toBe('first');
  });

  it('has exactly one winner among many', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => put('x', `${index}`, { IfNoneMatch: '*' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('with If-Match wants the ETag that is there', async () => {
    const { ETag } = await put('x', 'first');
    await put('x', 'second', { IfMatch: ETag });
    expect(await refusal(put('x', 'third', { IfMatch: ETag }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await refusal(put('other', 'x', { IfMatch: ETag }))).toEqual({ name: 'NoSuchKey', status: 404 });
  });
});

describe('a conditional read', () => {
  it.each([
    ['IfMatch of another ETag', { IfMatch: '"00"' }, 412],
    ['IfNoneMatch of the ETag', { IfNoneMatch: `"${createHash('md5').update('hello').digest('hex')}"` }, 304],
    ['IfModifiedSince later', { IfModifiedSince: new Date('2100-01-01') }, 304],
    ['IfUnmodifiedSince earlier', { IfUnmodifiedSince: new Date('2000-01-01') }, 412],
  ])('%s is refused', async (_name, condition, status) => {
    await put('x', 'hello');
    expect((await refusal(get('x', condition))).status).toBe(status);
  });

  it('of an ETag that matches wins over a date that does not', async () => {
    const { ETag } = await put('x', 'hello');
    expect(await text('x', { IfMatch: ETag, IfUnmodifiedSince: new Date('2000-01-01') })).toBe('hello');
  });
});

describe('a checksum', () => {
  it.each([
    ['CRC32', 'NhCmhg=='],
    ['CRC32C', 'mnG7TA=='],
    ['SHA1', digest('sha1')],
    ['SHA256', digest('sha256')],
  ] as const)('%s that the SDK computes is kept and given back on demand', async (ChecksumAlgorithm, value) => {
    await put('x', 'hello', { ChecksumAlgorithm });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'x', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [`Checksum${ChecksumAlgorithm}`]: value, ChecksumType: 'FULL_OBJECT' });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'x' }))).not.toHaveProperty(
      `Checksum${ChecksumAlgorithm}`,
    );
  });

  it('that the client sends without naming the algorithm is kept too', async () => {
    await put('x', 'hello', { ChecksumSHA256: digest('sha256') });
    const { ChecksumSHA256 } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'x', ChecksumMode: 'ENABLED' }));
    expect(ChecksumSHA256).toBe(digest('sha256'));
  });

  it.each([
    ['SHA-256', { ChecksumSHA256: createHash('sha256').update('other').digest('base64') }, 'BadDigest'],
    ['Content-MD5', { ContentMD5: createHash('md5').update('other').digest('base64') }, 'BadDigest'],
    ['Content-MD5 of no digest', { ContentMD5: 'AAAA' }, 'InvalidDigest'],
    ['CRC32 of the wrong length', { ChecksumCRC32: 'AAAA' }, 'InvalidRequest'],
  ])('that is wrong (%s) refuses the object', async (_name, wrong, name) => {
    expect(await refusal(put('x', 'hello', wrong))).toEqual({ name, status: 400 });
    expect(await refusal(get('x'))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  it('is among the attributes of an object', async () => {
    await put('x', 'hello', { ChecksumSHA256: digest('sha256') });
    const attributes = await s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'x', ObjectAttributes: ['Checksum', 'ETag', 'ObjectSize'] }),
    );
    expect(attributes).toMatchObject({
      Checksum: { ChecksumSHA256: digest('sha256'), ChecksumType: 'FULL_OBJECT' },
      ETag: createHash('md5').update('hello').digest('hex'),
      ObjectSize: 5,
    });
    expect(attributes).not.toHaveProperty('StorageClass');
  });
});

describe('tags of an object', () => {
  it('come with the upload or later, and are counted', async () => {
    await put('x', '1', { Tagging: 'team=data&stage=a%20b' });
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'x' }))).TagSet).toEqual([
      { Key: 'team', Value: 'data' },
      { Key: 'stage', Value: 'a b' },
    ]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'x', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }));
    expect((await get('x')).TagCount).toBe(1);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'x' }));
    expect((await get('x')).TagCount).toBeUndefined();
  });

  it.each([
    ['with a reserved name', [{ Key: 'aws:x', Value: '' }], 'InvalidTag'],
    [
      'twice the same',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InvalidTag',
    ],
    ['of more than ten', Array.from({ length: 11 }, (_, index) => ({ Key: `${index}`, Value: '' })), 'BadRequest'],
  ])('%s are refused', async (_name, TagSet, name) => {
    await put('x', '1');
    const call = s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'x', Tagging: { TagSet } }));
    expect((await refusal(call)).name).toBe(name);
  });
});

describe('a copy', () => {
  it('takes bytes, metadata and tags along, but not the storage class', async () => {
    const from = { Metadata: { a: '1' }, Tagging: 't=1', StorageClass: 'STANDARD_IA', ContentType: 'text/plain' };
    await put('from ü', 'hello', from);
    const CopySource = `${Bucket}/${encodeURIComponent('from ü')}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
    const copy = await get('to');
    expect(copy).toMatchObject({ Metadata: { a: '1' }, TagCount: 1, ContentType: 'text/plain' });
    expect(copy.StorageClass).toBeUndefined();
    expect(await copy.Body?.transformToString()).toBe('hello');
  });

  it('replaces the metadata when told to', async () => {
    await put('x', 'hello', { Metadata: { a: '1' } });
    const input = {
      Bucket,
      Key: 'x',
      CopySource: `${Bucket}/x`,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
    } as const;
    await s3.send(new CopyObjectCommand(input));
    expect((await get('x')).Metadata).toEqual({ b: '2' });
  });

  it('onto itself without a change is refused', async () => {
    await put('x', 'hello');
    const call = s3.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/x` }));
    expect(await refusal(call)).toEqual({ name: 'InvalidRequest', status: 400 });
  });

  it('of nothing is an error that names the source', async () => {
    const call = s3.send(new CopyObjectCommand({ Bucket, Key: 'y', CopySource: `${Bucket}/gone` }));
    expect(await refusal(call)).toEqual({ name: 'NoSuchKey', status: 404 });
  });
});

it('deletes many objects at once, those that are not there too', async () => {
  await put('a', '1');
  await put('b&c', '2');
  const Objects = [{ Key: 'a' }, { Key: 'b&c' }, { Key: 'gone' }];
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b&c', 'gone']);
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});
