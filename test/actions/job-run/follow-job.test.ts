import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { CONTAINER } from '../../support/definitions.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { localAwsForTests, operationsOf } from '../../support/local-aws-world.ts';
import { playJobs, submit } from '../../support/submit-job.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(() => queue().register());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const describes = (): number => operationsOf(localAws()).filter((name) => name === 'batch:DescribeJobs').length;

describe('there is no waiter for jobs, so each state is followed to the end', () => {
  it('each is said once, and what came of it stands in the result', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNABLE: '5s', STARTING: '4s', RUNNING: '90s' } });
    const { result, said } = await submit(localAws(), ['--poll-interval', '1s']);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'crawl',
      outputs: { jobStatus: 'SUCCEEDED', exitCode: 0, attempts: 1, runSeconds: 90 },
    });
    for (const state of ['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']) {
      expect(said.filter((line) => line === state)).toEqual([state]);
    }
  });

  it('the job is the one of the queue', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    const { result } = await submit(localAws());
    const [job] = await queue().jobs();
    expect(result.outputs).toMatchObject({ jobId: job?.jobId, jobArn: job?.jobArn, jobName: job?.jobName });
  });

  it('attempts that failed are told, and the last one counts', async () => {
    await queue().register({ ...CONTAINER, retryStrategy: { attempts: 3 } });
    playJobs(localAws(), { times: 1, outcome: { exitCode: 7 } }, { outcome: { exitCode: 0 } });
    const { result, said } = await submit(localAws());
    expect(result).toMatchObject({ exitCode: 0, outputs: { exitCode: 0, attempts: 2 } });
    expect(said.filter((line) => line.startsWith('Attempt 1 ended after '))).toEqual([
      expect.stringContaining('exit code 7'),
    ]);
  });
});

describe('CircleCI ends a step that says nothing for ten minutes', () => {
  it.each(['10s', '5m'])('with a look every %s it says every minute that the job still runs', async (interval) => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '30m' } });
    const { said } = await submit(localAws(), ['--poll-interval', interval]);
    const beats = said.filter((line) => /^Still RUNNING after \d+m/.test(line)).length;
    expect(beats).toBeGreaterThanOrEqual(25);
    expect(beats).toBeLessThanOrEqual(31);
  });
});

it('where it stands in the queue is told, and who may not ask is not bothered', async () => {
  playJobs(localAws(), { stuck: 'RUNNABLE' });
  await submit(localAws(), ['--no-wait']);
  const clock = drivingClock(localAws().control);
  await clock.sleep(MINUTE_MS);
  const told = await submit(localAws(), ['--runnable-timeout', '3m', '--job-name', 'crawl-second'], { clock });
  expect(told.said).toContain('There is one job before it in the queue');

  localAws().control.setScenario({
    ...localAws().control.scenario(),
    iam: { deny: [{ action: 'batch:GetJobQueueSnapshot' }] },
  });
  localAws().control.clearRequests();
  const denied = await submit(localAws(), ['--runnable-timeout', '3m', '--job-name', 'crawl-third'], { clock });
  expect(denied.result.exitCode).toBe(8);
  expect(denied.stderr).not.toContain('GetJobQueueSnapshot');
  expect(operationsOf(localAws()).filter((name) => name === 'batch:GetJobQueueSnapshot')).toHaveLength(1);
});

describe('what hinders a look at the job does not end the wait', () => {
  it.each(['throttle', '500', 'reset-before'] as const)(
    '%s for most of an hour: it only asks less often',
    async (kind) => {
      playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '50m' } });
      const clock = drivingClock(localAws().control);
      clock.at(MINUTE_MS, () => localAws().control.addFault({ operation: 'batch:DescribeJobs', kind, times: 1000 }));
      clock.at(45 * MINUTE_MS, () => localAws().control.clearFaults());
      const { result, said } = await submit(localAws(), [], { clock });
      expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED' } });
      expect(said.filter((line) => line.endsWith('; asking less often'))).toHaveLength(1);
      expect(
        said.filter((line) => /^Still RUNNING after .*\. It can not be looked at now$/.test(line)).length,
      ).toBeGreaterThan(35);
      // Every ten seconds would be 300.
      expect(describes()).toBeLessThan(150);
    },
  );

  it('a missing permission does, at once, and the job goes on', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '50m' } });
    const clock = drivingClock(localAws().control);
    const { control } = localAws();
    clock.at(MINUTE_MS, () =>
      control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'batch:DescribeJobs' }] } }),
    );
    const { result } = await submit(localAws(), [], { clock });
    expect(result).toMatchObject({ exitCode: 3, error: { code: 'aws.access_denied' } });
    control.setScenario({});
    expect(await queue().jobs()).toMatchObject([{ status: 'RUNNING' }]);
  });

  it('a job that is gone is told, not waited for', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '50m' } });
    const clock = drivingClock(localAws().control);
    clock.at(5 * MINUTE_MS, () => {
      localAws().control.reset();
      localAws().control.setRate(0);
    });
    const { result } = await submit(localAws(), [], { clock });
    expect(result).toMatchObject({
      exitCode: 5,
      error: { code: 'batch.job_vanished', message: 'It was RUNNING when it was seen last.' },
    });
  });
});

describe('a clock that jumps', () => {
  /** The clock of the machine, which is set by so much after half an hour. */
  function jumping(byMs: number): Clock {
    const clock = drivingClock(localAws().control);
    let offset = 0;
    clock.at(HOUR_MS / 2, () => {
      offset = byMs;
    });
    return { now: () => new Date(clock.now().getTime() + offset), sleep: (ms, signal) => clock.sleep(ms, signal) };
  }

  it.each([
    ['forward by a day: the wait is not over', 24 * HOUR_MS],
    ['back by a day', -24 * HOUR_MS],
  ])('%s', async (_what, byMs) => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '50m' } });
    const { result } = await submit(localAws(), ['--timeout', '1h'], { clock: jumping(byMs) });
    expect(result).toMatchObject({ exitCode: 0, outputs: { runSeconds: 3000 } });
  });

  it('back by a day: the wait ends all the same when its time is over', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } });
    const before = localAws().control.now().getTime();
    const { result } = await submit(localAws(), ['--timeout', '1h'], { clock: jumping(-24 * HOUR_MS) });
    expect(result.exitCode).toBe(8);
    const waited = localAws().control.now().getTime() - before;
    expect(waited).toBeGreaterThanOrEqual(HOUR_MS);
    expect(waited).toBeLessThan(HOUR_MS + 5 * MINUTE_MS);
  });
});
