import {
  BatchClient,
  DescribeJobsCommand,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  type JobDetail,
} from '@aws-sdk/client-batch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import { createQueue } from '../support/batch-queue.ts';
import { CONTAINER } from '../support/definitions.ts';
import { buildCli } from './support/built-cli.ts';
import type { Ended, Running } from './support/child-process.ts';
import { REGION } from './support/local-cloud.ts';
import { makeWorkplace, type Workplace } from './support/workplace.ts';

// The process itself gets the signals that CircleCI sends when a step is canceled, and is killed where nothing can be
// done any more.

let program: string;
let localAws: LocalAws;
let batch: BatchClient;
beforeAll(async () => {
  program = await buildCli();
  localAws = await startLocalAws();
  batch = new BatchClient({
    endpoint: localAws.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
});
afterAll(async () => {
  batch?.destroy();
  await localAws?.close();
});

let work: Workplace;
beforeEach(async () => {
  localAws.control.reset();
  localAws.control.setScenario({
    batch: {
      work: [],
      jobs: [
        { match: 'crawl*', outcome: { exitCode: 0 }, durations: { RUNNABLE: '1s', STARTING: '1s', RUNNING: '1h' } },
      ],
    },
  });
  await createQueue(batch);
  await batch.send(new RegisterJobDefinitionCommand(CONTAINER as never));
  work = await makeWorkplace(program, localAws, {}, { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: '9a3c' });
});
afterEach(() => work.remove());

const ARGUMENTS = ['submit-job', '--job-definition-name', 'crawl', '--job-queue', 'nightly', '--poll-interval', '1s'];

async function jobs(): Promise<JobDetail[]> {
  const filters = [{ name: 'JOB_NAME', values: ['crawl*'] }];
  const { jobSummaryList = [] } = await batch.send(new ListJobsCommand({ jobQueue: 'nightly', filters }));
  const ids = jobSummaryList.map(({ jobId }) => jobId!);
  return (await batch.send(new DescribeJobsCommand({ jobs: ids }))).jobs ?? [];
}

/** Waits until the process has looked at the job that it submitted. */
async function looking(running: Running): Promise<void> {
  localAws.control.clearRequests();
  const endedBefore = running.ended.then(({ stderr }) => Promise.reject(new Error(`It ended:\n${stderr}`)));
  const looked = localAws.control.waitForRequest(
    ({ operation, state }) => operation === 'batch:DescribeJobs' && state === 'answered',
  );
  await Promise.race([looked, endedBefore]);
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  async function interrupted(onCancel: string): Promise<Ended> {
    const running = work.start([...ARGUMENTS, '--on-cancel', onCancel]);
    await looking(running);
    running.kill(signal);
    return running.ended;
  }

  it('ends the job before the process ends', async () => {
    const { code, stderr } = await interrupted('terminate');
    expect({ code, stderr }).toEqual({
      code: 6,
      stderr: expect.stringMatching(/error: canceled; job \S+: it was told to end\n/),
    });
    await localAws.control.advance(600_000, { settle: true });
    expect(await jobs()).toMatchObject([{ status: 'FAILED' }]);
  });

  it('leaves the job when that is wanted, and the next run follows it', async () => {
    const { code, stderr } = await interrupted('detach');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('it goes on') });
    const again = work.start(ARGUMENTS);
    await looking(again);
    await localAws.control.advance(2 * 3_600_000, { settle: true });
    expect(await again.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('was submitted before') });
    expect(await jobs()).toMatchObject([{ status: 'SUCCEEDED' }]);
  });
});

it('killed while it waits, it is run again by itself and follows the one job', async () => {
  const first = work.start(ARGUMENTS);
  await looking(first);
  first.kill('SIGKILL');
  await first.ended;
  const second = work.start(ARGUMENTS);
  await looking(second);
  await localAws.control.advance(2 * 3_600_000, { settle: true });
  expect(await second.ended).toMatchObject({ code: 0 });
  expect(await jobs()).toHaveLength(1);
});

const CALLS = [
  'sts:GetCallerIdentity',
  'batch:DescribeJobQueues',
  'batch:ListJobs',
  'batch:DescribeJobDefinitions',
  'batch:SubmitJob',
];

describe.each([
  ['before it is applied', { kind: 'delay', ms: 3_600_000 }, 'delayed'],
  ['when its answer is lost', { kind: 'hang-after-apply' }, 'hanging'],
] as const)('killed at a call %s', (_when, fault, held) => {
  it.each(CALLS)('%s: the next run leaves exactly one job', async (operation) => {
    localAws.control.addFault({ operation, ...fault });
    const first = work.start([...ARGUMENTS, '--no-wait']);
    await localAws.control.waitForRequest(({ state }) => state === held);
    first.kill('SIGKILL');
    await first.ended;
    expect(await work.run([...ARGUMENTS, '--no-wait'])).toMatchObject({ code: 0 });
    expect(await jobs()).toHaveLength(1);
  });
});
