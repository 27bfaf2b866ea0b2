import { BatchClient, DescribeJobsCommand, ListJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { createQueue } from '../support/batch-queue.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded, type Running } from './support/child-process.ts';
import { REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

// A whole release as a process, from the image to the schedule, and what the signals do to it that CircleCI sends.

let program: string;
let cloud: LocalCloud;
let batch: BatchClient;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
  const credentials = { accessKeyId: 'SEED', secretAccessKey: 'seed' };
  batch = new BatchClient({ endpoint: cloud.endpoint, region: REGION, credentials });
});
afterAll(async () => {
  batch?.destroy();
  await cloud?.close();
});

let work: Workplace;
beforeEach(async () => {
  await cloud.restart();
  await createQueue(batch);
  work = await makeWorkplace(program, cloud, {}, { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: '9a3c' });
});
afterEach(() => work.remove());

const AT_ONCE = { SUBMITTED: 0, PENDING: 0, RUNNABLE: 0, STARTING: 0, RUNNING: 0 };

/** How jobs go; the clock of the cloud stands still, so that those which take time run until it is moved. */
function playJobs(durations: JsonObject, exitCode = 0): void {
  const rule = { match: 'crawl*', durations, outcome: { exitCode, log: ['crawled 3 pages'] } };
  cloud.control.setScenario({ batch: { work: [], jobs: [rule] } });
}

function releasing(): string[] {
  return [
    ...releaseArguments(cloud),
    ...['--smoke-test', '--job-queue', 'nightly', '--poll-interval', '1s'],
    ...['--schedule-name', 'nights', '--schedule', 'cron(0 3 * * ? *)'],
    ...['--schedule-role-arn', 'arn:aws:iam::123456789012:role/scheduler'],
  ];
}

async function jobs(): Promise<JobDetail[]> {
  const filters = [{ name: 'JOB_NAME', values: ['crawl*'] }];
  const { jobSummaryList = [] } = await batch.send(new ListJobsCommand({ jobQueue: 'nightly', filters }));
  if (jobSummaryList.length === 0) return [];
  const ids = jobSummaryList.map(({ jobId }) => jobId!);
  return (await batch.send(new DescribeJobsCommand({ jobs: ids }))).jobs ?? [];
}

/** What the schedule submits; undefined when there is none. */
function scheduled(): JsonObject | undefined {
  const { regions } = cloud.control.state()['scheduler'] as { regions?: Record<string, { schedules: JsonObject }> };
  const found = regions?.[REGION]?.schedules['default/nights'] as { Target: { Input: string } } | undefined;
  return found && (JSON.parse(found.Target.Input) as JsonObject);
}

/** Waits until the process has looked at the job that it submitted. */
async function looking(running: Running): Promise<void> {
  const endedBefore = running.ended.then(({ stderr }) => Promise.reject(new Error(`It ended:\n${stderr}`)));
  const looked = cloud.control.waitForRequest(
    ({ operation, state }) => operation === 'batch:DescribeJobs' && state === 'answered',
  );
  await Promise.race([looked, endedBefore]);
}

it('a release runs the very image and script that it pushed, and then moves its schedule', async () => {
  playJobs(AT_ONCE);
  const { stderr } = succeeded(await work.run(releasing()));
  expect(stderr).toContain('| crawled 3 pages');
  const [job, ...others] = await jobs();
  expect(others).toEqual([]);
  expect(job).toMatchObject({ status: 'SUCCEEDED', jobDefinition: expect.stringMatching(/\/crawl:1$/) });
  expect(job?.container?.image).toMatch(/\/crawl@sha256:[0-9a-f]{64}$/);
  expect(job?.container?.environment?.map(({ name }) => name)).toContain('BATCH_FILE_SHA256');
  expect(scheduled()).toMatchObject({ JobDefinition: job?.jobDefinition, JobQueue: 'nightly' });
});

it('a first release that fails leaves no schedule', async () => {
  playJobs(AT_ONCE, 3);
  const { code, stderr } = await work.run(releasing());
  expect({ code, stderr }).toEqual({ code: 10, stderr: expect.stringContaining('there is nothing to go back to') });
  expect(scheduled()).toBeUndefined();
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s during the smoke test', (signal) => {
  it('ends the job before the process; the next run of the step runs another', async () => {
    playJobs({ ...AT_ONCE, RUNNING: '10m' });
    const running = work.start(releasing());
    await looking(running);
    running.kill(signal);
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({
      code: 6,
      stderr: expect.stringMatching(/error: canceled; job \S+: it was told to end\n/),
    });
    expect(scheduled()).toBeUndefined();
    await cloud.control.advance(600_000, { settle: true });
    expect(await jobs()).toMatchObject([{ status: 'FAILED' }]);

    playJobs(AT_ONCE);
    succeeded(await work.run(releasing()));
    expect(new Set((await jobs()).map(({ status }) => status))).toEqual(new Set(['FAILED', 'SUCCEEDED']));
    expect(scheduled()).toMatchObject({ JobDefinition: expect.stringMatching(/\/crawl:1$/) });
  });
});

it('killed during the smoke test, it is run again by itself and follows the one job', async () => {
  playJobs({ ...AT_ONCE, RUNNING: '10m' });
  const running = work.start(releasing());
  await looking(running);
  running.kill('SIGKILL');
  await running.ended;
  await cloud.control.advance(3_600_000, { settle: true });
  const { stderr } = succeeded(await work.run(releasing()));
  expect(stderr).toContain('was submitted before');
  expect(await jobs()).toMatchObject([{ status: 'SUCCEEDED' }]);
  expect(scheduled()).toMatchObject({ JobDefinition: expect.stringMatching(/\/crawl:1$/) });
});
