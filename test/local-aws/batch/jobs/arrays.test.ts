import { CancelJobCommand, ListJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type JobStage, startJobStage } from './job-stage.ts';

let stage: JobStage;

beforeAll(async () => {
  stage = await startJobStage();
});
beforeEach(() => stage.restart());
afterAll(() => stage.localAws.close());

const NONE = { SUBMITTED: 0, PENDING: 0, RUNNABLE: 0, STARTING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0 };

async function statusOf(jobId: string): Promise<string | undefined> {
  return (await stage.describe(jobId)).status;
}

describe('an array', () => {
  it('has children that live on their own, and counts them while it is PENDING', async () => {
    const jobId = await stage.submit({ arrayProperties: { size: 3 } });
    await stage.pass(20);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'PENDING',
      arrayProperties: { size: 3, statusSummary: { ...NONE, RUNNING: 3 } },
    });
    expect(await stage.describe(`${jobId}:2`)).toMatchObject({
      jobId: `${jobId}:2`,
      jobArn: `arn:aws:batch:eu-central-1:123456789012:job/${jobId}:2`,
      status: 'RUNNING',
      arrayProperties: { index: 2 },
    });
  });

  it('succeeds when all children have', async () => {
    const jobId = await stage.submit({ arrayProperties: { size: 2 } });
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'SUCCEEDED',
      arrayProperties: { statusSummary: { ...NONE, SUCCEEDED: 2 } },
    });
  });

  it('fails when all have ended and one has failed', async () => {
    await stage.restart({ batch: { jobs: [{ match: 'job', outcome: { exitCode: 1 }, times: 1 }] } });
    const jobId = await stage.submit({ arrayProperties: { size: 3 } });
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Array Child Job failed',
      arrayProperties: { statusSummary: { ...NONE, SUCCEEDED: 2, FAILED: 1 } },
    });
  });

  it('of ten thousand comes to its end', async () => {
    const jobId = await stage.submit({ arrayProperties: { size: 10_000 } });
    await stage.pass(60);
    expect((await stage.describe(jobId)).arrayProperties?.statusSummary).toEqual({ ...NONE, SUCCEEDED: 10_000 });
  });

  it('lists its children in order, in the state that is asked for', async () => {
    const arrayJobId = await stage.submit({ arrayProperties: { size: 12 } });
    await stage.pass(60);
    const list = async (input: object): Promise<unknown> =>
      (await stage.batch.send(new ListJobsCommand({ arrayJobId, ...input }))).jobSummaryList?.map(
        ({ arrayProperties }) => arrayProperties?.index,
      );
    expect(await list({ jobStatus: 'SUCCEEDED' })).toEqual([...Array(12).keys()]);
    expect(await list({})).toEqual([]);
  });

  it('that is terminated takes its children with it', async () => {
    const jobId = await stage.submit({ arrayProperties: { size: 2 } });
    await stage.pass(20);
    await stage.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
    expect(await stage.describe(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'enough', isTerminated: true });
    expect(await stage.describe(`${jobId}:0`)).toMatchObject({ status: 'FAILED', statusReason: 'enough' });
  });

  it('that is cancelled has ended when the children that run have', async () => {
    await stage.restart({ batch: { jobs: [{ match: 'job', stuck: 'RUNNABLE', times: 1 }] } });
    const jobId = await stage.submit({ arrayProperties: { size: 2 } });
    await stage.pass(20);
    await stage.batch.send(new CancelJobCommand({ jobId, reason: 'not needed' }));
    expect(await stage.describe(jobId)).toMatchObject({ status: 'PENDING', isCancelled: true });
    expect(await stage.describe(`${jobId}:0`)).toMatchObject({ status: 'FAILED', statusReason: 'not needed' });
    expect(await statusOf(`${jobId}:1`)).toBe('RUNNING');
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'not needed' });
    expect(await statusOf(`${jobId}:1`)).toBe('SUCCEEDED');
  });
});

describe('a job that depends on another', () => {
  it('is PENDING until that has succeeded', async () => {
    const first = await stage.submit();
    await stage.pass(5);
    const second = await stage.submit({ dependsOn: [{ jobId: first }] });
    await stage.pass(36);
    expect(await statusOf(second)).toBe('PENDING');
    await stage.pass(2);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['SUCCEEDED', 'RUNNABLE']);
  });

  it('fails when that fails', async () => {
    await stage.restart({ batch: { jobs: [{ match: 'bad', outcome: { exitCode: 1 } }] } });
    const bad = await stage.submit({ jobName: 'bad' });
    const good = await stage.submit({ jobName: 'good' });
    const waiting = await stage.submit({ dependsOn: [{ jobId: good }, { jobId: bad }] });
    const after = await stage.submit({ dependsOn: [{ jobId: waiting }] });
    await stage.pass(60);
    expect(await stage.describe(waiting)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Dependent Job failed',
      attempts: [],
    });
    expect(await stage.describe(after)).toMatchObject({ status: 'FAILED', statusReason: 'Dependent Job failed' });
  });

  it('goes on when that ended long ago', async () => {
    const first = await stage.submit();
    await stage.pass(60);
    const second = await stage.submit({ dependsOn: [{ jobId: first }] });
    await stage.pass(2);
    expect(await statusOf(second)).toBe('RUNNABLE');
  });

  it('and is cancelled ends when that has ended', async () => {
    const first = await stage.submit();
    const second = await stage.submit({ dependsOn: [{ jobId: first }] });
    await stage.pass(20);
    await stage.batch.send(new CancelJobCommand({ jobId: second, reason: 'not needed' }));
    expect(await statusOf(second)).toBe('PENDING');
    await stage.pass(60);
    expect(await stage.describe(second)).toMatchObject({ status: 'FAILED', statusReason: 'not needed' });
  });
});

describe('an array that depends', () => {
  it('on itself in sequence runs one child after the other', async () => {
    const jobId = await stage.submit({ arrayProperties: { size: 3 }, dependsOn: [{ type: 'SEQUENTIAL' }] });
    await stage.pass(60);
    expect(await Promise.all([0, 1, 2].map((index) => statusOf(`${jobId}:${index}`)))).toEqual([
      'SUCCEEDED',
      'RUNNING',
      'PENDING',
    ]);
  });

  it('on the child before that fails ends with it', async () => {
    await stage.restart({ batch: { jobs: [{ match: 'job', outcome: { exitCode: 1 } }] } });
    const jobId = await stage.submit({ arrayProperties: { size: 3 }, dependsOn: [{ type: 'SEQUENTIAL' }] });
    await stage.pass(60);
    expect((await stage.describe(`${jobId}:2`)).statusReason).toBe('Dependent Job failed');
    expect((await stage.describe(jobId)).statusReason).toBe('Array Child Job failed');
  });

  it('child by child on another array waits for the same index only', async () => {
    await stage.restart({ batch: { jobs: [{ match: 'first', outcome: { exitCode: 1 }, times: 1 }] } });
    const first = await stage.submit({ jobName: 'first', arrayProperties: { size: 2 } });
    const second = await stage.submit({ arrayProperties: { size: 2 }, dependsOn: [{ jobId: first, type: 'N_TO_N' }] });
    await stage.pass(200);
    expect(await Promise.all([0, 1].map((index) => statusOf(`${second}:${index}`)))).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('on a whole array has no children before that has succeeded', async () => {
    const first = await stage.submit({ arrayProperties: { size: 2 } });
    const second = await stage.submit({ arrayProperties: { size: 2 }, dependsOn: [{ jobId: first }] });
    await stage.pass(30);
    expect((await stage.describe(second)).arrayProperties?.statusSummary).toEqual(NONE);
    await stage.pass(100);
    expect(await statusOf(second)).toBe('SUCCEEDED');
  });
});
