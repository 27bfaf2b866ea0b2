import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../src/runner/pipeline/pipeline.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { buildCli } from './built-cli.ts';
import { succeeded } from './child-process.ts';
import {
  resultsIn,
  runJob,
  startContainer,
  startWorkflowRun,
  type JobContainer,
  type JobEnd,
  type WorkflowRun,
} from './circleci-job.ts';
import { startLocalCloud, type LocalCloud } from './local-cloud.ts';
import type { OrbCase } from './orb-case.ts';
import { compileJob, compileOwnJob, type CompilerOptions } from './orb-compiler.ts';
import { currentOrb, writeMirror } from './orb-under-test.ts';
import { whileTimePasses } from './passing-time.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './workplace.ts';

const PIPELINE = 42;
const orb = await currentOrb();
const compiler: CompilerOptions = { orb, prefix: 'aws-deploy', pipelineNumber: PIPELINE, booleans: 'words' };

/** What a job and a person's shell have in common; there is no engine that `builder: auto` could find. */
const ENVIRONMENT = {
  CIRCLE_WORKFLOW_JOB_ID: 'job-1',
  CIRCLE_BUILD_NUM: '1',
  DOCKER_HOST: 'unix:///nowhere/docker.sock',
};

/**
 * Every run step of the commands and jobs of these cases is executed, and must come to what the same CLI command comes
 * to that is called by hand.
 */
export function describeOrbSteps(cases: readonly OrbCase[]): void {
  let program: string;
  let cloud: LocalCloud;
  let mirror: string;
  beforeAll(async () => {
    program = await buildCli();
    mirror = await writeMirror();
    cloud = await startLocalCloud();
  });
  afterAll(() => cloud?.close());

  let work: Workplace;
  let container: JobContainer;
  let workflowRun: WorkflowRun;
  let cleanUp: (() => Promise<unknown>) | undefined;
  beforeEach(() => cloud.restart());
  afterEach(() => cleanUp?.());

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
    const end = await whileTimePasses(cloud.control, () => runJob(job, container, around));
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
    const { code } = await whileTimePasses(cloud.control, () => work.run(args, env));
    return outcome(code, work.home);
  }

  /** All that can be seen of a run, but for the moments that tags tell, which are real. */
  async function outcome(code: number | null, home: string): Promise<unknown> {
    const told = /("aws-deploy:(?:verified|rejected)":)"[^"]+"/g;
    const state = JSON.stringify(cloud.control.state()).replaceAll(told, '$1"now"');
    return [code, await resultsIn(home), JSON.parse(state)];
  }

  describe('as a command in a job of a user', () => {
    it.each(cases)('$action with $what does what the CLI does', async (each) => {
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
    const jobs = cases.filter(({ action }) => Object.hasOwn(orb['jobs'] as JsonObject, action));

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
}

function flags(values: Readonly<Record<string, JsonValue>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const dashed = name.replaceAll('_', '-');
    if (name === 'no_output_timeout') return [];
    if (typeof value === 'boolean') return [value ? `--${dashed}` : `--no-${dashed}`];
    return [`--${dashed}`, String(value)];
  });
}
