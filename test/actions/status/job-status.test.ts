import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JobStatus } from '../../../src/plan/job-status/job-status.ts';
import { CONTAINER, DIGEST, withContainer } from '../../support/definitions.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { runCli } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { fetching, pushImage, scriptBucket } from '../rollback/artifacts.ts';
import { past, putRule, putSchedule, runOn, VERIFIED_AT, type HistoryRun } from '../rollback/release-history.ts';
import { arnOf, clockOf, scheduleWorldForTests } from '../schedule/schedule-world.ts';

const world = scheduleWorldForTests();

function status(args: readonly string[] = [], more: Record<string, string> = {}): Promise<HistoryRun> {
  return runOn(world(), 'job-status', args, more);
}

async function overview(args: readonly string[] = []): Promise<JobStatus> {
  const run = await status(args);
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return run.result.outputs['overview'] as unknown as JobStatus;
}

describe('what runs now', () => {
  it('is the newest revision, with where it came from and where a rollback would go', async () => {
    await past(
      world(),
      { content: 'a', verified: true },
      { content: 'b', verified: true, tags: { 'git-sha': 'c0ffee', pipeline: '41', 'definition-hash': 'x' } },
    );
    const { result } = await status();
    expect(result).toMatchObject({
      status: 'unchanged',
      component: 'crawl',
      changes: [],
      outputs: {
        jobDefinitionName: 'crawl',
        newestRevision: 2,
        verified: true,
        rejected: false,
        rollbackRevision: 1,
        overview: {
          newest: { revision: 2, arn: arnOf(2), verifiedAt: VERIFIED_AT, gitSha: 'c0ffee', pipeline: '41', byUs: true },
          rollback: { revision: 1, verifiedAt: VERIFIED_AT },
          schedules: [],
          runs: [],
          unread: [],
        },
      },
    });
  });

  it('may be made by a rollback, and then is not verified by itself', async () => {
    await past(world(), { content: 'a', verified: true }, { content: 'b' });
    await runOn(world(), 'rollback-job-definition');
    expect((await overview()).newest).toMatchObject({
      revision: 3,
      verifiedAt: null,
      rolledBackFrom: 2,
      restored: { revision: 1, verifiedAt: VERIFIED_AT },
    });
  });

  it('is not the highest number when that was deregistered', async () => {
    await past(world(), { content: 'a' }, { content: 'b', inactive: true });
    expect((await overview()).newest.revision).toBe(1);
  });

  it('a name that matches nothing is exit code 5', async () => {
    expect(await status()).toMatchObject({ exitCode: 5 });
  });
});

describe('the image', () => {
  it('is looked up in ECR by its digest, or by its tag', async () => {
    const { uri, digest } = await pushImage(world());
    const images = [`${uri}@${digest}`, `${uri}:7`, `${uri}@${DIGEST}`, 'ghcr.io/acme/crawl:1'];
    const seen: unknown[] = [];
    for (const image of images) {
      await past(world(), { content: image, definition: withContainer(CONTAINER, { image }) });
      seen.push((await overview()).newest.containers[0]);
    }
    expect(seen).toMatchObject([
      { image: images[0], digest, imageState: 'there' },
      { image: images[1], digest, imageState: 'there' },
      { image: images[2], digest: DIGEST, imageState: 'gone' },
      { image: images[3], digest: null, imageState: 'not asked' },
    ]);
  });

  it('that may not be looked up is said, and the rest is told', async () => {
    const { uri, digest } = await pushImage(world());
    await past(world(), { content: 'a', definition: withContainer(CONTAINER, { image: `${uri}@${digest}` }) });
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'ecr:DescribeImages' }] } });
    const told = await overview();
    expect(told.newest.containers[0]).toMatchObject({ imageState: 'unreadable' });
    expect(told.unread).toEqual([`image ${uri}@${digest}: not allowed: ecr:DescribeImages on crawl`]);
  });
});

it('the script is looked up in S3 by its hash', async () => {
  const bucket = await scriptBucket(world());
  const environment = fetching('released\n');
  await past(world(), { content: 'a', definition: withContainer(CONTAINER, { environment }) });
  const states: unknown[] = [];
  for (const body of [undefined, 'another\n', 'released\n']) {
    if (body !== undefined) await bucket.put(body);
    states.push((await overview()).newest.containers[0]?.script?.state);
  }
  bucket.close();
  expect(states).toEqual(['gone', 'changed', 'there']);
});

describe('schedules and rules', () => {
  it('are told with their state, what they submit, and their next three times', async () => {
    await past(world(), { content: 'a', inactive: true }, { content: 'b' });
    const always = { StartDate: undefined, EndDate: undefined };
    await putSchedule(world(), 'nightly', arnOf(2), always);
    await putSchedule(world(), 'paused', 'crawl', { ...always, State: 'DISABLED' });
    await putSchedule(world(), 'broken', arnOf(1), always);
    await putRule(world(), 'weekly', 'crawl');
    const { schedules } = await overview();
    expect(schedules).toMatchObject([
      { label: 'schedule broken', revision: 1, problem: 'revision 1 is INACTIVE: no job can start' },
      {
        kind: 'schedule',
        label: 'schedule nightly',
        enabled: true,
        expression: 'cron(30 2 ? * MON-FRI *)',
        timezone: 'Europe/Berlin',
        revision: 2,
        problem: null,
        nextTimes: ['2026-11-20T02:30:00+01:00', '2026-11-23T02:30:00+01:00', '2026-11-24T02:30:00+01:00'],
      },
      { label: 'schedule paused', enabled: false, revision: null, nextTimes: [] },
      { kind: 'rule', label: 'rule weekly', expression: 'rate(1 day)', timezone: 'UTC', revision: null },
    ]);
  });

  it.each([
    ['scheduler:ListSchedules', 'the schedules: not allowed'],
    ['events:ListEventBuses', 'the event buses: not allowed'],
    ['batch:DescribeJobQueues', 'job queues: not allowed: batch:DescribeJobQueues on all job queues'],
  ])('or anything that may not be read (%s) is said, and the rest is told', async (action, sentence) => {
    await past(world(), { content: 'a' });
    world().localAws.control.setScenario({ iam: { deny: [{ action }] } });
    const told = await overview();
    expect(told.unread).toEqual([sentence]);
    expect(told.newest.revision).toBe(1);
  });
});

it('changes nothing', async () => {
  await past(world(), { content: 'a', verified: true }, { content: 'b' });
  await putSchedule(world(), 'nightly', arnOf(2));
  const before = world().localAws.control.state();
  await overview();
  expect(world().localAws.control.state()).toEqual(before);
});

it('a queue that is named and not there is exit code 5', async () => {
  await past(world(), { content: 'a' });
  expect(await status(['--job-queue', 'nowhere'])).toMatchObject({
    exitCode: 5,
    result: { error: { code: 'batch.queue_not_found' } },
  });
});

it('as text it is well set, and goes to stdout', async () => {
  await past(world(), { content: 'a', verified: true });
  const env = await awsEnvironment(world().localAws);
  const run = await runCli(['job-status', '--job-definition-name', 'crawl'], { env, clock: clockOf(world().localAws) });
  expect(run.stdout).toBe(`crawl in eu-west-1, account 123456789012

Revision   1, verified ${VERIFIED_AT}
           not registered by aws-deploy
Image      ghcr.io/acme/crawl:1 (its registry was not asked)
Rollback   nowhere to go: no older revision was verified and is different

Schedules  none

Runs       none that AWS still knows
`);
});

it('later steps get the plain outputs as variables, and no object', async () => {
  await past(world(), { content: 'a', verified: true });
  const file = join(await tempFolder(), 'bash-env');
  await writeFile(file, '');
  await status([], { BASH_ENV: file });
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  expect(lines).toEqual([
    "export AWS_DEPLOY_JOB_DEFINITION_NAME='crawl'",
    "export AWS_DEPLOY_NEWEST_REVISION='1'",
    "export AWS_DEPLOY_VERIFIED='true'",
    "export AWS_DEPLOY_REJECTED='false'",
  ]);
});
