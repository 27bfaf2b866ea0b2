import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { raw, refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
const Bucket = 'listed';
const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/4', 'z\u{10000}', 'z\uff5e'];

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
  await s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of KEYS.toReversed()) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

/** Keys and prefixes of every page. */
async function pages(input: Partial<ListObjectsV2CommandInput>): Promise<{ keys: string[]; prefixes: string[] }[]> {
  const found: { keys: string[]; prefixes: string[] }[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
    found.push({
      keys: page.Contents?.map(({ Key }) => Key ?? '') ?? [],
      prefixes: page.CommonPrefixes?.map(({ Prefix }) => Prefix ?? '') ?? [],
    });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

async function firstOwner(FetchOwner: boolean): Promise<unknown> {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, FetchOwner }));
  return Contents?.[0]?.Owner;
}

describe('ListObjectsV2', () => {
  it('lists keys by their UTF-8 bytes', async () => {
    const inBytes = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await pages({})).toEqual([{ keys: inBytes, prefixes: [] }]);
  });

  it('rolls keys up at the delimiter after the prefix', async () => {
    expect(await pages({ Prefix: 'b/', Delimiter: '/' })).toEqual([{ keys: ['b/1', 'b/2'], prefixes: ['b/c/'] }]);
  });

  it('counts prefixes as lines of a page and gives each once', async () => {
    const all = await pages({ Delimiter: '/', MaxKeys: 2 });
    expect(all.map(({ keys, prefixes }) => keys.length + prefixes.length)).toEqual([2, 2, 2]);
    expect(all.flatMap(({ prefixes }) => prefixes)).toEqual(['b/', 'e/']);
    expect(all.flatMap(({ keys }) => keys)).toEqual(['a', 'd', 'z\uff5e', 'z\u{10000}']);
  });

  it('starts after a key', async () => {
    expect(await pages({ StartAfter: 'b/2', MaxKeys: 1000, Prefix: 'b/' })).toEqual([
      { keys: ['b/c/3'], prefixes: [] },
    ]);
  });

  it('keeps a prefix of which a part comes after the start', async () => {
    expect((await pages({ StartAfter: 'b/1', Delimiter: '/' }))[0]?.prefixes).toEqual(['b/', 'e/']);
  });

  it('says how many lines there are, and with max-keys=0 none', async () => {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect([page.KeyCount, page.IsTruncated]).toEqual([0, false]);
  });

  it('encodes keys when asked to', async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'z', EncodingType: 'url' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['z%EF%BD%9E', 'z%F0%90%80%80']);
  });

  it('names the owner only when asked to', async () => {
    expect(await firstOwner(false)).toBeUndefined();
    expect(await firstOwner(true)).toEqual({ ID: '123456789012'.padStart(64, '0') });
  });

  it('refuses a token that is none', async () => {
    const call = s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'nonsense' }));
    expect(await refusal(call)).toEqual({ name: 'InvalidArgument', status: 400 });
  });

  it('refuses a page size that is no number', async () => {
    expect((await raw(aws.endpoint, 'GET', `/${Bucket}?list-type=2&max-keys=many`)).status).toBe(400);
  });
});

describe('ListObjects', () => {
  it('goes on at the last key, and with a delimiter at NextMarker', async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }));
    expect(first.NextMarker).toBe('b/');
    const second = await s3.send(
      new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/', Marker: first.NextMarker }),
    );
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['d']);
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'e/' }]);
    expect((await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }))).NextMarker).toBeUndefined();
  });
});
