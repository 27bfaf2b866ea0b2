import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsView } from '../../../scripts/demo/aws-view.ts';
import { prepareJobWork } from '../../../scripts/demo/job-work.ts';
import { preparePlatform, QUEUE } from '../../../scripts/demo/platform.ts';
import { makeStandInBase } from '../../../scripts/demo/release-story.ts';
import { openStage, type Stage } from '../../../scripts/demo/stage.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import {
  runJob,
  startContainer,
  startWorkflowRun,
  type JobContainer,
  type JobEnd,
  type WorkflowRun,
} from '../../acceptance/support/circleci-job.ts';
import { oidcToken } from '../../acceptance/support/oidc-token.ts';
import { compileJob, type CompilerOptions } from '../../acceptance/support/orb-compiler.ts';
import { currentOrb, writeMirror } from '../../acceptance/support/orb-under-test.ts';
import { missingPrograms } from './job-fixture.ts';
import { SAMPLE, sampleConfig, workflowJobs, type WorkflowJob } from './sample-configs.ts';

const missing = missingPrograms();
const describeWithPrograms = missing === undefined ? describe : describe.skip;

const DAY_MS = 24 * 3600 * 1000;

let compiler: CompilerOptions;
let mirror: string;
let stage: Stage;
let aws: AwsView;
let base: string;
const containers: JobContainer[] = [];
const runs: WorkflowRun[] = [];

beforeAll(async () => {
  compiler = { orb: await currentOrb(), prefix: 'aws-deploy', pipelineNumber: 7, booleans: 'words' };
  mirror = await writeMirror();
  stage = await openStage(process.cwd(), SAMPLE, new AbortController().signal);
  aws = new AwsView(stage.aws.endpoint);
});
afterAll(async () => {
  aws?.close();
  await stage?.close();
});

beforeEach(async () => {
  stage.aws.control.reset();
  await preparePlatform(stage.aws.endpoint);
  base = await makeStandInBase(stage, aws);
  await prepareJobWork(stage.aws, stage.project, stage.temp);
});
afterEach(() => Promise.all([...containers.splice(0), ...runs.splice(0)].map((each) => each.remove())));

/** A workflow on CircleCI: each job in a container of its own, when those that it requires have succeeded. */
async function runWorkflow(jobs: readonly WorkflowJob[], here: JsonObject): Promise<Map<string, JobEnd>> {
  const run = await startWorkflowRun();
  runs.push(run);
  const ended = new Map<string, JobEnd>();
  for (const { name, orbJob, requires, arguments: given } of jobs) {
    if (!requires.every((each) => ended.get(each)?.code === 0)) continue;
    const end = orbJob === undefined ? APPROVED : await runOrbJob(orbJob, { ...given, ...fitting(orbJob, here) }, run);
    ended.set(name, end);
  }
  return ended;
}

const APPROVED: JobEnd = { code: 0, output: '' };

/** Those of these arguments that the job has. */
function fitting(orbJob: string, values: JsonObject): JsonObject {
  const { parameters } = (compiler.orb['jobs'] as Record<string, { parameters: JsonObject }>)[orbJob]!;
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in parameters));
}

async function runOrbJob(orbJob: string, given: JsonObject, run: WorkflowRun): Promise<JobEnd> {
  const container = await startContainer({
    AWS_ENDPOINT_URL: stage.aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DEPLOY_MIRROR: mirror,
    CIRCLE_OIDC_TOKEN_V2: oidcToken(),
    CIRCLE_SHA1: createHash('sha1').update('commit').digest('hex'),
    CIRCLE_WORKFLOW_ID: 'workflow',
    CIRCLE_WORKFLOW_JOB_ID: `job-${containers.length}`,
  });
  containers.push(container);
  return runJob(compileJob(compiler, orbJob, given), container, { project: stage.project, run });
}

/** What is different from AWS and the internet: the base image, and the time to wait. */
const here = (): JsonObject => ({ builder: 'embedded', build_args: `BASE=${base}`, poll_interval: '1s' });

function allSucceed(ended: ReadonlyMap<string, JobEnd>, jobs: readonly WorkflowJob[]): void {
  expect([...ended].map(([name, { code, output }]) => ({ name, code, output: code === 0 ? '' : output }))).toEqual(
    jobs.map(({ name }) => ({ name, code: 0, output: '' })),
  );
}

describeWithPrograms(`the pipelines of the sample, on the local AWS${missing ? ` (${missing})` : ''}`, () => {
  const oneJob = workflowJobs(sampleConfig('config.yml'), 'release');
  const multiJob = workflowJobs(sampleConfig('multi-job.yml'), 'release');
  const rebuild = workflowJobs(sampleConfig('multi-job.yml'), 'weekly_rebuild');

  it('release in one job, and run the revision once', async () => {
    allSucceed(await runWorkflow(oneJob, { ...here(), smoke_environment: 'CRAWL_PAUSE=0' }), oneJob);
    expect(await aws.newestJob(QUEUE)).toMatchObject({ revision: 1, status: 'SUCCEEDED', exitCode: 0 });
  });

  it('release in jobs of their own, after which the job runs at three in the night', async () => {
    allSucceed(await runWorkflow(multiJob, here()), multiJob);
    const smoke = await aws.newestJob(QUEUE);
    expect(smoke).toMatchObject({ revision: 1, exitCode: 0, log: expect.arrayContaining(['crawl: done']) });
    expect(smoke?.log.filter((line) => line.includes('products'))).toHaveLength(2);

    await stage.aws.control.advance(DAY_MS, { settle: true });
    const night = await aws.newestJob(QUEUE);
    expect(night).toMatchObject({ revision: 1, status: 'SUCCEEDED', exitCode: 0 });
    expect(night?.log.filter((line) => line.includes('products'))).toHaveLength(5);
    expect(night?.createdAt.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Berlin' })).toBe('03:00:00');
  });

  it('rebuild on a base that has changed, and move the schedule to what has succeeded', async () => {
    allSucceed(await runWorkflow(multiJob, here()), multiJob);
    const [before] = await aws.revisions('nightly-crawl');
    const newer = await newerBase();
    allSucceed(await runWorkflow(rebuild, { ...here(), build_args: `BASE=${newer}` }), rebuild);
    const [, after] = await aws.revisions('nightly-crawl');
    expect(after?.image).not.toBe(before?.image);
    expect(after?.environment).toEqual(before?.environment);
    expect(await aws.scheduledDefinition('nightly-crawl')).toMatch(/:job-definition\/nightly-crawl:2$/);
  });

  it('leave the schedule where it is when the smoke run fails', async () => {
    const failing = multiJob.map((job) =>
      job.name === 'smoke_run' ? { ...job, arguments: { ...job.arguments, environment: 'CRAWL_PAGES=many' } } : job,
    );
    const ended = await runWorkflow(failing, here());
    expect([...ended.keys()]).toEqual(['build', 'upload', 'register', 'smoke_run']);
    expect(ended.get('smoke_run')).toMatchObject({ code: 10, output: expect.stringContaining('must be numbers') });
    await expect(aws.scheduledDefinition('nightly-crawl')).rejects.toThrow('nightly-crawl');
  });
});

/** As when Amazon has made a new one. */
async function newerBase(): Promise<string> {
  const path = await stage.folder('newer-base', {
    Dockerfile: 'FROM scratch\nCOPY os-release /etc/os-release\n',
    'os-release': 'PRETTY_NAME="a newer stand-in"\n',
  });
  const args = ['build-and-push-image', '--repository', 'base', '--builder', 'embedded', '--tags', 'newer'];
  const { exitCode } = await stage.run(args, { cwd: path });
  expect(exitCode).toBe(0);
  const newer = (await aws.images('base')).find(({ tags }) => tags.includes('newer'));
  return base.replace(/@.*/, `@${newer?.digest}`);
}
