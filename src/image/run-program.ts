import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ProgramOptions {
  /** The whole environment of the program. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** For its standard input, which is empty otherwise. */
  input?: string;
  /** Told every line of either output as it comes. */
  onLine?: (line: string) => void;
  /** Ends the program after so long. */
  timeoutMs?: number;
}

/** How a program ended. `missing`: there is none of that name. */
export type ProgramEnd =
  | { kind: 'missing' }
  | { kind: 'timed-out' }
  | { kind: 'exited'; code: number; stdout: string; lines: readonly string[] };

/** A stuck program gets so long to tidy up after SIGTERM. */
const GRACE_MS = 5000;
const KEPT_LINES = 400;

/** Runs a program with an argument array, never through a shell. Rejects with the signal's reason when that ends it. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramEnd> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let timedOut = false;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => ((timedOut = true), stop()), options.timeoutMs);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    // A program that does not read its input closes it early; that is its own business.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    const stdout: string[] = [];
    const lines: string[] = [];
    const collect = async (stream: Readable, all?: string[]): Promise<void> => {
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        all?.push(line);
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        options.onLine?.(line);
      }
    };
    const ended = new Promise<number | undefined>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? resolve(undefined) : reject(error),
      );
      child.on('close', (code) => resolve(code ?? 1));
    });
    const [code] = await Promise.all([ended, collect(child.stdout, stdout), collect(child.stderr)]);
    options.signal?.throwIfAborted();
    if (timedOut) return { kind: 'timed-out' };
    return code === undefined ? { kind: 'missing' } : { kind: 'exited', code, stdout: stdout.join('\n'), lines };
  } finally {
    options.signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
    clearTimeout(killTimer);
  }
}
