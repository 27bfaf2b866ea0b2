import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ActionContext } from '../context.ts';

const run = promisify(execFile);

/** The commit that is being released: CircleCI's, or HEAD of the checkout. Undefined where there is none. */
export async function currentCommit({ job, cwd }: Pick<ActionContext, 'job' | 'cwd'>): Promise<string | undefined> {
  return job.commit ?? (await git(cwd, ['rev-parse', 'HEAD']));
}

/** Seconds since 1970 when the commit was made. Undefined outside a checkout. */
export async function commitTime(cwd: string): Promise<number | undefined> {
  const seconds = Number((await git(cwd, ['log', '-1', '--format=%ct'])) ?? Number.NaN);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', args, { cwd });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
