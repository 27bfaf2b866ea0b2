import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { localAwsForTests, operationsOf } from '../../support/local-aws-world.ts';
import { playJobs, submit, type SubmitRun } from '../../support/submit-job.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(() => queue().register());

const MINUTE_MS = 60_000;

/** State and reason of the one job, some time after it was left. */
async function fate(): Promise<{ status: string | undefined; statusReason: string | undefined }> {
  await localAws().control.advance(10 * MINUTE_MS, { settle: true });
  const [job, ...others] = await queue().jobs();
  expect(others).toEqual([]);
  return { status: job?.status, statusReason: job?.statusReason };
}

describe('a job that stays RUNNABLE is not waited for for ever', () => {
  const statusReason = 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT';

  it('after runnable_timeout it is exit code 8, with why it waited, and the job is ended', async () => {
    playJobs(localAws(), { stuck: 'RUNNABLE', statusReason });
    const before = localAws().control.now().getTime();
    const { result } = await submit(localAws());
    const waited = localAws().control.now().getTime() - before;
    expect(waited).toBeGreaterThanOrEqual(15 * MINUTE_MS);
    expect(waited).toBeLessThan(16 * MINUTE_MS);
    expect(result).toMatchObject({
      exitCode: 8,
      status: 'failed',
      outputs: { jobStatus: 'RUNNABLE' },
      error: {
        code: 'batch.job_not_started',
        title: expect.stringMatching(/^job \S+ did not start in 15m: it is RUNNABLE$/),
        message: expect.stringContaining(statusReason),
      },
    });
    const hints = result.error?.hints.join('\n');
    expect(hints).toContain('allow larger instance types');
    expect(hints).toContain('raise runnable_timeout');
    expect(await fate()).toMatchObject({ status: 'FAILED', statusReason: expect.stringContaining('aws-deploy') });
  });

  it('or goes on, with the commands to follow it again and to end it', async () => {
    playJobs(localAws(), { stuck: 'RUNNABLE', statusReason });
    const { result } = await submit(localAws(), ['--on-cancel', 'detach', '--runnable-timeout', '90s']);
    expect(result.exitCode).toBe(8);
    const hints = result.error?.hints.join('\n');
    expect(hints).toMatch(
      /To follow it again: aws-deploy submit-job --job-definition-name crawl --job-queue nightly .*--idempotency-key/,
    );
    expect(hints).toContain(`To end it: aws batch terminate-job --job-id ${String(result.outputs['jobId'])}`);
    expect(await fate()).toMatchObject({ status: 'RUNNABLE' });
  });

  it('the command that follows again does', async () => {
    playJobs(localAws(), { stuck: 'RUNNABLE', statusReason });
    const args = ['--on-cancel', 'detach', '--runnable-timeout', '90s', '--command', '["echo","a b"]'];
    const { result } = await submit(localAws(), args);
    const key = /--idempotency-key (\S+)/.exec(result.error?.hints.join('\n') ?? '')?.[1] ?? '';
    const again = await submit(localAws(), [...args, '--idempotency-key', key]);
    expect(again.result.outputs['jobId']).toBe(result.outputs['jobId']);
    expect(await queue().jobs()).toHaveLength(1);
  });

  it('time that it runs is not counted', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNABLE: '80s', RUNNING: '30m' } });
    const { result } = await submit(localAws(), ['--runnable-timeout', '2m']);
    expect(result.exitCode).toBe(0);
  });
});

describe('timeout is for the whole wait', () => {
  it.each(['terminate', 'detach'])('and then the job is left as chosen: %s', async (onCancel) => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } });
    const { result } = await submit(localAws(), ['--on-cancel', onCancel, '--poll-interval', '60s']);
    expect(result).toMatchObject({
      exitCode: 8,
      error: { code: 'batch.job_timeout', title: expect.stringMatching(/^job \S+ did not end in 1h: it is RUNNING$/) },
    });
    expect((await fate()).status).toBe(onCancel === 'terminate' ? 'FAILED' : 'RUNNING');
  });

  it('a job that may not be ended goes on, and that is said', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } });
    const { control } = localAws();
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'batch:TerminateJob' }] } });
    const { result } = await submit(localAws(), ['--timeout', '5m']);
    expect(result).toMatchObject({
      exitCode: 8,
      error: { message: expect.stringContaining('could not be ended and goes on') },
    });
  });
});

describe('a cancel', () => {
  async function canceled(onCancel: string, afterMs: number): Promise<SubmitRun> {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } });
    const canceling = new AbortController();
    const clock = drivingClock(localAws().control);
    clock.at(afterMs, () => canceling.abort());
    return submit(localAws(), ['--on-cancel', onCancel], { clock, signal: canceling.signal });
  }

  it.each([
    ['terminate', 'FAILED', 'it was told to end'],
    ['detach', 'RUNNING', 'it goes on'],
  ])('with %s: exit code 6, and the job is %s', async (onCancel, status, told) => {
    const { result } = await canceled(onCancel, 10 * MINUTE_MS);
    expect(result).toMatchObject({
      exitCode: 6,
      status: 'canceled',
      error: { code: 'canceled', title: expect.stringMatching(new RegExp(`^canceled; job \\S+: ${told}$`)) },
    });
    expect((await fate()).status).toBe(status);
  });

  it('while the answer to SubmitJob is on its way ends the job, too', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } });
    const canceling = new AbortController();
    localAws().control.addFault({ operation: 'batch:SubmitJob', kind: 'hang-after-apply' });
    const run = submit(localAws(), [], { signal: canceling.signal });
    await localAws().control.waitForRequest(
      ({ state, operation }) => operation === 'batch:SubmitJob' && state === 'hanging',
    );
    canceling.abort();
    expect((await run).result).toMatchObject({ exitCode: 6 });
    expect((await fate()).status).toBe('FAILED');
  });

  it('before the submission submits nothing', async () => {
    const canceling = new AbortController();
    localAws().control.addFault({ operation: 'batch:DescribeJobDefinitions', kind: 'hang-after-apply' });
    const run = submit(localAws(), [], { signal: canceling.signal });
    await localAws().control.waitForRequest(({ state }) => state === 'hanging');
    canceling.abort();
    expect((await run).result).toMatchObject({ exitCode: 6, error: { title: 'canceled' } });
    expect(operationsOf(localAws())).not.toContain('batch:SubmitJob');
  });
});
