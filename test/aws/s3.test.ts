import { createHash } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { S3Operations } from '../../src/aws/s3.ts';
import { openSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { rejectionOf } from '../support/failures.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';

const localAws = localAwsForTests();
let s3: S3Operations;
let others: S3Client;

const BYTES = new TextEncoder().encode('#!/bin/sh\necho hello\n');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const PLACE = { bucket: 'scripts', key: 'a b/ü+%20/x.sh' };

beforeEach(async () => {
  const env = await awsEnvironment(localAws());
  s3 = await (await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined })).s3();
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  others = new S3Client({ endpoint: localAws().endpoint, region: REGION, forcePathStyle: true, credentials });
  await others.send(new CreateBucketCommand({ Bucket: PLACE.bucket }));
  localAws().control.clearRequests();
});
afterEach(() => others.destroy());

async function put(body: string, checksum: 'SHA256' | 'CRC32'): Promise<void> {
  await others.send(
    new PutObjectCommand({ Bucket: PLACE.bucket, Key: PLACE.key, Body: body, ChecksumAlgorithm: checksum }),
  );
  localAws().control.clearRequests();
}

describe('sha256', () => {
  it('is undefined where nothing is', async () => {
    expect(await s3.sha256(PLACE)).toBeUndefined();
  });

  it('is what S3 has checked, without reading the object', async () => {
    await put('x', 'SHA256');
    expect(await s3.sha256(PLACE)).toBe(createHash('sha256').update('x').digest('hex'));
    expect(
      localAws()
        .control.requests()
        .map(({ method }) => method),
    ).toEqual(['HEAD']);
  });

  it('is made from the bytes where S3 has another checksum', async () => {
    await put('x', 'CRC32');
    expect(await s3.sha256(PLACE)).toBe(createHash('sha256').update('x').digest('hex'));
    expect(
      localAws()
        .control.requests()
        .map(({ method }) => method),
    ).toEqual(['HEAD', 'GET']);
  });

  it('is undefined for what may not be seen', async () => {
    await put('x', 'SHA256');
    localAws().control.setScenario({ iam: { deny: [{ action: 's3:GetObject' }, { action: 's3:HeadObject' }] } });
    expect(await s3.sha256(PLACE)).toBeUndefined();
  });
});

describe('putNew', () => {
  it('writes what can be read back', async () => {
    expect(await s3.putNew(PLACE, BYTES, SHA256)).toBe(true);
    expect(await s3.sha256(PLACE)).toBe(SHA256);
  });

  it('overwrites nothing', async () => {
    await put('x', 'SHA256');
    expect(await s3.putNew(PLACE, BYTES, SHA256)).toBe(false);
    expect(await s3.sha256(PLACE)).toBe(createHash('sha256').update('x').digest('hex'));
  });

  it('of two at the same time one wins, and the other is told', async () => {
    const sent = await Promise.all([s3.putNew(PLACE, BYTES, SHA256), s3.putNew(PLACE, BYTES, SHA256)]);
    expect(sent.filter(Boolean)).toHaveLength(1);
  });

  it('bytes that are not those of the checksum are refused by S3', async () => {
    expect(await rejectionOf(s3.putNew(PLACE, BYTES, '0'.repeat(64)))).toMatchObject({
      exitCode: 4,
      title: 's3:PutObject failed on s3://scripts/a b/ü+%20/x.sh',
    });
    expect(await s3.sha256(PLACE)).toBeUndefined();
  });

  it.each(['throttle', '500', 'reset-before'] as const)('is tried again after %s', async (kind) => {
    localAws().control.addFault({ operation: 's3:PutObject', kind });
    expect(await s3.putNew(PLACE, BYTES, SHA256)).toBe(true);
    expect(operationsOf(localAws())).toEqual(['s3:PutObject', 's3:PutObject']);
  });

  it('that was applied before the connection broke finds its own object', async () => {
    localAws().control.addFault({ operation: 's3:PutObject', kind: 'reset-after-apply' });
    expect(await s3.putNew(PLACE, BYTES, SHA256)).toBe(false);
    expect(await s3.sha256(PLACE)).toBe(SHA256);
  });
});
