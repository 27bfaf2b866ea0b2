import { BatchClient, CreateComputeEnvironmentCommand, CreateJobQueueCommand } from '@aws-sdk/client-batch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { KEYS, REGION } from './stage.ts';

export const REPOSITORY = 'nightly-crawl';
export const BASE_REPOSITORY = 'base';
export const BUCKET = 'acme-batch-scripts';
export const QUEUE = 'nightly';
export const SCHEDULER_ROLE = 'arn:aws:iam::123456789012:role/nightly-crawl-scheduler';
const LOG_GROUP = '/aws/batch/nightly-crawl';

/** Makes what a platform team makes once, with Terraform or by hand: releases need it and do not create it. */
export async function preparePlatform(endpoint: string): Promise<void> {
  const settings = { endpoint, region: REGION, credentials: KEYS };
  const batch = new BatchClient(settings);
  const ecr = new ECRClient(settings);
  const s3 = new S3Client(settings);
  const logs = new CloudWatchLogsClient(settings);
  try {
    for (const repositoryName of [REPOSITORY, BASE_REPOSITORY]) {
      await ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
    }
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const computeResources = {
      type: 'FARGATE' as const,
      maxvCpus: 16,
      subnets: ['subnet-0123456789abcdef0'],
      securityGroupIds: ['sg-0123456789abcdef0'],
    };
    await batch.send(
      new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'fargate', type: 'MANAGED', computeResources }),
    );
    await batch.send(
      new CreateJobQueueCommand({
        jobQueueName: QUEUE,
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'fargate' }],
      }),
    );
  } finally {
    for (const client of [batch, ecr, s3, logs]) client.destroy();
  }
}
