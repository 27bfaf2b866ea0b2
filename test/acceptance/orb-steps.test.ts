import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/runner/pipeline/pipeline.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { whileJobsEnd } from './support/batch-world.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded } from './support/child-process.ts';
import {
  resultsIn,
  runJob,
  startContainer,
  startWorkflowRun,
  type JobContainer,
  type JobEnd,
  type WorkflowRun,
} from './support/circleci-job.ts';
import { startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import type { OrbCase } from './support/orb-case.ts';
import { ORB_CASES, UNUSED } from './support/orb-cases.ts';
import { compileJob, compileOwnJob, type CompilerOptions } from './support/orb-compiler.ts';
import { currentOrb, writeMirror } from './support/orb-under-test.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

// Every run step of every command and job of the orb is executed, and must come to what the same CLI command comes to
// that is called by hand.

const orb = await currentOrb();
let program: string;
let cloud: LocalCloud;
let mirror: string;
beforeAll(async () => {
  program = await buildCli();
  mirror = await writeMirror();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const PIPELINE = 42;
const compiler: CompilerOptions = { orb, prefix: 'aws-deploy', pipelineNumber: PIPELINE, booleans: 'words' };

let work: Workplace;
let container: JobContainer;
let workflowRun: WorkflowRun;
let cleanUp: (() => Promise<unknown>) | undefined;
beforeEach(() => cloud.restart());
afterEach(() => cleanUp?.());

/** What a job and a person's shell have in common; there is no engine that `builder: auto` could find. */
const ENVIRONMENT = { CIRCLE_WORKFLOW_JOB_ID: 'job-1', DOCKER_HOST: 'unix:///nowhere/docker.sock' };

async function prepare({ files = {}, released, prepare: prepareCloud, env = {} }: OrbCase): Promise<void> {
  work = await makeWorkplace(program, cloud, files, { ...ENVIRONMENT, ...env });
  const { PATH: _path, HOME: _home, TMPDIR: _temp, ...inherited } = work.env;
  container = await startContainer({ ...inherited, AWS_DEPLOY_MIRROR: mirror });
  workflowRun = await startWorkflowRun();
  cleanUp = () => Promise.all([work, container, workflowRun].map((each) => each.remove()));
  if (released) succeeded(await work.run(releaseArguments(cloud), { HOME: container.temp }));
  await prepareCloud?.(cloud);
}

async function runInOrb(job: Job): Promise<JobEnd & { outcome: unknown }> {
  const around = { project: work.project, run: workflowRun };
  const end = await whileJobsEnd(cloud.control, () => runJob(job, container, around));
  return { ...end, outcome: await outcome(end.code, container.home) };
}

const byHand = new Map<OrbCase, unknown>();

/** What the same comes to by hand, in a cloud and a checkout as they were before the orb ran. It is found out once. */
async function outcomeByHand(each: OrbCase): Promise<unknown> {
  if (!byHand.has(each)) byHand.set(each, await runByHand(each));
  return byHand.get(each);
}

async function runByHand(each: OrbCase): Promise<unknown> {
  await cleanUp?.();
  await cloud.restart();
  await prepare(each);
  const args = [each.action.replaceAll('_', '-'), ...flags(each.arguments(cloud))];
  const env = { AWS_DEPLOY_PIPELINE_NUMBER: String(PIPELINE), CIRCLECI: 'true' };
  const { code } = await whileJobsEnd(cloud.control, () => work.run(args, env));
  return outcome(code, work.home);
}

/** All that can be seen of a run, but for the moment of a rollback, which is real. */
async function outcome(code: number | null, home: string): Promise<unknown> {
  const state = JSON.stringify(cloud.control.state()).replaceAll(/("aws-deploy:rejected":)"[^"]+"/g, '$1"now"');
  return [code, await resultsIn(home), JSON.parse(state)];
}

function flags(values: Readonly<Record<string, JsonValue>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const dashed = name.replaceAll('_', '-');
    if (name === 'no_output_timeout') return [];
    if (typeof value === 'boolean') return [value ? `--${dashed}` : `--no-${dashed}`];
    return [`--${dashed}`, String(value)];
  });
}

describe('the cases', () => {
  const commands = Object.entries(orb['commands'] as Record<string, JsonObject>);
  const actions = [...new Set(ORB_CASES.map(({ action }) => action))];

  it('are of every command and of every job', () => {
    expect([...actions, 'install'].toSorted()).toEqual(commands.map(([name]) => name).toSorted());
    expect(actions).toEqual(expect.arrayContaining(Object.keys(orb['jobs'] as JsonObject)));
  });

  it.each(commands.filter(([name]) => actions.includes(name)))('give every parameter of %s', (name, command) => {
    const given = ORB_CASES.filter(({ action }) => action === name).flatMap((each) =>
      Object.keys(each.arguments(cloud)),
    );
    const unused: readonly string[] = Object.hasOwn(UNUSED, name) ? UNUSED[name as keyof typeof UNUSED] : [];
    expect([...new Set([...given, ...unused])].toSorted()).toEqual(
      Object.keys(command['parameters'] as JsonObject).toSorted(),
    );
  });
});

describe('as a command in a job of a user', () => {
  it.each(ORB_CASES)('$action with $what does what the CLI does', async (each) => {
    await prepare(each);
    const job = compileOwnJob(compiler, [
      'checkout',
      'aws-deploy/install',
      { [`aws-deploy/${each.action}`]: each.arguments(cloud) },
    ]);
    const end = succeeded(await runInOrb(job));
    expect(end.outcome).toEqual(await outcomeByHand(each));
  });
});

describe('as a job', () => {
  const jobs = ORB_CASES.filter(({ action }) => Object.hasOwn(orb['jobs'] as JsonObject, action));

  it.each(jobs)('$action with $what does what the CLI does', async (each) => {
    await prepare(each);
    const job = compileJob(compiler, each.action, each.arguments(cloud));
    const end = succeeded(await runInOrb(job));
    expect(end.outcome).toEqual(await outcomeByHand(each));
  });

  it.each(jobs.filter(({ what }) => ['everything', 'a dry run'].includes(what)))(
    '$action with $what understands booleans written as digits',
    async (each) => {
      await prepare(each);
      const job = compileJob({ ...compiler, booleans: 'digits' }, each.action, each.arguments(cloud));
      const end = succeeded(await runInOrb(job));
      expect(end.outcome).toEqual(await outcomeByHand(each));
    },
  );
});
