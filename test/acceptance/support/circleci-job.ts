import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../src/core/result.ts';
import { run, type Ended } from './child-process.ts';
import type { CompiledStep } from './orb-compiler.ts';

/** The container of one job: its folders last until `remove`, its environment for every step. */
export interface JobContainer {
  home: string;
  /** The working directory, empty until a step checks the project out. */
  checkout: string;
  bashEnv: string;
  temp: string;
  /** Where scripts and everything else of the job lie. */
  folder: string;
  env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface JobEnd {
  /** Of the step that failed; 0 when none did. */
  code: number | null;
  /** Of all steps. */
  stdout: string;
  stderr: string;
}

export async function startContainer(env: Readonly<Record<string, string>>): Promise<JobContainer> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-job-'));
  const [home, checkout, temp] = [join(folder, 'home'), join(folder, 'project'), join(folder, 'tmp')];
  await Promise.all([home, checkout, temp].map((each) => mkdir(each)));
  const bashEnv = join(folder, 'bash-env');
  await writeFile(bashEnv, '');
  return {
    home,
    checkout,
    bashEnv,
    temp,
    folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temp, BASH_ENV: bashEnv, CIRCLECI: 'true', ...env },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What CircleCI has outside of a container. */
export interface Surroundings {
  /** What a checkout brings. */
  project: string;
  /** The workspace of the workflow. */
  workspace: string;
}

/** Runs the steps of a job as CircleCI does, and stops at the first that fails. */
export async function runSteps(
  steps: readonly CompiledStep[],
  container: JobContainer,
  { project, workspace }: Surroundings,
): Promise<JobEnd> {
  const end: JobEnd = { code: 0, stdout: '', stderr: '' };
  for (const step of steps) {
    switch (step.kind) {
      case 'checkout':
        await cp(project, container.checkout, { recursive: true });
        break;
      case 'attach_workspace':
        await cp(workspace, atHome(step.at, container), { recursive: true });
        break;
      case 'persist_to_workspace':
        for (const path of step.paths) await persist(join(atHome(step.root, container), path), join(workspace, path));
        break;
      case 'setup_remote_docker':
        break;
      case 'run': {
        const { code, stdout, stderr } = await runScript(step, container);
        end.stdout += stdout;
        end.stderr += stderr;
        if (code !== 0) return { ...end, code };
      }
    }
  }
  return end;
}

async function runScript(
  { command, environment }: CompiledStep & { kind: 'run' },
  { folder, checkout, env }: JobContainer,
): Promise<Ended> {
  const script = join(await mkdtemp(join(folder, 'step-')), 'step.sh');
  await writeFile(script, command);
  return run('/bin/bash', ['-eo', 'pipefail', script], { env: { ...env, ...environment }, cwd: checkout });
}

/** Two jobs that persist a file of one name make attach_workspace fail for all jobs after them. */
async function persist(from: string, to: string): Promise<void> {
  const [ours, theirs] = await Promise.all([filesIn(from), filesIn(to)]);
  const twice = ours.filter((name) => theirs.includes(name));
  if (twice.length > 0) throw new Error(`persisted twice: ${twice.join(', ')}`);
  await cp(from, to, { recursive: true });
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}

function atHome(path: string, { home }: JobContainer): string {
  return path.replace(/^~(?=\/|$)/, home);
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
