import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { errorCode, raw, refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
const Bucket = 'wire';

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

const crc32Base64 = (text: string) => {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(text));
  return digest.toString('base64');
};

const unsigned = (trailer: string): Record<string, string> => ({
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '11',
  'x-amz-trailer': trailer,
});

describe('x-amz-content-sha256', () => {
  it('that is not the hash of the body refuses the object', async () => {
    const headers = { 'x-amz-content-sha256': createHash('sha256').update('other').digest('hex') };
    const answer = await raw(aws.endpoint, 'PUT', `/${Bucket}/sha`, headers, 'hello');
    expect([answer.status, errorCode(answer)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect((await raw(aws.endpoint, 'GET', `/${Bucket}/sha`)).status).toBe(404);
  });
});

describe('a chunked body', () => {
  it('of the SDK, for a stream, is unwrapped and its trailing checksum kept', async () => {
    const Body = Readable.from([Buffer.from('hello '), Buffer.from('world')]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 11 }));
    const { Body: stored, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(await stored?.transformToString()).toBe('hello world');
    expect(ContentEncoding).toBeUndefined();
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC32).toBe(crc32Base64('hello world'));
  });

  it('with a trailing checksum that is wrong is refused', async () => {
    const body = `b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:${crc32Base64('other')}\r\n\r\n`;
    const answer = await raw(aws.endpoint, 'PUT', `/${Bucket}/trailer`, unsigned('x-amz-checksum-crc32'), body);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'BadDigest']);
  });

  it('without the trailer that it announced is refused', async () => {
    const headers = unsigned('x-amz-checksum-crc32');
    const answer = await raw(aws.endpoint, 'PUT', `/${Bucket}/trailer`, headers, 'b\r\nhello world\r\n0\r\n\r\n');
    expect([answer.status, errorCode(answer)]).toEqual([400, 'MalformedTrailerError']);
  });

  it('with chunk signatures is unwrapped', async () => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '11',
    };
    const signature = `;chunk-signature=${'0'.repeat(64)}`;
    const body = `6${signature}\r\nhello \r\n5${signature}\r\nworld\r\n0${signature}\r\n\r\n`;
    expect((await raw(aws.endpoint, 'PUT', `/${Bucket}/signed`, headers, body)).status).toBe(200);
    expect((await raw(aws.endpoint, 'GET', `/${Bucket}/signed`)).body).toBe('hello world');
  });

  it.each([
    ['that ends early', 'b\r\nhello'],
    ['of another length than was said', '5\r\nhello\r\n0\r\n\r\n'],
    ['without chunk sizes', 'hello world'],
  ])('%s is refused', async (_name, body) => {
    const { 'x-amz-trailer': _trailer, ...headers } = unsigned('');
    const answer = await raw(aws.endpoint, 'PUT', `/${Bucket}/cut`, headers, body);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'IncompleteBody']);
  });

  it('keeps the encodings that are the content’s own', async () => {
    const headers = {
      ...unsigned(''),
      'content-encoding': 'aws-chunked, gzip',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const body = `b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:${crc32Base64('hello world')}\r\n\r\n`;
    await raw(aws.endpoint, 'PUT', `/${Bucket}/gzip`, headers, body);
    expect((await raw(aws.endpoint, 'HEAD', `/${Bucket}/gzip`)).headers['content-encoding']).toBe('gzip');
  });
});

describe('what the local AWS does not have', () => {
  it.each([
    ['GET', `/${Bucket}?acl`, '?acl'],
    ['PUT', `/${Bucket}?website=`, '?website'],
    ['GET', `/${Bucket}/key?torrent`, '?torrent'],
    ['POST', `/${Bucket}/key?select&select-type=2`, '?select'],
  ])('%s %s is 501 and says so', async (method, path, name) => {
    const answer = await raw(aws.endpoint, method, path);
    expect([answer.status, errorCode(answer)]).toEqual([501, 'NotImplemented']);
    expect(answer.body).toContain(name);
  });
});

describe('an error', () => {
  it('is XML with a code, the resource and the request ID of the header', async () => {
    const answer = await raw(aws.endpoint, 'GET', '/nowhere/a&b');
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(errorCode(answer)).toBe('NoSuchBucket');
    expect(answer.body).toContain('<Resource>/nowhere/a&amp;b</Resource>');
    expect(answer.body).toContain(`<RequestId>${String(answer.headers['x-amz-request-id'])}</RequestId>`);
  });

  it('of a HEAD has no body', async () => {
    const answer = await raw(aws.endpoint, 'HEAD', '/nowhere/x');
    expect([answer.status, answer.body]).toEqual([404, '']);
  });

  it('of a fault is S3’s own', async () => {
    aws.control.addFault({ operation: 's3:GetObject', kind: 'throttle' });
    const answer = await raw(aws.endpoint, 'GET', `/${Bucket}/x`);
    expect([answer.status, errorCode(answer)]).toEqual([503, 'SlowDown']);
  });

  it('answers a path that is no UTF-8', async () => {
    expect(errorCode(await raw(aws.endpoint, 'GET', `/${Bucket}/%ff`))).toBe('InvalidURI');
  });

  it('refuses an owner that is not this account', async () => {
    const call = s3.send(new HeadObjectCommand({ Bucket, Key: 'x', ExpectedBucketOwner: '999999999999' }));
    expect((await refusal(call)).status).toBe(403);
  });
});

it('finds the bucket in the host name', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'host/key', Body: 'x' }));
  const host = `${Bucket}.s3.us-east-1.amazonaws.com`;
  expect((await raw(aws.endpoint, 'GET', '/host/key', { host })).body).toBe('x');
});
