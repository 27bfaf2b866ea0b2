import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/core/clock.ts';
import type { Result } from '../../../src/core/result.ts';
import { jobEnvironment } from '../../../src/runner/job/job-environment.ts';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import { runSteps } from '../../../src/runner/job/run-steps.ts';
import type { JobPlace } from '../../../src/runner/job-place.ts';
import type { Job, Workflow, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { hostShell } from '../../../src/runner/shell/host-shell.ts';
import { storageHandlers } from '../../../src/runner/storage/storage-handlers.ts';

/** The container of one job: its folders last until `remove`, its environment for every step. */
export interface JobContainer {
  readonly place: JobPlace;
  readonly home: string;
  /** The working directory, not there until a step checks the project out. */
  readonly checkout: string;
  readonly bashEnv: string;
  readonly temp: string;
  /** Where everything of the job lies. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface JobEnd {
  /** Of the step that failed first; 0 when none did. */
  readonly code: number;
  /** What all steps wrote, to either output. */
  readonly output: string;
}

export async function startContainer(env: Readonly<Record<string, string>>): Promise<JobContainer> {
  const place = await makeJobPlace(tmpdir());
  const { home, bashEnv, temp, folder } = place;
  return {
    place,
    home,
    checkout: join(home, 'project'),
    bashEnv,
    temp,
    folder,
    env,
    remove: () => removeJobPlace(place),
  };
}

/** A run of a workflow, whose jobs have a workspace together. */
export interface WorkflowRun {
  /** Where the runner keeps what is the run's. */
  readonly folder: string;
  /** The jobs that have succeeded, in their order. */
  readonly jobs: string[];
  remove(): Promise<void>;
}

export async function startWorkflowRun(): Promise<WorkflowRun> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-workflow-'));
  return { folder, jobs: [], remove: () => rm(folder, { recursive: true, force: true }) };
}

const SOURCE = { name: 'config.yml', text: '' };

/**
 * Runs a job with the local runner, as `aws-deploy local run` does. What is in the project is what it checks out. It
 * requires all jobs of the run before it, which count as parallel: what two of them have persisted breaks it.
 */
export async function runJob(
  job: Job,
  { place, env }: JobContainer,
  { project, run }: { project: string; run: WorkflowRun },
): Promise<JobEnd> {
  const name = `job-${run.jobs.length + 1}`;
  const call = calling(name, job, run.jobs);
  const workflow: Workflow = { name: 'main', jobs: [...run.jobs.map((each) => calling(each, job, [])), call] };
  const host = hostShell({ folder: place.folder, graceMs: 200 });
  let output = '';
  try {
    const { steps, status } = await runSteps(
      job.steps,
      {
        id: { workflow: workflow.name, job: name, node: 0 },
        workflow,
        job: call,
        place,
        host,
        env: environmentOf(job, name, place, env),
        checkout: { repository: project, commit: commitAll(project), branch: 'main', dirty: false },
        config: SOURCE,
        runFolder: run.folder,
        localFolder: run.folder,
        signal: new AbortController().signal,
        say: (text) => (output += `${text}\n`),
      },
      {
        handlers: storageHandlers,
        listen: (event) => {
          if (event.kind === 'output') output += event.text;
        },
        // A test is to see what a job itself lets out.
        redact: (text) => text,
        clock: systemClock,
      },
    );
    if (status === 'success') run.jobs.push(name);
    const failed = steps.find((step) => step.status === 'failed');
    return { code: failed ? (failed.exitCode ?? 1) : 0, output };
  } finally {
    await host.close();
  }
}

function calling(name: string, job: Job, required: readonly string[]): WorkflowJob {
  const requires = required.map((each) => ({ job: each, statuses: ['success'] as const }));
  return { name, type: 'build', requires, contexts: [], job, at: { source: SOURCE, line: 1, column: 1 } };
}

/** What the test says wins over what the runner knows of the job, as the job's own `environment` does. */
function environmentOf(
  job: Job,
  name: string,
  place: JobPlace,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return jobEnvironment({
    image: { PATH: process.env['PATH'] ?? '' },
    contexts: [],
    identity: {
      name,
      node: 0,
      parallelism: 1,
      workingDirectory: job.workingDirectory,
      jobId: name,
      workflowId: 'workflow',
      pipelineId: 'pipeline',
      organizationId: 'organization',
      projectId: 'project',
      buildNumber: 1,
      commit: '',
    },
    place,
    job: new Map([...job.environment, ...Object.entries(env)]),
  });
}

/** The commit that holds the project as it is. */
function commitAll(project: string): string {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', project, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  };
  if (!existsSync(join(project, '.git'))) git('init', '-q', '-b', 'main', '--template=');
  git('add', '--all', '--force');
  git('commit', '-q', '--allow-empty', '-m', 'project');
  return readFileSync(join(project, '.git/refs/heads/main'), 'utf8').trim();
}

/** What the actions of a home wrote for reporters, the oldest first, without the times and the order of events. */
export async function resultsIn(home: string): Promise<Partial<Result>[]> {
  const folder = join(home, '.aws-deploy/results');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts
    .map((text) => JSON.parse(text) as Result)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map(({ startedAt: _startedAt, finishedAt: _finishedAt, events, ...rest }) => ({
      ...rest,
      // Layers are sent side by side, and any of them may be told first.
      events: events.map((event) => ({ ...event, at: '' })).toSorted((a, b) => (a.text < b.text ? -1 : 1)),
    }));
}
