import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program to run. Arguments and environment are asked for at every run, so that names can be new. */
export interface Contender {
  program: string;
  args(): readonly string[];
  /** On top of the environment that all have. */
  env?(): Readonly<Record<string, string>>;
  /** A program that is to fail, as a usage error does, ends with this. */
  exitCode?: number;
}

export interface Measured {
  median: number;
  min: number;
}

export interface Bench {
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/**
 * Wall time of whole processes in milliseconds: first one of each that does not count, then in turn, so that what
 * disturbs the machine disturbs all alike.
 */
export async function wallTimes<N extends string>(
  contenders: Readonly<Record<N, Contender>>,
  rounds: number,
  bench: Bench,
): Promise<Record<N, Measured>> {
  return inTurn(contenders, rounds, async (contender) => {
    const startedAt = process.hrtime.bigint();
    await runOnce(contender, bench);
    return Number(process.hrtime.bigint() - startedAt) / 1e6;
  });
}

/** Peak memory of whole processes in bytes, as Linux counts it (VmHWM), looked at every millisecond. */
export async function peakMemory<N extends string>(
  contenders: Readonly<Record<N, Contender>>,
  rounds: number,
  bench: Bench,
): Promise<Record<N, Measured>> {
  return inTurn(contenders, rounds, async (contender) => {
    let peak = 0;
    let timer: NodeJS.Timeout | undefined;
    await runOnce(contender, bench, (pid) => {
      timer = setInterval(() => {
        peak = Math.max(peak, highWaterMark(pid));
      }, 1);
    });
    clearInterval(timer);
    return peak;
  });
}

async function inTurn<N extends string>(
  contenders: Readonly<Record<N, Contender>>,
  rounds: number,
  measure: (contender: Contender) => Promise<number>,
): Promise<Record<N, Measured>> {
  const entries = Object.entries(contenders) as [N, Contender][];
  const values = new Map<N, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, contender] of entries) {
      const value = await measure(contender);
      if (round > 0) values.get(name)?.push(value);
    }
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, summary(all)])) as Record<N, Measured>;
}

function summary(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]];
  return { median: (low + high) / 2, min: sorted[0] ?? 0 };
}

/**
 * Runs a program to its end. Throws with what it printed when it ends otherwise than it should. What it prints goes to a
 * file: reading a pipe would wake this process up, on a machine that may have few processors.
 */
export async function runOnce(contender: Contender, bench: Bench, started?: (pid: number) => void): Promise<void> {
  const { program, exitCode = 0 } = contender;
  const printed = join(bench.cwd, 'printed.txt');
  const output = openSync(printed, 'w');
  try {
    const child = spawn(program, contender.args(), {
      env: { ...bench.env, ...contender.env?.() },
      cwd: bench.cwd,
      stdio: ['ignore', output, output],
    });
    if (child.pid !== undefined) started?.(child.pid);
    const [ended] = (await once(child, 'exit')) as [number | null];
    if (ended !== exitCode) throw new Error(`${program} ended with ${ended}:\n${readFileSync(printed, 'utf8')}`);
  } finally {
    closeSync(output);
  }
}

function highWaterMark(pid: number): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
