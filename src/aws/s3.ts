import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Url, type S3Location } from '../core/s3-location.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName, errorStatus } from './errors.ts';

export interface S3Operations {
  /** False only when S3 says that there is no such bucket; who may not see it learns that from the first write. */
  hasBucket(bucket: string): Promise<boolean>;
  /**
   * SHA-256 (hex) of an object's bytes, read only when S3 has no checksum of them. Undefined when there is no such object, or
   * none that may be seen: without s3:ListBucket, S3 says 403 where nothing is.
   */
  sha256(location: S3Location): Promise<string | undefined>;
  /** Writes an object unless the key is taken. S3 checks the bytes against `sha256` (hex). False: the key was taken. */
  putNew(location: S3Location, bytes: Uint8Array, sha256: string): Promise<boolean>;
}

export function openS3(settings: ClientSettings): S3Operations {
  const client = new S3Client({
    ...clientOptions(settings),
    followRegionRedirects: true,
    // Emulators and private endpoints have no host name for each bucket.
    forcePathStyle: settings.endpoint !== undefined,
  });
  return {
    async hasBucket(bucket) {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket }));
        return true;
      } catch (error) {
        if ([403, 404].includes(errorStatus(error))) return errorStatus(error) === 403;
        throw deployError(error, 's3:ListBucket', bucket);
      }
    },
    async sha256(location) {
      const { bucket, key } = location;
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
        if (head.ChecksumSHA256 && head.ChecksumType !== 'COMPOSITE') {
          return Buffer.from(head.ChecksumSHA256, 'base64').toString('hex');
        }
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const bytes = await object.Body?.transformToByteArray();
        return createHash('sha256')
          .update(bytes ?? new Uint8Array())
          .digest('hex');
      } catch (error) {
        if ([403, 404].includes(errorStatus(error)) && errorName(error) !== 'NoSuchBucket') return undefined;
        throw deployError(error, 's3:GetObject', s3Url(location));
      }
    },
    async putNew(location, bytes, sha256) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: location.bucket,
            Key: location.key,
            Body: bytes,
            IfNoneMatch: '*',
            ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          }),
        );
        return true;
      } catch (error) {
        if (errorStatus(error) === 412) return false;
        const isBucket = errorName(error) === 'NoSuchBucket';
        throw deployError(error, 's3:PutObject', isBucket ? `s3://${location.bucket}` : s3Url(location));
      }
    },
  };
}
