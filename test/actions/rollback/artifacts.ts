import { BatchDeleteImageCommand, CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { REGION } from '../../support/local-aws-world.ts';
import type { ScheduleWorld } from '../schedule/schedule-world.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

/** An image of no layers in the repository crawl, tagged 7. */
export async function pushImage({ localAws }: ScheduleWorld): Promise<{ uri: string; digest: string }> {
  const ecr = new ECRClient({ endpoint: localAws.endpoint, region: REGION, credentials });
  const created = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'crawl' }));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  });
  const put = await ecr.send(new PutImageCommand({ repositoryName: 'crawl', imageManifest: manifest, imageTag: '7' }));
  ecr.destroy();
  return { uri: created.repository?.repositoryUri ?? '', digest: put.image?.imageId?.imageDigest ?? '' };
}

export async function deleteImage({ localAws }: ScheduleWorld, imageDigest: string): Promise<void> {
  const ecr = new ECRClient({ endpoint: localAws.endpoint, region: REGION, credentials });
  await ecr.send(new BatchDeleteImageCommand({ repositoryName: 'crawl', imageIds: [{ imageDigest }] }));
  ecr.destroy();
}

/** A bucket called scripts. */
export async function scriptBucket({ localAws }: ScheduleWorld): Promise<ScriptBucket> {
  const s3 = new S3Client({ endpoint: localAws.endpoint, region: REGION, credentials, forcePathStyle: true });
  const location = { LocationConstraint: REGION } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'scripts', CreateBucketConfiguration: location }));
  return {
    async put(body) {
      await s3.send(new PutObjectCommand({ Bucket: 'scripts', Key: 'crawl.sh', Body: body }));
    },
    close: () => s3.destroy(),
  };
}

export interface ScriptBucket {
  /** Writes crawl.sh. */
  put(body: string): Promise<void>;
  close(): void;
}

/** What a container needs to fetch crawl.sh with this content. */
export function fetching(body: string): { name: string; value: string }[] {
  return [
    { name: 'BATCH_FILE_S3_URL', value: 's3://scripts/crawl.sh' },
    { name: 'BATCH_FILE_SHA256', value: createHash('sha256').update(body).digest('hex') },
  ];
}
