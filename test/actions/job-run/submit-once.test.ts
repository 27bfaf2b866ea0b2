import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { localAwsForTests, operationsOf } from '../../support/local-aws-world.ts';
import { playJobs, submit } from '../../support/submit-job.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(async () => {
  await queue().register();
  playJobs(localAws(), { outcome: { exitCode: 0 } });
});

const submissions = (): number => operationsOf(localAws()).filter((name) => name === 'batch:SubmitJob').length;

describe('SubmitJob has no token, and a job is submitted once all the same', () => {
  it.each(['reset-after-apply', '500', 'reset-before'] as const)('when the answer is lost: %s', async (kind) => {
    localAws().control.addFault({ operation: 'batch:SubmitJob', kind });
    const { result, stderr } = await submit(localAws());
    expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED' } });
    expect(stderr).toContain('The answer to SubmitJob was lost; looking whether the job exists');
    expect(await queue().jobs()).toHaveLength(1);
    expect(submissions()).toBe(kind === 'reset-after-apply' ? 1 : 2);
  });

  it('an answer that is lost each time is an error in the end', async () => {
    localAws().control.addFault({ operation: 'batch:SubmitJob', kind: '500', times: 100 });
    const { result } = await submit(localAws());
    expect(result).toMatchObject({
      exitCode: 4,
      error: { title: expect.stringMatching(/^batch:SubmitJob failed on crawl-/) },
    });
    expect(submissions()).toBe(4);
  });

  it('throttling is repeated: the job was not taken', async () => {
    localAws().control.addFault({ operation: 'batch:SubmitJob', kind: 'throttle' });
    const { result } = await submit(localAws(), [], { env: { AWS_MAX_ATTEMPTS: '3' } });
    expect(result.exitCode).toBe(0);
    expect(submissions()).toBe(2);
    expect(await queue().jobs()).toHaveLength(1);
  });

  it('the name tells the key: twelve hex digits after the name', async () => {
    await submit(localAws(), ['--job-name', 'smoke', '--idempotency-key', 'k']);
    expect((await queue().jobs()).map(({ jobName }) => jobName)).toEqual([
      expect.stringMatching(/^smoke-[0-9a-f]{12}$/),
    ]);
  });
});

describe('a step that CircleCI runs again by itself', () => {
  const inJob = (id: string) => ({ env: { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: id } });

  it('follows the job that it submitted before, and says so', async () => {
    const first = await submit(localAws(), ['--no-wait'], inJob('a'));
    const { result, stderr } = await submit(localAws(), [], inJob('a'));
    expect(result).toMatchObject({
      exitCode: 0,
      changes: [{ kind: 'unchanged' }],
      outputs: { jobId: first.result.outputs['jobId'], jobStatus: 'SUCCEEDED' },
    });
    expect(stderr).toMatch(/==> Job crawl-[0-9a-f]{12} was submitted before \(\S+\); following it/);
    expect(await queue().jobs()).toHaveLength(1);
  });

  it('also when the job has failed meanwhile', async () => {
    playJobs(localAws(), { times: 1, outcome: { exitCode: 3 } }, { outcome: { exitCode: 0 } });
    const first = await submit(localAws(), [], inJob('a'));
    const again = await submit(localAws(), [], inJob('a'));
    expect([first.result.exitCode, again.result.exitCode]).toEqual([10, 10]);
    expect(await queue().jobs()).toHaveLength(1);
  });

  it('also when a newer revision was released meanwhile', async () => {
    await submit(localAws(), ['--no-wait'], inJob('a'));
    await queue().register();
    await submit(localAws(), [], inJob('a'));
    expect((await queue().jobs()).map(({ jobDefinition }) => jobDefinition)).toEqual([
      expect.stringMatching(/crawl:1$/),
    ]);
  });

  it('and finds it on a later page: ListJobs takes upper and lower case for the same', async () => {
    const { result } = await submit(localAws(), ['--no-wait'], inJob('a'));
    const jobName = String(result.outputs['jobName']).toUpperCase();
    for (let count = 0; count < 105; count++) {
      await queue().client.send(new SubmitJobCommand({ jobName, jobQueue: 'nightly', jobDefinition: 'crawl' }));
    }
    const again = await submit(localAws(), ['--no-wait'], inJob('a'));
    expect(again.result.outputs['jobId']).toBe(result.outputs['jobId']);
  });

  it.each([
    ['a rerun by hand has another id', [], inJob('b')],
    ['another step runs another command', ['--command', 'other'], inJob('a')],
    ['another key is given', ['--idempotency-key', 'second'], inJob('a')],
    ['another name is given', ['--job-name', 'second'], inJob('a')],
  ])('%s: a new job is submitted', async (_what, args, world) => {
    await submit(localAws(), [], inJob('a'));
    await submit(localAws(), args, world);
    expect(await queue().jobs()).toHaveLength(2);
  });

  it('a dry run says that it would follow', async () => {
    const { result } = await submit(localAws(), ['--no-wait'], inJob('a'));
    const { result: planned, stderr } = await submit(localAws(), ['--dry-run'], inJob('a'));
    expect(planned).toMatchObject({ status: 'planned', outputs: { jobId: result.outputs['jobId'] } });
    expect(stderr).toContain('which was submitted before');
  });
});

it('outside CircleCI each run without a key is a job of its own', async () => {
  await submit(localAws());
  await submit(localAws());
  expect(await queue().jobs()).toHaveLength(2);
});

it('who may not list jobs can not be promised that a job runs once', async () => {
  localAws().control.setScenario({ iam: { deny: [{ action: 'batch:ListJobs' }] } });
  const { result } = await submit(localAws(), ['--idempotency-key', 'k']);
  expect(result).toMatchObject({
    exitCode: 3,
    error: { title: expect.stringContaining('not allowed: batch:ListJobs') },
  });
  expect(submissions()).toBe(0);
});

it('without waiting it is done when the job is submitted', async () => {
  const clock = drivingClock(localAws().control);
  const { result } = await submit(localAws(), ['--no-wait'], { clock });
  expect(result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { jobStatus: 'SUBMITTED' } });
  expect(Object.keys(result.outputs).toSorted()).toEqual(['jobArn', 'jobId', 'jobName', 'jobStatus']);
  expect(operationsOf(localAws())).not.toContain('batch:DescribeJobs');
});

it('with a policy on the revision, name:revision is what is asked for', async () => {
  await submit(localAws(), ['--no-wait']);
  const [job] = await queue().jobs();
  expect(job?.jobDefinition).toMatch(/:job-definition\/crawl:1$/);
});

it('hostile values arrive as data', async () => {
  const hostile = ['$(touch x)', '`id`', "it's", '"', 'a\nb', '<< parameters.x >>', '*', '--flag', '\\', '💥'];
  await submit(localAws(), [
    '--command',
    JSON.stringify(hostile),
    '--environment',
    JSON.stringify(Object.fromEntries(hostile.map((value, index) => [`V${index}`, value]))),
    '--parameters',
    JSON.stringify({ day: '$(date)' }),
  ]);
  const [job] = await queue().jobs();
  expect(job?.container?.command).toEqual(hostile);
  expect(job?.container?.environment).toEqual(
    expect.arrayContaining(hostile.map((value, index) => ({ name: `V${index}`, value }))),
  );
  expect(job?.parameters).toEqual({ day: '$(date)' });
});
