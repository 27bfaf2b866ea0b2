import { spawn } from 'node:child_process';
import { DeployError } from '../../../core/errors.ts';
import { hasCode } from '../storage-error.ts';

export interface GitCall {
  readonly cwd: string;
  /** Of the repository, where it is not found from `cwd`: then `cwd` is the top of its work tree. */
  readonly gitFolder?: string;
  /** Says that the user's own settings count, as which files git ignores; without it, only those of the repository. */
  readonly userSettings?: boolean;
  readonly signal?: AbortSignal;
}

/** git ended with another exit code than 0. */
export class GitFailure extends Error {
  readonly args: readonly string[];

  constructor(args: readonly string[], message: string) {
    super(message);
    this.args = args;
  }
}

const SETTINGS: readonly string[] = [
  // The user has asked for just this repository, whoever owns it.
  ...['-c', 'safe.directory=*'],
  // What a repository or the user has set up to run at a checkout is no business of a job.
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'advice.detachedHead=false'],
  // `git diff` would write down in the user's index what it has found unchanged, also where locks are optional.
  ...['-c', 'diff.autoRefreshIndex=false'],
  // The log of a clone would hold the path that it was made from.
  ...['-c', 'core.logAllRefUpdates=false'],
];

/**
 * Runs git, and gives what it wrote to standard output. Variables that point git elsewhere are not passed on, no hook
 * runs, nobody is asked for a password, and the repository's index stays untouched by what only reads.
 * @throws GitFailure; DeployError when there is no git
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<Buffer> {
  const { cwd, gitFolder, userSettings = false, signal } = call;
  const folders = gitFolder === undefined ? [] : [`--git-dir=${gitFolder}`, `--work-tree=${cwd}`];
  const child = spawn('git', [...SETTINGS, ...folders, ...args], {
    cwd,
    env: { ...environment(userSettings), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw hasCode(error, 'ENOENT') ? noGit(error) : error;
  });
  if (code === 0) return Buffer.concat(output);
  throw new GitFailure(args, messageOf(Buffer.concat(errors).toString('utf8'), code));
}

/** The same, as text without the line's end. */
export async function askGit(args: readonly string[], call: GitCall): Promise<string> {
  return (await runGit(args, call)).toString('utf8').replace(/\n$/, '');
}

/** GIT_DIR and its like are set in hooks, from which a run may be started. */
function environment(userSettings: boolean): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const nobody = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_LFS_SKIP_SMUDGE: '1' };
  return { ...Object.fromEntries(own), ...(userSettings ? {} : nobody) };
}

function messageOf(errors: string, code: number | null): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '' && !/^(?:hint|warning): /.test(line));
  return lines.length > 0 ? lines.slice(-5).join('\n') : `git ended with exit code ${code}`;
}

function noGit(cause: unknown): DeployError {
  return new DeployError({
    code: 'run.no_git',
    title: 'git is not installed, or not on the PATH',
    hints: ['Install git: jobs run in fresh clones of the repository.'],
    cause,
  });
}
