import {
  BatchClient,
  DescribeJobDefinitionsCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  type JobDetail,
} from '@aws-sdk/client-batch';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../src/core/json.ts';
import { REGION } from './platform.ts';
import { KEYS } from '../stage.ts';

/** A revision as AWS gives it back. */
export interface Revision {
  number: number;
  image: string;
  environment: Readonly<Record<string, string>>;
  /** All of it, without number, ARN and tags: what makes two revisions differ. */
  definition: JsonObject;
}

/** A job as AWS gives it back. */
export interface JobRun {
  id: string;
  revision: number;
  status: string | undefined;
  exitCode: number | undefined;
  createdAt: Date;
  log: string[];
}

/**
 * What an AWS holds, asked with the AWS SDK like anybody would who does not trust the program that wrote it.
 */
export class AwsView {
  readonly #batch: BatchClient;
  readonly #ecr: ECRClient;
  readonly #s3: S3Client;
  readonly #logs: CloudWatchLogsClient;
  readonly #scheduler: SchedulerClient;

  constructor(endpoint: string) {
    const settings = { endpoint, region: REGION, credentials: KEYS };
    this.#batch = new BatchClient(settings);
    this.#ecr = new ECRClient(settings);
    this.#s3 = new S3Client(settings);
    this.#logs = new CloudWatchLogsClient(settings);
    this.#scheduler = new SchedulerClient(settings);
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

  /** The job of a queue that was submitted last. */
  async newestJob(queue: string): Promise<JobRun | undefined> {
    const filters = [{ name: 'AFTER_CREATED_AT', values: ['0'] }];
    const { jobSummaryList = [] } = await this.#batch.send(new ListJobsCommand({ jobQueue: queue, filters }));
    const ids = jobSummaryList.slice(0, 1).flatMap(({ jobId }) => jobId ?? []);
    if (ids.length === 0) return undefined;
    const { jobs: [job] = [] } = await this.#batch.send(new DescribeJobsCommand({ jobs: ids }));
    return job && { ...jobRun(job), log: await this.#logOf(job) };
  }

  async #logOf({ container }: JobDetail): Promise<string[]> {
    const logGroupName = container?.logConfiguration?.options?.['awslogs-group'];
    const { logStreamName } = container ?? {};
    if (logStreamName === undefined) return [];
    const { events = [] } = await this.#logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
    );
    return events.map(({ message = '' }) => message);
  }

  /** What a schedule submits, as its target's input says. */
  async scheduledDefinition(name: string): Promise<string> {
    const { Target } = await this.#scheduler.send(new GetScheduleCommand({ Name: name }));
    const { JobDefinition } = JSON.parse(Target?.Input ?? '{}') as { JobDefinition?: string };
    return JobDefinition ?? '';
  }

  close(): void {
    for (const client of [this.#batch, this.#ecr, this.#s3, this.#logs, this.#scheduler]) client.destroy();
  }
}

function jobRun({ jobId = '', jobDefinition = '', status, container, createdAt = 0 }: JobDetail): Omit<JobRun, 'log'> {
  return {
    id: jobId,
    revision: Number(/:(\d+)$/.exec(jobDefinition)?.[1]),
    status,
    exitCode: container?.exitCode,
    createdAt: new Date(createdAt),
  };
}
