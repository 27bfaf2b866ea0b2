import {
  type BatchClient,
  CreateComputeEnvironmentCommand,
  type CreateComputeEnvironmentCommandInput,
  CreateJobQueueCommand,
  type CreateJobQueueCommandInput,
  DeleteComputeEnvironmentCommand,
  DeleteJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  ListTagsForResourceCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { batchClient, failureOf } from '../clients.ts';

let localAws: LocalAws;
let batch: BatchClient;

beforeAll(async () => {
  localAws = await startLocalAws();
  batch = batchClient(localAws);
});
beforeEach(() => localAws.control.reset());
afterAll(async () => {
  batch.destroy();
  await localAws.close();
});

const FARGATE = { type: 'FARGATE' as const, maxvCpus: 4, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] };
const EC2 = { type: 'EC2' as const, maxvCpus: 4, subnets: ['subnet-1'], instanceRole: 'ecsInstanceRole' };

const createEnvironment = (name: string, more: Partial<CreateComputeEnvironmentCommandInput> = {}) =>
  batch.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: name,
      type: 'MANAGED',
      computeResources: FARGATE,
      ...more,
    }),
  );

const createQueue = (name: string, environments: string[], more: Partial<CreateJobQueueCommandInput> = {}) =>
  batch.send(
    new CreateJobQueueCommand({
      jobQueueName: name,
      priority: 1,
      computeEnvironmentOrder: environments.map((computeEnvironment, order) => ({ order, computeEnvironment })),
      ...more,
    }),
  );

const environments = async (...computeEnvironments: string[]) =>
  (await batch.send(new DescribeComputeEnvironmentsCommand({ computeEnvironments }))).computeEnvironments!;
const queues = async (...jobQueues: string[]) =>
  (await batch.send(new DescribeJobQueuesCommand({ jobQueues }))).jobQueues!;

describe('compute environments', () => {
  it('are valid once created, with what AWS adds', async () => {
    const { computeEnvironmentArn } = await createEnvironment('fargate', { tags: { team: 'data' } });
    expect(computeEnvironmentArn).toBe('arn:aws:batch:eu-central-1:123456789012:compute-environment/fargate');
    expect(await environments('fargate')).toMatchObject([
      {
        state: 'ENABLED',
        status: 'VALID',
        containerOrchestrationType: 'ECS',
        computeResources: FARGATE,
        serviceRole: expect.stringContaining('AWSServiceRoleForBatch'),
        tags: { team: 'data' },
      },
    ]);
    const tags = await batch.send(new ListTagsForResourceCommand({ resourceArn: computeEnvironmentArn }));
    expect(tags.tags).toEqual({ team: 'data' });
  });

  it('are found by name and ARN; what is not there is left out', async () => {
    const { computeEnvironmentArn } = await createEnvironment('a');
    await createEnvironment('b');
    expect((await environments(computeEnvironmentArn!, 'nothing')).map((one) => one.computeEnvironmentName)).toEqual([
      'a',
    ]);
    expect(await environments()).toHaveLength(2);
  });

  it('are updated in the members that are given', async () => {
    await createEnvironment('a');
    await batch.send(
      new UpdateComputeEnvironmentCommand({ computeEnvironment: 'a', computeResources: { maxvCpus: 9 } }),
    );
    await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'a', state: 'DISABLED' }));
    expect(await environments('a')).toMatchObject([
      { state: 'DISABLED', computeResources: { ...FARGATE, maxvCpus: 9 } },
    ]);
  });

  it('are deleted when they are disabled and no queue uses them', async () => {
    await createEnvironment('a');
    await createQueue('q', ['a']);
    const remove = () => batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: 'a' }));
    expect((await failureOf(remove())).message).toContain('DISABLED');
    await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'a', state: 'DISABLED' }));
    expect((await failureOf(remove())).message).toContain('found existing JobQueue relationship');
    await batch.send(new UpdateJobQueueCommand({ jobQueue: 'q', state: 'DISABLED' }));
    await batch.send(new DeleteJobQueueCommand({ jobQueue: 'q' }));
    await remove();
    expect(await environments()).toEqual([]);
  });

  it.each<[string, Partial<CreateComputeEnvironmentCommandInput>, string]>([
    ['a name with a dot', { computeEnvironmentName: 'a.b' }, 'should match valid pattern'],
    ['another state', { state: 'ON' as 'ENABLED' }, 'ENABLED, DISABLED'],
    ['another type', { type: 'OWN' as 'MANAGED' }, 'MANAGED, UNMANAGED'],
    ['no resources', { computeResources: undefined }, 'computeResources must be provided'],
    ['no subnets', { computeResources: { ...FARGATE, subnets: [] } }, 'Subnets is required'],
    ['no security group on Fargate', { computeResources: { ...FARGATE, securityGroupIds: [] } }, 'Security group'],
    [
      'minvCpus on Fargate',
      { computeResources: { ...FARGATE, minvCpus: 0 } },
      'minvCpus is not applicable for Fargate',
    ],
    ['no instance role on EC2', { computeResources: { ...EC2, instanceRole: undefined } }, 'Instance role is required'],
    ['no maxvCpus', { computeResources: { ...FARGATE, maxvCpus: undefined } }, 'maxvCpus is required'],
    ['no service role when unmanaged', { type: 'UNMANAGED', computeResources: undefined }, 'serviceRole is required'],
  ])('%s is a ClientException', async (_case, more, text) => {
    const error = await failureOf(createEnvironment('a', more));
    expect(error.name).toBe('ClientException');
    expect(error.message).toContain(text);
  });

  it('of one name are one', async () => {
    await createEnvironment('a');
    expect(await failureOf(createEnvironment('a'))).toMatchObject({
      name: 'ClientException',
      message: 'Object already exists',
    });
  });

  it('are updated only when they are there', async () => {
    const update = batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'a', state: 'DISABLED' }));
    expect((await failureOf(update)).message).toContain('does not exist');
  });
});

describe('job queues', () => {
  beforeEach(async () => {
    await createEnvironment('fargate');
    await createEnvironment('ec2', { computeResources: EC2 });
  });

  it('are valid once created and hold ARNs', async () => {
    const { jobQueueArn } = await createQueue('q', ['fargate']);
    expect(await queues(jobQueueArn!)).toMatchObject([
      {
        jobQueueName: 'q',
        jobQueueArn: 'arn:aws:batch:eu-central-1:123456789012:job-queue/q',
        state: 'ENABLED',
        status: 'VALID',
        priority: 1,
        computeEnvironmentOrder: [
          {
            order: 0,
            computeEnvironment: 'arn:aws:batch:eu-central-1:123456789012:compute-environment/fargate',
          },
        ],
      },
    ]);
  });

  it('are updated in the members that are given', async () => {
    await createQueue('q', ['fargate']);
    await batch.send(new UpdateJobQueueCommand({ jobQueue: 'q', priority: 5 }));
    expect(await queues('q')).toMatchObject([
      { priority: 5, state: 'ENABLED', computeEnvironmentOrder: [{ order: 0 }] },
    ]);
  });

  it('are deleted when they are disabled', async () => {
    await createQueue('q', ['fargate']);
    const remove = () => batch.send(new DeleteJobQueueCommand({ jobQueue: 'q' }));
    expect((await failureOf(remove())).name).toBe('ClientException');
    await batch.send(new UpdateJobQueueCommand({ jobQueue: 'q', state: 'DISABLED' }));
    await remove();
    expect(await queues()).toEqual([]);
  });

  it.each<[string, string[], Partial<CreateJobQueueCommandInput>, string]>([
    ['no environment', [], {}, '1 to 3'],
    ['an environment that is not there', ['nothing'], {}, 'nothing does not exist'],
    ['EC2 mixed with Fargate', ['ec2', 'fargate'], {}, 'cannot be mixed'],
    ['four environments', ['ec2', 'ec2', 'ec2', 'ec2'], {}, '1 to 3'],
    ['no priority', ['ec2'], { priority: undefined }, 'priority must be provided'],
    ['priority 1001', ['ec2'], { priority: 1001 }, 'between 0 and 1000'],
    ['a name with a slash', ['ec2'], { jobQueueName: 'a/b' }, 'should match valid pattern'],
  ])('%s is a ClientException', async (_case, order, more, text) => {
    const error = await failureOf(createQueue('q', order, more));
    expect(error.name).toBe('ClientException');
    expect(error.message).toContain(text);
  });

  it('are listed in pages', async () => {
    for (const name of ['a', 'b', 'c']) await createQueue(name, ['ec2']);
    const first = await batch.send(new DescribeJobQueuesCommand({ maxResults: 2 }));
    const second = await batch.send(new DescribeJobQueuesCommand({ maxResults: 2, nextToken: first.nextToken }));
    const found = [first, second].map((page) => page.jobQueues!.map(({ jobQueueName }) => jobQueueName));
    expect(found).toEqual([['a', 'b'], ['c']]);
    expect(second.nextToken).toBeUndefined();
  });
});
