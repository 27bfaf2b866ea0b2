import { BatchClient, DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import { KEYS, REGION } from './stage.ts';

/** A revision as AWS gives it back. */
export interface Revision {
  number: number;
  image: string;
  environment: Readonly<Record<string, string>>;
  /** All of it, without number, ARN and tags: what makes two revisions differ. */
  definition: JsonObject;
}

/**
 * What an AWS holds, asked with the AWS SDK like anybody would who does not trust the program that wrote it.
 */
export class AwsView {
  readonly #batch: BatchClient;
  readonly #ecr: ECRClient;
  readonly #s3: S3Client;

  constructor(endpoint: string) {
    const settings = { endpoint, region: REGION, credentials: KEYS };
    this.#batch = new BatchClient(settings);
    this.#ecr = new ECRClient(settings);
    this.#s3 = new S3Client(settings);
  }

  /** ACTIVE revisions, oldest first. */
  async revisions(name: string): Promise<Revision[]> {
    const { jobDefinitions = [] } = await this.#batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: name, status: 'ACTIVE' }),
    );
    const found = jobDefinitions.map(({ revision = 0, jobDefinitionArn: _arn, tags: _tags, ...definition }) => ({
      number: revision,
      image: definition.containerProperties?.image ?? '',
      environment: Object.fromEntries(
        (definition.containerProperties?.environment ?? []).map(({ name: key = '', value = '' }) => [key, value]),
      ),
      definition: JSON.parse(JSON.stringify(definition)) as JsonObject,
    }));
    return found.toSorted((a, b) => a.number - b.number);
  }

  /** Digests of the images of a repository, with their tags. */
  async images(repository: string): Promise<{ digest: string; tags: string[] }[]> {
    const { imageDetails = [] } = await this.#ecr.send(new DescribeImagesCommand({ repositoryName: repository }));
    return imageDetails.map(({ imageDigest = '', imageTags = [] }) => ({ digest: imageDigest, tags: imageTags }));
  }

  async keys(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** Of the bytes that S3 gives for an `s3://` URL, in hex. */
  async sha256(url: string): Promise<string> {
    const { hostname, pathname } = new URL(url);
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ Bucket: hostname, Key: decodeURIComponent(pathname.slice(1)) }),
    );
    return createHash('sha256')
      .update((await Body?.transformToByteArray()) ?? '')
      .digest('hex');
  }

  close(): void {
    for (const client of [this.#batch, this.#ecr, this.#s3]) client.destroy();
  }
}
