import { spawn, type ChildProcess } from 'node:child_process';
import { DeployError } from '../../../core/errors.ts';
import { EXIT } from '../../../core/exit-codes.ts';

/** The docker client of this machine, or one that takes the same arguments (Podman's). */
export interface Docker {
  /** Runs it to its end. Rejects with a DeployError when there is none, and with the signal's reason when that ends it. */
  run(args: readonly string[], options?: DockerOptions): Promise<DockerEnd>;
  /** Starts it, for what goes on. Nothing of it is a terminal, and a terminal's signals don't reach it. */
  start(args: readonly string[], options?: DockerStart): ChildProcess;
}

export interface DockerOptions {
  /** In addition to the client's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told every line of either output as it comes. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface DockerStart {
  readonly env?: Readonly<Record<string, string>>;
  /** `pipe` gives the caller its input; it has none otherwise. */
  readonly stdin?: 'pipe';
}

export interface DockerEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `env` is the whole environment of the client, by which it finds its engine, settings and logins. */
export function dockerProgram(env: Readonly<Record<string, string | undefined>>): Docker {
  const start: Docker['start'] = (args, options = {}) =>
    spawn('docker', args, {
      env: { ...env, ...options.env },
      stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the runner, which then ends what is in the container.
      detached: true,
    });
  return { start, run: (args, options = {}) => runToEnd(start(args, options), options) };
}

async function runToEnd(child: ChildProcess, { onLine, signal }: DockerOptions): Promise<DockerEnd> {
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    let open = '';
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
      const lines = (open + chunk).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? noProgram() : error));
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
    });
    signal?.throwIfAborted();
    return { code, ...texts };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function noProgram(): DeployError {
  return new DeployError({
    code: 'docker.missing',
    title: 'there is no docker program here',
    hints: [
      'Install Docker, or Podman with its docker command, and see to it that it is on PATH.',
      'Without --docker, jobs run on this machine itself.',
    ],
    exitCode: EXIT.notFound,
  });
}

/** What docker had to say, in one line: its last words, without what it says before every error. */
export function reasonOf({ stderr, stdout, code }: DockerEnd): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '' && !/^(?:See 'docker|Run 'docker)/.test(line));
  return (
    last?.replace(/^(?:docker: |Error response from daemon: |Error: )+/, '').replace(/\.$/, '') ??
    `docker ended with exit code ${code}`
  );
}
