import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Job } from '../../../src/runner/pipeline/pipeline.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { buildCli } from './built-cli.ts';
import {
  runJob,
  startContainer,
  startWorkflowRun,
  type JobContainer,
  type JobEnd,
  type WorkflowRun,
} from './circleci-job.ts';
import { REGION, startLocalCloud, type LocalCloud } from './local-cloud.ts';
import { compileJob, compileOwnJob, type CompilerOptions } from './orb-compiler.ts';
import { currentOrb, writeMirror } from './orb-under-test.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

type Variables = Readonly<Record<string, string | undefined>>;
type RanJob = JobEnd & { container: JobContainer };

/** A workflow in CircleCI: jobs that share a workspace and nothing else, and the cloud that they deploy to. */
export interface Workflow {
  compiler: CompilerOptions;
  cloud: LocalCloud;
  work: Workplace;
  /** Runs a job in a container of its own; undefined takes a variable away. */
  run(job: Job, env?: Variables): Promise<RanJob>;
  /** A job of the orb. */
  job(name: string, values: Readonly<Record<string, JsonValue>>): Promise<RanJob>;
  /** A job of the user's own. */
  ownJob(steps: readonly JsonValue[], env?: Variables): Promise<RanJob>;
  /** Of the job definition of the sample project, as the cloud holds them. */
  revisions(): JsonObject[];
}

/** A workflow for each test of a file, in a cloud that is at its start. */
export function workflowForTests(): () => Workflow {
  let program: string;
  let cloud: LocalCloud;
  let mirror: string;
  let compiler: CompilerOptions;
  beforeAll(async () => {
    const orb = await currentOrb();
    compiler = { orb, prefix: 'aws-deploy', pipelineNumber: 7, booleans: 'words' };
    program = await buildCli();
    mirror = await writeMirror();
    cloud = await startLocalCloud();
  });
  afterAll(() => cloud?.close());

  let work: Workplace;
  let workflowRun: WorkflowRun;
  const containers: JobContainer[] = [];
  beforeEach(async () => {
    await cloud.restart();
    work = await makeWorkplace(program, cloud);
    workflowRun = await startWorkflowRun();
  });
  afterEach(() => Promise.all([work, workflowRun, ...containers.splice(0)].map((each) => each.remove())));

  async function run(job: Job, env: Variables = {}): Promise<RanJob> {
    const { PATH: _path, HOME: _home, TMPDIR: _temp, ...inherited } = work.env;
    const all = {
      ...inherited,
      AWS_DEPLOY_MIRROR: mirror,
      CIRCLE_WORKFLOW_JOB_ID: `job-${containers.length + 1}`,
      ...env,
    };
    const container = await startContainer(
      Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    );
    containers.push(container);
    const end = await runJob(job, container, { project: work.project, run: workflowRun });
    return { ...end, container };
  }

  return () => ({
    compiler,
    cloud,
    work,
    run,
    job: (name, values) => run(compileJob(compiler, name, values)),
    ownJob: (steps, env) => run(compileOwnJob(compiler, steps), env),
    revisions() {
      const batch = cloud.control.state()['batch'] as Record<string, { jobDefinitions: Record<string, JsonObject[]> }>;
      return batch[REGION]?.jobDefinitions['crawl'] ?? [];
    },
  });
}
