import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { refusal, s3Client } from './s3-client.ts';

let aws: LocalAws;
let s3: S3Client;
let europe: S3Client;

beforeAll(async () => {
  aws = await startLocalAws();
  s3 = s3Client(aws.endpoint);
  europe = s3Client(aws.endpoint, 'eu-west-1');
});

beforeEach(() => aws.control.reset());

afterAll(async () => {
  s3.destroy();
  europe.destroy();
  await aws.close();
});

const create = (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket }));

describe('a bucket', () => {
  it('is listed with all others in the order of their names, a page at a time', async () => {
    for (const name of ['ccc', 'aaa', 'bbb']) await create(name);
    const first = await s3.send(new ListBucketsCommand({ MaxBuckets: 2 }));
    const second = await s3.send(new ListBucketsCommand({ MaxBuckets: 2, ContinuationToken: first.ContinuationToken }));
    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(['aaa', 'bbb']);
    expect(second.Buckets?.map(({ Name }) => Name)).toEqual(['ccc']);
    expect(second.ContinuationToken).toBeUndefined();
  });

  it.each(['ab', 'Upper', 'under_score', 'a..b', '192.168.1.1', '-dash', 'xn--puny'])(
    'is not called %j',
    async (name) => {
      expect(await refusal(create(name))).toEqual({ name: 'InvalidBucketName', status: 400 });
    },
  );

  it('is made in the region that the client speaks to', async () => {
    await europe.send(new CreateBucketCommand({ Bucket: 'europe' }));
    expect(await europe.send(new GetBucketLocationCommand({ Bucket: 'europe' }))).toMatchObject({
      LocationConstraint: 'eu-west-1',
    });
    const elsewhere = new CreateBucketCommand({
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'eu-north-1' },
    });
    expect((await refusal(europe.send(elsewhere))).name).toBe('IllegalLocationConstraintException');
  });

  it('of another region is a redirect that says which', async () => {
    await europe.send(new CreateBucketCommand({ Bucket: 'europe' }));
    const error = await s3.send(new HeadBucketCommand({ Bucket: 'europe' })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
  });

  it('can be made again in us-east-1 only', async () => {
    await create('mine');
    await create('mine');
    await europe.send(new CreateBucketCommand({ Bucket: 'europe' }));
    expect(await refusal(europe.send(new CreateBucketCommand({ Bucket: 'europe' })))).toEqual({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  it('can be deleted when it is empty', async () => {
    await create('mine');
    await s3.send(new PutObjectCommand({ Bucket: 'mine', Key: 'x', Body: 'x' }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket: 'mine' })))).toEqual({
      name: 'BucketNotEmpty',
      status: 409,
    });
    await create('empty');
    await s3.send(new DeleteBucketCommand({ Bucket: 'empty' }));
    expect((await refusal(s3.send(new HeadBucketCommand({ Bucket: 'empty' })))).status).toBe(404);
  });
});
