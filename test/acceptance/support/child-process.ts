import { spawn } from 'node:child_process';

/** How a process ended, and everything that it wrote. */
export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  pid: number;
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

export interface Surroundings {
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/** Far above what any of them needs on a busy machine. */
const LONGEST_MS = 50_000;

/**
 * Starts a program without a shell and without an input: with a socket as its input, bash takes itself for a remote
 * shell and reads .bashrc instead of BASH_ENV.
 */
export function start(command: string, args: readonly string[], { env, cwd }: Surroundings): Running {
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${args.join(' ')} did not end\n${texts.stdout}\n${texts.stderr}`));
    }, LONGEST_MS);
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...texts });
    });
  });
  // Whoever waits for it is told; nobody has to.
  ended.catch(() => undefined);
  return { pid: child.pid ?? 0, ended, kill: (signal) => void child.kill(signal) };
}

export function run(command: string, args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(command, args, surroundings).ended;
}

/** The same, once it is sure that it went well. Throws what was said otherwise. */
export function succeeded<E extends { code: number | null } & ({ stderr: string } | { output: string })>(end: E): E {
  if (end.code === 0) return end;
  throw new Error(`exit code ${end.code} instead of 0\n${'output' in end ? end.output : end.stderr}`);
}
