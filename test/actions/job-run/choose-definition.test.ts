import { DeregisterJobDefinitionCommand, UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { writeResultFile } from '../../../src/circleci/release-record.ts';
import type { Result } from '../../../src/core/result.ts';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
let env: Record<string, string>;
beforeEach(async () => {
  env = await awsEnvironment(localAws());
});

/** What would be submitted. */
function plan(args: readonly string[], more: Record<string, string> = {}): Promise<CliRun> {
  return runCli(['submit-job', '--dry-run', '--output', 'json', '--job-queue', 'nightly', ...args], {
    env: { ...env, ...more },
  });
}

const arn = (nameAndRevision: string): string =>
  `arn:aws:batch:${REGION}:123456789012:job-definition/${nameAndRevision}`;

/** The revision in the request of a dry run. */
function chosen(run: CliRun): string | undefined {
  return /"jobDefinition": "([^"]*)"/.exec(run.stderr)?.[1];
}

async function released(nameAndRevision: string): Promise<void> {
  const result = {
    schema: 'aws-deploy/result@1',
    action: 'register-job-definition',
    component: nameAndRevision.split(':')[0],
    outputs: { jobDefinitionArn: arn(nameAndRevision) },
    finishedAt: '2026-11-20T03:00:00.000Z',
  } as unknown as Result;
  await writeResultFile(`${env['HOME']}/.aws-deploy/record`, 'earlier', result);
}

const crawl = (...args: string[]): string[] => ['--job-definition-name', 'crawl', ...args];

describe('a bare name would be whichever revision is the newest when AWS looks, so a certain one is submitted', () => {
  beforeEach(async () => {
    for (let revision = 1; revision <= 3; revision++) await queue().register();
  });

  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['the newest active one', crawl(), {}, 'crawl:3'],
    ['the one that is asked for', crawl('--revision', '1'), {}, 'crawl:1'],
    [
      'the one that an earlier step of this job released',
      crawl(),
      { AWS_DEPLOY_JOB_DEFINITION_ARN: arn('crawl:2') },
      'crawl:2',
    ],
    ['without a name', [], { AWS_DEPLOY_JOB_DEFINITION_ARN: arn('crawl:2') }, 'crawl:2'],
    [
      'a revision wins over what was released',
      crawl('--revision', '1'),
      { AWS_DEPLOY_JOB_DEFINITION_ARN: arn('crawl:2') },
      'crawl:1',
    ],
    [
      'another definition that was released is not meant',
      crawl(),
      { AWS_DEPLOY_JOB_DEFINITION_ARN: arn('other:9') },
      'crawl:3',
    ],
  ])('%s', async (_what, args, more, expected) => {
    const run = await plan(args, more);
    expect(resultOf(run)).toMatchObject({ exitCode: 0, status: 'planned', component: 'crawl' });
    expect(chosen(run)).toBe(expected);
  });

  it('the one that an earlier job of this workflow released', async () => {
    await released('crawl:2');
    expect(chosen(await plan(crawl(), { CIRCLECI: 'true' }))).toBe('crawl:2');
    expect(chosen(await plan(crawl(), {}))).toBe('crawl:3');
    expect(chosen(await plan(crawl('--record'), {}))).toBe('crawl:2');
  });

  it('an INACTIVE one is exit code 5', async () => {
    await queue().client.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'crawl:2' }));
    expect(resultOf(await plan(crawl('--revision', '2')))).toMatchObject({
      exitCode: 5,
      error: { code: 'batch.definition_inactive', title: 'revision crawl:2 is INACTIVE: it was deregistered' },
    });
  });

  it.each([
    [crawl('--revision', '9'), 'there is no revision 9 of job definition crawl'],
    [['--job-definition-name', 'craw'], 'there is no active revision of job definition craw'],
  ])('%j is exit code 5', async (args, title) => {
    expect(resultOf(await plan(args))).toMatchObject({ exitCode: 5, error: { title } });
  });
});

describe('the queue', () => {
  beforeEach(() => queue().register());

  it('that is not there is exit code 5', async () => {
    expect(resultOf(await plan(crawl('--job-queue', 'nightyl')))).toMatchObject({
      exitCode: 5,
      error: { code: 'batch.queue_not_found', title: 'there is no job queue nightyl' },
    });
  });

  it('that is disabled takes no jobs', async () => {
    await queue().client.send(new UpdateJobQueueCommand({ jobQueue: 'nightly', state: 'DISABLED' }));
    expect(resultOf(await plan(crawl()))).toMatchObject({
      exitCode: 4,
      error: { code: 'batch.queue_disabled', title: 'job queue nightly is DISABLED and takes no jobs' },
    });
  });
});

describe('what can not be right is exit code 2, and nothing is called', () => {
  it.each<[string, readonly string[], string]>([
    ['no definition', [], 'job_definition_name is not given, and this workflow has released none'],
    ['a reserved variable', crawl('--environment', 'AWS_BATCH_JOB_ID=x'), 'environment must not set AWS_BATCH_JOB_ID'],
    ['a flood of calls', crawl('--poll-interval', '500ms'), 'poll_interval must be at least 1s'],
    ['a proof without looking', crawl('--no-wait', '--mark-verified'), 'mark_verified needs wait'],
    ['an array of one', crawl('--array-size', '1'), '--array-size must be a whole number of at least 2'],
    ['an array that is too large', crawl('--array-size', '10001'), 'at most 10000'],
    ['a name with a revision', ['--job-definition-name', 'crawl:7'], 'without a revision'],
    ['a job name of shell text', crawl('--job-name', '$(id)'), '--job-name must be up to 115 letters'],
  ])('%s', async (_what, args, title) => {
    const run = await plan(args);
    expect(resultOf(run)).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining(title) } });
    expect(operationsOf(localAws())).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^sts:|SubmitJob|ListJobs/)]),
    );
  });

  it('several definitions that were released, with their names', async () => {
    await released('crawl:2');
    await released('index:1');
    expect(resultOf(await plan([], { CIRCLECI: 'true' }))).toMatchObject({
      exitCode: 2,
      error: { hints: ['Give job_definition_name. This workflow released: crawl, index.'] },
    });
  });
});

it('a dry run prints what would be submitted, and submits nothing', async () => {
  await queue().register();
  const run = await plan(
    crawl('--command', '["sh","-c","echo $(id)"]', '--environment', 'DB_PASSWORD=hush', '--array-size', '3'),
  );
  expect(resultOf(run)).toMatchObject({
    exitCode: 0,
    status: 'planned',
    outputs: { jobName: expect.stringMatching(/^crawl-[0-9a-f]{12}$/) },
  });
  expect(run.stderr).toContain('"echo $(id)"');
  expect(run.stderr + run.stdout).not.toContain('hush');
  expect(operationsOf(localAws())).not.toContain('batch:SubmitJob');
});
