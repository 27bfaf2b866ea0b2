import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { FuzzLine } from './fuzz-process.ts';

/** What one compilation and all that is printed of it may have, in megabytes of heap. */
const MOST_MEMORY = 300;

export type Outcome = NonNullable<FuzzLine['outcome']> | 'died';

/**
 * What became of each case, by name. The process has a small heap, in which whatever takes too much memory dies. What takes
 * too much time does not end: that is for the runner's own limit.
 */
export async function fuzz(args: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-fuzz-'));
  try {
    const outfile = join(folder, 'fuzz.mjs');
    const entry = join(process.cwd(), 'test/config/fuzz/support/fuzz-process.ts');
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', sourcemap: 'inline' });
    return await outcomesOf(['--enable-source-maps', `--max-old-space-size=${MOST_MEMORY}`, outfile, ...args]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function outcomesOf(args: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const end = () => child.kill();
  process.once('exit', end);
  const closed = once(child, 'close');
  const outcomes = new Map<string, Outcome>();
  for await (const line of createInterface(child.stdout)) {
    const { name, outcome = 'died' } = JSON.parse(line) as FuzzLine;
    outcomes.set(name, outcome);
  }
  await closed;
  process.off('exit', end);
  return outcomes;
}
