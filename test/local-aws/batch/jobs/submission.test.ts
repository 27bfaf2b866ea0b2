import {
  CreateJobQueueCommand,
  DeleteJobQueueCommand,
  DeregisterJobDefinitionCommand,
  ListTagsForResourceCommand,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  TagResourceCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../../clients.ts';
import { type JobStage, startJobStage } from './job-stage.ts';

let stage: JobStage;

beforeAll(async () => {
  stage = await startJobStage();
});
beforeEach(() => stage.restart());
afterAll(() => stage.localAws.close());

const ARN = 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl';

describe('the definition of a job', () => {
  it.each([
    ['a bare name', 'crawl', 2],
    ['a bare ARN', ARN, 2],
    ['a revision', 'crawl:1', 1],
    ['the ARN of a revision', `${ARN}:1`, 1],
  ])('by %s', async (_name, jobDefinition, revision) => {
    await stage.register();
    await stage.register();
    await stage.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'crawl:3' }));
    expect((await stage.describe(await stage.submit({ jobDefinition }))).jobDefinition).toBe(`${ARN}:${revision}`);
  });

  it.each([
    ['a revision that is INACTIVE', 'crawl:2', 'is not in ACTIVE state'],
    ['a revision that is missing', 'crawl:9', 'does not exist'],
    ['a name that is missing', 'other', 'does not exist'],
    ['a name without an ACTIVE revision', 'gone', 'no ACTIVE revision'],
  ])('is refused for %s', async (_name, jobDefinition, text) => {
    await stage.register();
    await stage.register({ jobDefinitionName: 'gone' });
    for (const old of ['crawl:2', 'gone:1']) {
      await stage.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: old }));
    }
    const error = await failureOf(stage.submit({ jobDefinition }));
    expect([error.name, error.message]).toEqual(['ClientException', expect.stringContaining(text)]);
  });

  it('is kept by a job when it is deregistered', async () => {
    const jobId = await stage.submit();
    await stage.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'crawl:1' }));
    await stage.pass(60);
    expect((await stage.describe(jobId)).status).toBe('SUCCEEDED');
  });
});

it('a queue that is DISABLED takes no jobs, and ends those that it has', async () => {
  const jobId = await stage.submit();
  await stage.batch.send(new UpdateJobQueueCommand({ jobQueue: 'q', state: 'DISABLED' }));
  const error = await failureOf(stage.submit());
  expect([error.name, error.message]).toEqual(['ClientException', expect.stringContaining('DISABLED')]);
  await stage.pass(60);
  expect((await stage.describe(jobId)).status).toBe('SUCCEEDED');
});

it('jobs of a queue that is deleted end with it', async () => {
  const jobId = await stage.submit();
  await stage.pass(20);
  await stage.batch.send(new UpdateJobQueueCommand({ jobQueue: 'q', state: 'DISABLED' }));
  await stage.batch.send(new DeleteJobQueueCommand({ jobQueue: 'q' }));
  expect(await stage.describe(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'Job queue was deleted' });
});

describe('a submission is refused', () => {
  it.each<[string, Partial<SubmitJobCommandInput>, string]>([
    ['without a name', { jobName: '' }, 'Job name'],
    ['with a name that starts with a dash', { jobName: '-a' }, 'Job name'],
    ['to a queue that is missing', { jobQueue: 'other' }, 'does not exist'],
    ['with an array of one', { arrayProperties: { size: 1 } }, 'between 2 and 10000'],
    ['with an array that is too large', { arrayProperties: { size: 10_001 } }, 'between 2 and 10000'],
    ['with a short time-out', { timeout: { attemptDurationSeconds: 59 } }, 'at least 60'],
    ['with too many attempts', { retryStrategy: { attempts: 11 } }, 'between 1 and 10'],
    ['with rules and no attempts', { retryStrategy: { evaluateOnExit: [] } }, 'RetryAttempts'],
    ['with too many dependencies', { dependsOn: Array.from({ length: 21 }, () => ({ jobId: 'a' })) }, 'up to 20'],
    ['with a dependency that is missing', { dependsOn: [{ jobId: 'a' }] }, 'Job a does not exist'],
    ['with SEQUENTIAL and no array', { dependsOn: [{ type: 'SEQUENTIAL' }] }, 'only applicable for array jobs'],
    ['with a share that its queue has not', { shareIdentifier: 'a' }, 'Share identifier'],
    ['with a wrong priority', { schedulingPriorityOverride: 10_000 }, 'between 0 and 9999'],
    ['with an empty word in its command', { containerOverrides: { command: [''] } }, 'empty string'],
    [
      'with a variable of Batch',
      { containerOverrides: { environment: [{ name: 'AWS_BATCH_X', value: '1' }] } },
      'AWS_BATCH',
    ],
    [
      'with a requirement of no kind',
      { containerOverrides: { resourceRequirements: [{ type: 'DISK' as 'GPU', value: '1' }] } },
      'GPU, MEMORY, VCPU',
    ],
    ['with nodes', { nodeOverrides: {} }, 'nodeOverrides'],
    ['with more than 30 KiB', { parameters: { a: 'x'.repeat(31_000) } }, '30720'],
    ['with a tag of AWS', { tags: { 'aws:x': '1' } }, 'reserved'],
  ])('%s', async (_name, input, text) => {
    const error = await failureOf(stage.submit(input));
    expect([error.name, error.message]).toEqual(['ClientException', expect.stringContaining(text)]);
  });

  it('child by child after an array of another size', async () => {
    const first = await stage.submit({ arrayProperties: { size: 2 } });
    const input = { arrayProperties: { size: 3 }, dependsOn: [{ jobId: first, type: 'N_TO_N' as const }] };
    expect((await failureOf(stage.submit(input))).message).toContain('same size');
  });

  it('without a share that its queue wants', async () => {
    await stage.batch.send(
      new CreateJobQueueCommand({
        jobQueueName: 'fair',
        priority: 1,
        schedulingPolicyArn: 'arn:aws:batch:eu-central-1:123456789012:scheduling-policy/p',
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'ce' }],
      }),
    );
    expect((await failureOf(stage.submit({ jobQueue: 'fair' }))).message).toContain('Share identifier');
    expect((await stage.describe(await stage.submit({ jobQueue: 'fair', shareIdentifier: 'a' }))).shareIdentifier).toBe(
      'a',
    );
  });

  it.each(['job-definition/crawl', 'job-queue/q'])('by a denial of %s', async (resource) => {
    await stage.restart({ iam: { deny: [{ action: 'batch:SubmitJob', resource: `arn:aws:batch:*:*:${resource}` }] } });
    expect((await failureOf(stage.submit())).name).toBe('AccessDeniedException');
  });
});

describe('what a job takes in place of its definition’s', () => {
  beforeEach(() =>
    stage.register({
      parameters: { day: 'monday', kept: 'yes' },
      retryStrategy: { attempts: 2 },
      timeout: { attemptDurationSeconds: 600 },
      propagateTags: true,
      schedulingPriority: 5,
      containerProperties: {
        image: 'a',
        command: ['run', 'Ref::day', 'Ref::kept-Ref::other'],
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '512' },
        ],
      },
    }),
  );

  it('is nothing by default', async () => {
    expect(await stage.describe(await stage.submit())).toMatchObject({
      retryStrategy: { attempts: 2 },
      timeout: { attemptDurationSeconds: 600 },
      propagateTags: true,
      schedulingPriority: 5,
      parameters: { day: 'monday', kept: 'yes' },
      container: { command: ['run', 'monday', 'Ref::kept-Ref::other'] },
    });
  });

  it('are variables and requirements one by one, and the rest whole', async () => {
    const jobId = await stage.submit({
      parameters: { day: 'friday' },
      retryStrategy: { attempts: 1 },
      timeout: { attemptDurationSeconds: 60 },
      propagateTags: false,
      tags: { team: 'data' },
      containerOverrides: {
        environment: [
          { name: 'B', value: '3' },
          { name: 'C', value: '4' },
        ],
        resourceRequirements: [{ type: 'MEMORY', value: '1024' }],
      },
    });
    expect(await stage.describe(jobId)).toMatchObject({
      parameters: { day: 'friday', kept: 'yes' },
      retryStrategy: { attempts: 1 },
      timeout: { attemptDurationSeconds: 60 },
      propagateTags: false,
      tags: { team: 'data' },
      container: {
        command: ['run', 'friday', 'Ref::kept-Ref::other'],
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '3' },
          { name: 'C', value: '4' },
        ],
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '1024' },
        ],
      },
    });
  });
});

it('tags of a job can be read and changed', async () => {
  const { jobArn: resourceArn } = await stage.batch.send(
    new SubmitJobCommand({ jobName: 'job', jobQueue: 'q', jobDefinition: 'crawl', tags: { a: '1' } }),
  );
  await stage.batch.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
  expect((await stage.batch.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ a: '1', b: '2' });
});

it('more than 50 tags to propagate fail the job', async () => {
  const tags = (prefix: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 26 }, (_none, index) => [`${prefix}${index}`, '1']));
  await stage.register({ tags: tags('a') });
  const jobId = await stage.submit({ tags: tags('b'), propagateTags: true });
  await stage.pass(60);
  expect(await stage.describe(jobId)).toMatchObject({ status: 'FAILED', attempts: [] });
});
