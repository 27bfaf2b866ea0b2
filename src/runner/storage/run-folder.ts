import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAbandoned, TEMPORARY } from './files/atomic-write.ts';
import { removeTree } from './files/remove-tree.ts';
import { hasCode, isErrno, storageError } from './storage-error.ts';

/** So many runs are kept; older ones are removed when a new one starts. */
const KEPT_RUNS = 50;

export interface RunFolder {
  readonly number: number;
  readonly path: string;
}

/**
 * Makes the folder of a new run, `<localFolder>/runs/<n>`, and keeps git away from all of `localFolder`. Runs that start
 * at the same time get different numbers.
 * @param localFolder `.circleci/local` of the user's checkout, absolute
 */
export async function openRunFolder(localFolder: string, kept: number = KEPT_RUNS): Promise<RunFolder> {
  try {
    const runs = join(localFolder, 'runs');
    await mkdir(runs, { recursive: true });
    await ignoreAll(localFolder);
    const numbers = await runNumbers(runs);
    const run = await takeNumber(runs, Math.max(0, ...numbers) + 1);
    await prune(
      runs,
      numbers.filter((number) => number <= run.number - kept),
    );
    return run;
  } catch (error) {
    throw isErrno(error) ? storageError(`the folder for a new run can not be made in ${localFolder}`, error) : error;
  }
}

/** Workspaces are needed only while their run goes on. */
export async function removeWorkspaces(runFolder: string): Promise<void> {
  await removeTree(workspacesFolder(runFolder));
}

export function workspacesFolder(runFolder: string): string {
  return join(runFolder, 'workspace');
}

async function takeNumber(runs: string, first: number): Promise<RunFolder> {
  for (let number = first; ; number += 1) {
    const path = join(runs, String(number));
    try {
      await mkdir(path);
      return { number, path };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

/** What can't be removed, as files of another user, is no reason to run nothing: the next run tries again. */
async function prune(runs: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const leaving = join(runs, `${TEMPORARY}${number}`);
    await unlessRefused(async () => {
      await rename(join(runs, String(number)), leaving);
      await removeTree(leaving);
    });
  }
  await unlessRefused(() => removeAbandoned(runs, Date.now()));
}

async function unlessRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

async function runNumbers(runs: string): Promise<number[]> {
  return (await readdir(runs)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

/** The folder holds secrets of contexts, so git must not see it before anything else is in it. */
export async function ignoreAll(localFolder: string): Promise<void> {
  try {
    await writeFile(join(localFolder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
