import {
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  ListJobsCommand,
  type ListJobsCommandInput,
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

async function list(input: Partial<ListJobsCommandInput> = {}): Promise<(string | undefined)[]> {
  const { jobSummaryList } = await stage.batch.send(new ListJobsCommand({ jobQueue: 'q', ...input }));
  return jobSummaryList!.map(({ jobName }) => jobName);
}

describe('ListJobs', () => {
  it('gives the jobs that run, unless asked for another state', async () => {
    await stage.submit({ jobName: 'old' });
    await stage.pass(13);
    await stage.submit({ jobName: 'new' });
    expect([await list(), await list({ jobStatus: 'SUBMITTED' }), await list({ jobStatus: 'FAILED' })]).toEqual([
      ['old'],
      ['new'],
      [],
    ]);
  });

  it('says of each what DescribeJobs says in short', async () => {
    const jobId = await stage.submit();
    await stage.pass(60);
    const { jobSummaryList } = await stage.batch.send(new ListJobsCommand({ jobQueue: 'q', jobStatus: 'SUCCEEDED' }));
    const { jobArn, jobName, createdAt, startedAt, stoppedAt, status, statusReason, jobDefinition } =
      await stage.describe(jobId);
    expect(jobSummaryList).toEqual([
      {
        jobId,
        jobArn,
        jobName,
        createdAt,
        startedAt,
        stoppedAt,
        status,
        statusReason,
        jobDefinition,
        container: { exitCode: 0 },
      },
    ]);
  });

  it('with a filter gives jobs of any state, the newest first, and no children', async () => {
    await stage.submit({ jobName: 'Nightly-1' });
    await stage.pass(60);
    await stage.submit({ jobName: 'nightly-2', arrayProperties: { size: 2 } });
    await stage.pass(20);
    await stage.submit({ jobName: 'other' });
    const filters = [{ name: 'JOB_NAME', values: ['NIGHTLY-*'] }];
    expect(await list({ filters })).toEqual(['nightly-2', 'Nightly-1']);
    expect(await list({ filters, jobStatus: 'SUCCEEDED' })).toEqual(['nightly-2', 'Nightly-1']);
  });

  it.each([
    ['JOB_NAME', 'first', ['first']],
    ['JOB_NAME', 'firs', []],
    ['JOB_DEFINITION', 'crawl', ['second', 'first']],
    ['JOB_DEFINITION', 'cra*', ['second', 'first']],
    ['JOB_DEFINITION', 'CRAWL', []],
    ['JOB_DEFINITION', 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:2', ['second']],
  ])('with the filter %s %s', async (name, value, expected) => {
    await stage.submit({ jobName: 'first' });
    await stage.register();
    await stage.pass(1);
    await stage.submit({ jobName: 'second' });
    expect(await list({ filters: [{ name, values: [value] }] })).toEqual(expected);
  });

  it('by the time of their creation', async () => {
    await stage.submit({ jobName: 'first' });
    await stage.pass(60);
    const { createdAt } = await stage.describe(await stage.submit({ jobName: 'second' }));
    expect(await list({ filters: [{ name: 'BEFORE_CREATED_AT', values: [String(createdAt)] }] })).toEqual(['first']);
    expect(await list({ filters: [{ name: 'AFTER_CREATED_AT', values: [String(createdAt! - 1)] }] })).toEqual([
      'second',
    ]);
  });

  it('page by page, though more come meanwhile', async () => {
    for (const jobName of ['a', 'b', 'c']) await stage.submit({ jobName });
    const first = await stage.batch.send(new ListJobsCommand({ jobQueue: 'q', jobStatus: 'SUBMITTED', maxResults: 2 }));
    await stage.submit({ jobName: 'd' });
    expect(first.jobSummaryList?.map(({ jobName }) => jobName)).toEqual(['c', 'b']);
    expect(await list({ jobStatus: 'SUBMITTED', maxResults: 2, nextToken: first.nextToken })).toEqual(['a']);
  });

  it.each<[string, Partial<ListJobsCommandInput>]>([
    ['nothing to list', { jobQueue: undefined }],
    ['two things to list', { arrayJobId: 'a' }],
    ['a queue that is missing', { jobQueue: 'other' }],
    [
      'two filters',
      {
        filters: [
          { name: 'JOB_NAME', values: ['a'] },
          { name: 'JOB_NAME', values: ['b'] },
        ],
      },
    ],
    ['a filter of no kind', { filters: [{ name: 'job_name', values: ['a'] }] }],
    ['a time that is none', { filters: [{ name: 'AFTER_CREATED_AT', values: ['yesterday'] }] }],
    ['a state of no kind', { jobStatus: 'DONE' as 'FAILED' }],
    ['a token of nobody', { nextToken: 'x' }],
  ])('refuses %s', async (_name, input) => {
    expect((await failureOf(list(input))).name).toBe('ClientException');
  });
});

describe('DescribeJobs', () => {
  it('leaves out the jobs that nobody knows', async () => {
    const jobId = await stage.submit();
    const { jobs } = await stage.batch.send(new DescribeJobsCommand({ jobs: ['unknown', jobId] }));
    expect(jobs?.map((job) => job.jobId)).toEqual([jobId]);
  });

  it('takes up to 100', async () => {
    const jobs = Array.from({ length: 101 }, (_none, index) => String(index));
    expect((await failureOf(stage.batch.send(new DescribeJobsCommand({ jobs })))).name).toBe('ClientException');
  });
});

it('GetJobQueueSnapshot gives the RUNNABLE jobs, the oldest first', async () => {
  await stage.restart({ batch: { jobs: [{ match: 'stuck-*', stuck: 'RUNNABLE' }] } });
  const ids = [await stage.submit({ jobName: 'stuck-1' }), await stage.submit({ jobName: 'stuck-2' })];
  await stage.submit();
  await stage.pass(60);
  const { frontOfQueue } = await stage.batch.send(new GetJobQueueSnapshotCommand({ jobQueue: 'q' }));
  expect(frontOfQueue?.jobs?.map(({ jobArn }) => jobArn?.split('/')[1])).toEqual(ids);
  const { createdAt } = await stage.describe(ids[0]!);
  expect(frontOfQueue?.jobs?.[0]?.earliestTimeAtPosition).toBe(createdAt! + 2000);
});
