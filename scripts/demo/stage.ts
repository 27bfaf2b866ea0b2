import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { catalog } from '../../src/actions/catalog.ts';
import { joinLocalAws } from '../../src/cli/local/local-cloud.ts';
import { openPrinter } from '../../src/cli/local/open-printer.ts';
import { RUN_PARAMS } from '../../src/cli/local/run-command.ts';
import { runLocally } from '../../src/cli/local/run-work.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { World } from '../../src/cli/world.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import { resolveInputs } from '../../src/params/resolve.ts';
import type { RunRecord } from '../../src/runner/run-record.ts';
import { briefly } from './brief-printer.ts';
import { makeProject, type Project } from './project.ts';
import type { Workshop } from './workshop.ts';

/** Any keys open the local AWS. */
export const KEYS = { accessKeyId: 'AKIADEMO', secretAccessKey: 'any' };

export interface CommandResult {
  exitCode: number;
}

/** A run of the project's pipeline that has ended. */
export interface PipelineResult extends CommandResult {
  record: RunRecord;
  /** The folder with logs and page, absolute. */
  folder: string;
}

/** Told each line as it comes. */
export interface Listeners {
  /** What a command or the steps of jobs write. */
  onLine: (line: string) => void;
  /** What `local run` says of the run when it has ended. */
  onSummary: (line: string) => void;
}

/** Where a story is played: a project, a local AWS that lives through all of it, and the command line. */
export interface Stage {
  aws: LocalAws;
  project: Project;
  /** `aws-deploy local run` in the project, at what is committed, against the local AWS of the stage. */
  runPipeline(flags: Readonly<Record<string, readonly string[]>>, listeners: Listeners): Promise<PipelineResult>;
  /** Any other command, as on the laptop of somebody who has credentials. */
  runCommand(words: readonly string[], onLine: (line: string) => void): Promise<CommandResult>;
  /** Ends the local AWS. */
  close(): Promise<void>;
}

/** Sets up a stage in a workshop, with a copy of a sample as its project. Nobody's AWS settings are read. */
export async function openStage(
  { folder, packageFolder, temp }: Workshop,
  sample: string,
  { env, signal }: { env: World['env']; signal: AbortSignal },
): Promise<Stage> {
  const project = await makeProject(sample, join(folder, basename(sample)));
  const aws = await startLocalAws({ scenario: join(project.folder, '.circleci/local-aws.yml') });
  const worldFor = (lines: (text: string) => void): World => ({
    env,
    cwd: project.folder,
    clock: clockOf(aws),
    packageFolder,
    stdout: lines,
    stderr: lines,
    signal,
  });
  let runs = 0;
  return {
    aws,
    project,
    async runPipeline(flags, { onLine, onSummary }) {
      const { inputs } = resolveInputs(RUN_PARAMS, { flags: { ...flags, localAws: ['true'] }, env: {} });
      const exitCode = await runLocally(undefined, inputs, worldFor(byLine(onSummary)), {
        openCloud: (options) => Promise.resolve(joinLocalAws(aws, options)),
        openPrinter: (options) => briefly(openPrinter({ ...options, world: worldFor(byLine(onLine)) })),
      });
      signal.throwIfAborted();
      const runFolder = join(project.folder, `.circleci/local/runs/${++runs}`);
      const record = JSON.parse(await readFile(join(runFolder, 'run.json'), 'utf8')) as RunRecord;
      return { exitCode, record, folder: runFolder };
    },
    async runCommand(words, onLine) {
      const world = { ...worldFor(byLine(onLine)), env: laptopEnvironment(temp, aws) };
      const exitCode = await runProgram(words, world, catalog, []);
      signal.throwIfAborted();
      return { exitCode };
    },
    close: () => aws.close(),
  };
}

/** Runs like real time, and shows now what the local AWS shows: or tokens would have expired there, and nights passed. */
function clockOf({ control }: LocalAws): Clock {
  const aheadMs = control.now().getTime() - Date.now();
  return { now: () => new Date(Date.now() + aheadMs), sleep: (ms, signal) => systemClock.sleep(ms, signal) };
}

function byLine(onLine: (line: string) => void): (text: string) => void {
  return (text) => {
    for (const line of text.replace(/\n$/, '').split('\n')) onLine(line);
  };
}

function laptopEnvironment(home: string, { endpoint, region }: LocalAws): Record<string, string> {
  return {
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    ...(region !== undefined && { AWS_REGION: region }),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
