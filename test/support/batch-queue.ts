import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  type CreateJobQueueCommandInput,
  type JobDetail,
} from '@aws-sdk/client-batch';
import { afterEach, beforeEach } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import type { LocalAws } from '../../src/local-aws/server.ts';
import { CONTAINER } from './definitions.ts';
import { REGION } from './local-aws-world.ts';

/** What a person with the AWS CLI does in a region where jobs can run. */
export interface BatchQueue {
  client: BatchClient;
  /** Registers a revision, that of `CONTAINER` unless told otherwise. */
  register(definition?: JsonObject): Promise<void>;
  /** Jobs with this name, or a name that begins so, whatever their state. */
  jobs(namePrefix?: string): Promise<JobDetail[]>;
}

/** A queue called nightly for the tests of a file, with a compute environment that has room. */
export function batchQueueForTests(localAws: () => LocalAws): () => BatchQueue {
  let queue: BatchQueue;
  beforeEach(async () => {
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    const client = new BatchClient({ endpoint: localAws().endpoint, region: REGION, credentials });
    queue = openQueue(client);
    await createQueue(client);
  });
  afterEach(() => queue.client.destroy());
  return () => queue;
}

/** Makes a queue called nightly, with a compute environment that has room. */
export async function createQueue(client: BatchClient, more: Partial<CreateJobQueueCommandInput> = {}): Promise<void> {
  await client.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: 'room',
      type: 'MANAGED',
      computeResources: {
        type: 'EC2',
        maxvCpus: 16,
        subnets: ['subnet-1'],
        instanceRole: 'ecsInstanceRole',
        instanceTypes: ['optimal'],
      },
    }),
  );
  await client.send(
    new CreateJobQueueCommand({
      jobQueueName: 'nightly',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'room' }],
      ...more,
    }),
  );
}

function openQueue(client: BatchClient): BatchQueue {
  return {
    client,
    async register(definition = CONTAINER) {
      await client.send(new RegisterJobDefinitionCommand(definition as never));
    },
    async jobs(namePrefix = '') {
      const filters = [{ name: 'JOB_NAME', values: [`${namePrefix}*`] }];
      const { jobSummaryList } = await client.send(new ListJobsCommand({ jobQueue: 'nightly', filters }));
      const ids = (jobSummaryList ?? []).map(({ jobId }) => jobId!);
      if (ids.length === 0) return [];
      return (await client.send(new DescribeJobsCommand({ jobs: ids }))).jobs ?? [];
    },
  };
}
