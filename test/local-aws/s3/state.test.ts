import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '../../../src/local-aws/server.ts';
import { s3Client } from './s3-client.ts';

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 's3-state-'));
});

afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

it('survives a restart whole: versions, delete markers and unfinished uploads', async () => {
  const before = await startLocalAws({ stateDir });
  let s3 = s3Client(before.endpoint);
  const Bucket = 'kept';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: '__proto__', Body: '1', Metadata: { a: '1' }, Tagging: 't=1' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: '__proto__' }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
  await s3.send(new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: 7, Body: 'x' }));
  const state = before.control.state();
  s3.destroy();
  await before.close();

  const after = await startLocalAws({ stateDir });
  s3 = s3Client(after.endpoint);
  expect(after.control.state()).toEqual(state);
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect([Versions?.length, DeleteMarkers?.length]).toEqual([1, 1]);
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId]);
  s3.destroy();
  await after.close();
});
