import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import { bundleCli, FULL } from '../cli-bundle.ts';
import { AHEAD_MS, MOVED_CLOCK } from './moved-clock.ts';

export const REGION = 'eu-central-1';

/** Any keys open the local AWS. */
export const KEYS = { accessKeyId: 'AKIADEMO', secretAccessKey: 'any' };

/** Time for a child to end by itself when the demo is stopped. */
const GRACE_MS = 5000;

export interface CommandResult {
  exitCode: number;
  /** Without line ends: the progress from stderr, then the result from stdout. */
  lines: string[];
}

/** Where the story is played: a folder of its own, a local AWS, and the real command line. */
export interface Stage {
  aws: LocalAws;
  /** A copy of the sample that the story may change. */
  project: string;
  /** For files that don't last. */
  temp: string;
  /**
   * Runs the command line as a child process in a folder, at the time of the local AWS, with `onLine` for each line it
   * writes.
   */
  run(
    args: readonly string[],
    options?: { cwd?: string; env?: Readonly<Record<string, string>>; onLine?: (line: string) => void },
  ): Promise<CommandResult>;
  /** An empty folder with these files, beside the project. */
  folder(name: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Ends what runs and removes what was written. */
  close(): Promise<void>;
}

/** Sets up a stage. Nothing outside its own temporary folder is written, and nobody's AWS settings are read. */
export async function openStage(root: string, sample: string, signal: AbortSignal): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-demo-'));
  let aws: LocalAws | undefined;
  const close = async (): Promise<void> => {
    await aws?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const project = join(folder, 'nightly-batch');
    const home = join(folder, 'home');
    await cp(sample, project, { recursive: true });
    const temp = join(home, 'tmp');
    await mkdir(temp, { recursive: true });
    const preload = join(folder, 'moved-clock.cjs');
    await writeFile(preload, MOVED_CLOCK);
    const program = await installCli(root, join(folder, 'cli'));
    signal.throwIfAborted();
    const started = await startLocalAws();
    aws = started;
    const environment = childEnvironment(home, started.endpoint);
    return {
      aws,
      project,
      temp,
      run(args, { cwd = project, env = {}, onLine } = {}) {
        const clock = { [AHEAD_MS]: String(started.control.now().getTime() - Date.now()) };
        const all = { ...environment, ...clock, ...env };
        return runCommand(['--require', preload, program, ...args], { cwd, env: all, signal, onLine });
      },
      async folder(name, files) {
        const path = join(folder, name);
        await writeFiles(path, files);
        return path;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The command line as it is in this checkout; dist/ may be older, or being built. */
async function installCli(root: string, folder: string): Promise<string> {
  const files = await bundleCli(root, FULL);
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  return join(folder, 'aws-deploy.js');
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What a job on CircleCI would have, as far as a release looks at it; of this machine only what finds programs. */
function childEnvironment(home: string, endpoint: string): Record<string, string> {
  const { PATH = '', DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG = join(homedir(), '.docker') } = process.env;
  return {
    PATH,
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    DOCKER_CONFIG,
    ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
    ...(DOCKER_CONTEXT === undefined ? {} : { DOCKER_CONTEXT }),
  };
}

interface Run {
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  onLine?: ((line: string) => void) | undefined;
}

/** Rejects with the reason of the signal, after the child has ended. */
async function runCommand(words: readonly string[], { cwd, env, signal, onLine }: Run): Promise<CommandResult> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  const results: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    onLine?.(line);
  };
  createInterface(child.stderr).on('line', take);
  createInterface(child.stdout).on('line', (line) => results.push(line));
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    results.forEach(take);
    return { exitCode: exitCode ?? 1, lines };
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', stop);
  }
}
