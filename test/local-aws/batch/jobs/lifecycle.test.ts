import {
  CancelJobCommand,
  CreateJobQueueCommand,
  TerminateJobCommand,
  UpdateComputeEnvironmentCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type JobStage, startJobStage } from './job-stage.ts';

let stage: JobStage;
let start: number;

beforeAll(async () => {
  stage = await startJobStage();
});
beforeEach(async () => {
  await stage.restart();
  start = stage.localAws.control.now().getTime();
});
afterAll(() => stage.localAws.close());

/** The scenario with these rules for jobs. */
async function play(...jobs: object[]): Promise<void> {
  await stage.restart({ batch: { jobs: jobs as never } });
  start = stage.localAws.control.now().getTime();
}

describe('a job', () => {
  it.each([
    [0, 'SUBMITTED'],
    [1, 'PENDING'],
    [2, 'RUNNABLE'],
    [7, 'STARTING'],
    [12, 'RUNNING'],
    [41, 'RUNNING'],
    [42, 'SUCCEEDED'],
  ])('is after %d seconds %s', async (seconds, status) => {
    const jobId = await stage.submit();
    await stage.pass(seconds);
    expect((await stage.describe(jobId)).status).toBe(status);
  });

  it('that succeeded tells its times, exit code and attempt', async () => {
    const jobId = await stage.submit();
    await stage.pass(60);
    const job = await stage.describe(jobId);
    expect(job).toMatchObject({
      jobId,
      jobName: 'job',
      jobArn: `arn:aws:batch:eu-central-1:123456789012:job/${jobId}`,
      jobQueue: 'arn:aws:batch:eu-central-1:123456789012:job-queue/q',
      jobDefinition: 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:1',
      statusReason: 'Essential container in task exited',
      createdAt: start,
      startedAt: start + 12_000,
      stoppedAt: start + 42_000,
      isCancelled: false,
      isTerminated: false,
      container: { exitCode: 0, image: 'ghcr.io/acme/crawl:1' },
      attempts: [
        {
          startedAt: start + 12_000,
          stoppedAt: start + 42_000,
          statusReason: 'Essential container in task exited',
          container: { exitCode: 0, logStreamName: expect.stringMatching(/^crawl\/default\/[0-9a-f]{32}$/) as unknown },
        },
      ],
    });
    expect(job.container?.logStreamName).toBe(job.attempts?.[0]?.container?.logStreamName);
    expect(job.container?.taskArn).toContain(':task/AWSBatch-ce/');
  });

  it('goes through its states by itself on a clock that runs, each at its time', async () => {
    stage.localAws.control.setRate(2000);
    const jobId = await stage.submit();
    let job = await stage.describe(jobId);
    while (job.status !== 'SUCCEEDED') job = await stage.describe(jobId);
    expect([job.startedAt! - job.createdAt!, job.stoppedAt! - job.startedAt!]).toEqual([12_000, 30_000]);
  });

  it('takes the times of the scenario', async () => {
    await play({
      match: 'jo*',
      durations: { SUBMITTED: '500ms', PENDING: 500, RUNNABLE: '2s', STARTING: '1s', RUNNING: '1m' },
    });
    const jobId = await stage.submit();
    await stage.pass(64);
    expect(await stage.describe(jobId)).toMatchObject({ startedAt: start + 4000, stoppedAt: start + 64_000 });
  });

  it('is forgotten a week after its end', async () => {
    const jobId = await stage.submit();
    await stage.pass(42 + 7 * 86_400);
    expect((await stage.describe(jobId)).status).toBe('SUCCEEDED');
    await stage.pass(1);
    await expect(stage.describe(jobId)).rejects.toThrow('there is no job');
  });

  it('is another one each time, as SubmitJob knows no token', async () => {
    expect(await stage.submit()).not.toBe(await stage.submit());
  });
});

describe('an attempt that fails', () => {
  it('fails the job with its exit code and reasons', async () => {
    await play({
      match: 'job',
      outcome: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    });
    const jobId = await stage.submit();
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Essential container in task exited',
      container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    });
  });

  it('without a container that ever ran has no exit code and no start', async () => {
    await play({
      match: 'crawl',
      outcome: { reason: 'CannotPullContainerError: pull image manifest has been retried 1 time(s)' },
    });
    const jobId = await stage.submit();
    await stage.pass(60);
    const job = await stage.describe(jobId);
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Task failed to start',
      container: { reason: 'CannotPullContainerError: pull image manifest has been retried 1 time(s)' },
    });
    expect([job.container?.exitCode, job.startedAt, job.attempts?.[0]?.startedAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is followed by the next, as often as the strategy says', async () => {
    await play({ match: 'job', outcome: { exitCode: 1 } });
    const jobId = await stage.submit({ retryStrategy: { attempts: 3 } });
    await stage.pass(42);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'RUNNABLE',
      attempts: [{ container: { exitCode: 1 } }],
    });
    await stage.pass(80);
    const job = await stage.describe(jobId);
    expect(job.status).toBe('FAILED');
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([1, 1, 1]);
    expect(new Set(job.attempts?.map(({ container }) => container?.logStreamName)).size).toBe(3);
  });

  it('is forgiven when the next succeeds', async () => {
    await play({ match: 'job', outcome: { statusReason: 'Host EC2 (instance i-0a) terminated.' }, times: 1 });
    const jobId = await stage.submit({ retryStrategy: { attempts: 2 } });
    await stage.pass(120);
    const job = await stage.describe(jobId);
    expect([job.status, job.attempts?.length, job.attempts?.[0]?.statusReason]).toEqual([
      'SUCCEEDED',
      2,
      'Host EC2 (instance i-0a) terminated.',
    ]);
  });

  it('takes the strategy of the definition when the job has none', async () => {
    await play({ match: 'job', outcome: { exitCode: 1 } });
    await stage.register({ retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: '7' }] } });
    const jobId = await stage.submit();
    await stage.pass(200);
    expect((await stage.describe(jobId)).attempts).toHaveLength(2);
  });
});

describe('a time-out', () => {
  it('ends an attempt that runs too long, which is not retried', async () => {
    await play({ match: 'job', durations: { RUNNING: '2h' } });
    const jobId = await stage.submit({ timeout: { attemptDurationSeconds: 60 }, retryStrategy: { attempts: 3 } });
    await stage.pass(12 + 60);
    const job = await stage.describe(jobId);
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Job attempt duration exceeded timeout',
      startedAt: start + 12_000,
      stoppedAt: start + 72_000,
    });
    expect(job.attempts).toHaveLength(1);
  });

  it('counts from the start of each attempt', async () => {
    await play({ match: 'job', durations: { RUNNING: '50s' }, outcome: { exitCode: 1 }, times: 1 });
    const jobId = await stage.submit({ timeout: { attemptDurationSeconds: 60 }, retryStrategy: { attempts: 2 } });
    await stage.pass(300);
    expect((await stage.describe(jobId)).status).toBe('SUCCEEDED');
  });
});

describe('a job that is stuck', () => {
  const REASON = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested';

  it('stays RUNNABLE and says why', async () => {
    await play({ match: 'job', stuck: 'RUNNABLE', statusReason: REASON });
    const jobId = await stage.submit();
    await stage.pass(86_400);
    expect(await stage.describe(jobId)).toMatchObject({ status: 'RUNNABLE', statusReason: REASON });
  });

  it('is cancelled when its queue limits that', async () => {
    await play({ match: 'job', stuck: 'RUNNABLE', statusReason: REASON });
    const reason = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';
    await stage.batch.send(
      new CreateJobQueueCommand({
        jobQueueName: 'limited',
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'ce' }],
        jobStateTimeLimitActions: [{ state: 'RUNNABLE', action: 'CANCEL', maxTimeSeconds: 600, reason }],
      }),
    );
    const jobId = await stage.submit({ jobQueue: 'limited' });
    await stage.pass(601);
    expect((await stage.describe(jobId)).status).toBe('RUNNABLE');
    await stage.pass(1);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: `Canceled by JobStateTimeLimit action due to reason: ${reason}`,
    });
  });

  it('stays STARTING', async () => {
    await play({ match: 'job', stuck: 'STARTING' });
    const jobId = await stage.submit();
    await stage.pass(86_400);
    expect((await stage.describe(jobId)).status).toBe('STARTING');
  });

  it('stays RUNNABLE while no compute environment is enabled', async () => {
    const environment = (state: 'ENABLED' | 'DISABLED'): Promise<unknown> =>
      stage.batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'ce', state }));
    await environment('DISABLED');
    const jobId = await stage.submit();
    await stage.pass(3600);
    expect((await stage.describe(jobId)).status).toBe('RUNNABLE');
    await environment('ENABLED');
    await stage.pass(0);
    expect((await stage.describe(jobId)).status).toBe('STARTING');
  });
});

describe('CancelJob', () => {
  const cancel = (jobId: string): Promise<unknown> =>
    stage.batch.send(new CancelJobCommand({ jobId, reason: 'not needed' }));

  it.each([
    [0, 'SUBMITTED'],
    [1, 'PENDING'],
    [3, 'RUNNABLE'],
  ])('after %d seconds ends a job that is %s', async (seconds) => {
    const jobId = await stage.submit();
    await stage.pass(seconds);
    await cancel(jobId);
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'not needed',
      isCancelled: true,
      attempts: [],
    });
  });

  it.each([8, 13])('after %d seconds does nothing, as the job has started', async (seconds) => {
    const jobId = await stage.submit();
    await stage.pass(seconds);
    await cancel(jobId);
    await stage.pass(60);
    expect(await stage.describe(jobId)).toMatchObject({ status: 'SUCCEEDED', isCancelled: false });
  });

  it('leaves a job as it ended', async () => {
    const jobId = await stage.submit();
    await stage.pass(60);
    await cancel(jobId);
    expect((await stage.describe(jobId)).statusReason).toBe('Essential container in task exited');
  });
});

describe('TerminateJob', () => {
  const terminate = (jobId: string): Promise<unknown> =>
    stage.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));

  it.each([0, 1, 3, 8, 13])('after %d seconds ends the job with the reason given, and for good', async (seconds) => {
    const jobId = await stage.submit({ retryStrategy: { attempts: 3 } });
    await stage.pass(seconds);
    await terminate(jobId);
    await stage.pass(600);
    expect(await stage.describe(jobId)).toMatchObject({ status: 'FAILED', statusReason: 'enough', isTerminated: true });
  });

  it('leaves a job as it ended', async () => {
    const jobId = await stage.submit();
    await stage.pass(60);
    await terminate(jobId);
    expect(await stage.describe(jobId)).toMatchObject({ status: 'SUCCEEDED', isTerminated: false });
  });
});
