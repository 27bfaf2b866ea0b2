import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { writePackageFolder } from '../package-folder.ts';
import { briefly } from './brief-printer.ts';
import { REGION } from './platform.ts';
import { makeProject, type Project } from './project.ts';

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

/** Where the story is played: a project, a local AWS that lives through all of it, and the command line. */
export interface Stage {
  aws: LocalAws;
  project: Project;
  /** For files that don't last. */
  temp: string;
  /** `aws-deploy local run` in the project, at what is committed, against the local AWS of the stage. */
  runPipeline(flags: Readonly<Record<string, readonly string[]>>, listeners: Listeners): Promise<PipelineResult>;
  /** Any other command, as on the laptop of somebody who has credentials. */
  runCommand(words: readonly string[], onLine: (line: string) => void): Promise<CommandResult>;
  /** Ends the local AWS and removes what was written, but for the project when that is to be kept. */
  close(keepProject: boolean): Promise<void>;
}

/** Sets up a stage. Nothing outside its own temporary folder is written, and nobody's AWS settings are read. */
export async function openStage(
  root: string,
  sample: string,
  { env, signal }: { env: World['env']; signal: AbortSignal },
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-demo-'));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  let aws: LocalAws | undefined;
  const packageFolder = join(folder, 'package');
  const temp = join(folder, 'temp');
  const close = async (keepProject: boolean): Promise<void> => {
    process.off('exit', removeNow);
    await aws?.close();
    for (const each of keepProject ? [packageFolder, temp] : [folder]) await rm(each, { recursive: true, force: true });
  };
  try {
    await mkdir(temp);
    const project = await makeProject(sample, join(folder, 'nightly-batch'));
    await writePackageFolder(root, packageFolder);
    signal.throwIfAborted();
    const started = await startLocalAws({ scenario: join(project.folder, '.circleci/local-aws.yml') });
    aws = started;
    const worldFor = (lines: (text: string) => void): World => ({
      env,
      cwd: project.folder,
      clock: clockOf(started),
      packageFolder,
      stdout: lines,
      stderr: lines,
      signal,
    });
    let runs = 0;
    return {
      aws: started,
      project,
      temp,
      async runPipeline(flags, { onLine, onSummary }) {
        const { inputs } = resolveInputs(RUN_PARAMS, { flags: { ...flags, localAws: ['true'] }, env: {} });
        const exitCode = await runLocally(undefined, inputs, worldFor(byLine(onSummary)), {
          openCloud: (options) => Promise.resolve(joinLocalAws(started, options)),
          openPrinter: (options) => briefly(openPrinter({ ...options, world: worldFor(byLine(onLine)) })),
        });
        signal.throwIfAborted();
        const runFolder = join(project.folder, `.circleci/local/runs/${++runs}`);
        const record = JSON.parse(await readFile(join(runFolder, 'run.json'), 'utf8')) as RunRecord;
        return { exitCode, record, folder: runFolder };
      },
      async runCommand(words, onLine) {
        const world = { ...worldFor(byLine(onLine)), env: laptopEnvironment(temp, started.endpoint) };
        const exitCode = await runProgram(words, world, catalog, []);
        signal.throwIfAborted();
        return { exitCode };
      },
      close,
    };
  } catch (error) {
    await close(false);
    throw error;
  }
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

function laptopEnvironment(home: string, endpoint: string): Record<string, string> {
  return {
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
