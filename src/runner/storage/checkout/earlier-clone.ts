import { constants } from 'node:fs';
import { cp, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytePath, type BytePath } from '../files/byte-path.ts';
import { FolderBelow } from '../files/folder-below.ts';
import { removeTree } from '../files/remove-tree.ts';
import { hasCode } from '../storage-error.ts';
import { GitFailure, runGit, type GitCall } from './git.ts';
import { removeWithParents } from './uncommitted-files.ts';

/**
 * The files that a job's clone has in its index, which git has to remove where the commit is without them. Only the list is
 * read, in another repository; none when there is no index, or git can't read it there.
 * @param gitFolder `.git` of the job's clone
 * @param call in a repository that has no index yet
 */
export async function filesKnownTo(
  gitFolder: string,
  call: GitCall & { readonly gitFolder: string },
): Promise<BytePath[]> {
  const bytes = await plainFile(join(gitFolder, 'index'));
  if (!bytes) return [];
  const copy = join(call.gitFolder, 'index');
  await writeFile(copy, bytes, { flag: 'wx' });
  try {
    return (await indexFiles(call)).filter(leadsDown);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return [];
  } finally {
    await rm(copy, { force: true });
  }
}

/** Removes files of an earlier commit that the one that is checked out now is without. */
export async function removeUnknown(earlier: readonly BytePath[], folder: string, call: GitCall): Promise<void> {
  if (earlier.length === 0) return;
  const current = new Set(await indexFiles(call));
  const below = new FolderBelow(bytePath(folder));
  for (const path of earlier) if (!current.has(path)) await removeWithParents(path, below);
}

/** What git itself does not look at here, and is slow to bring again. */
const KEPT: readonly string[] = ['modules', 'lfs'];

/** Makes room for a new `.git`, which takes over what submodules and Git LFS have in the old one. */
export async function replaceClone(earlier: string, gitFolder: string): Promise<void> {
  for (const name of KEPT) {
    const stats = await lstat(join(earlier, name)).catch(() => undefined);
    if (stats?.isDirectory()) await moveFolder(join(earlier, name), join(gitFolder, name));
  }
  await removeTree(earlier);
}

/** Moves a folder, also to another disk. Links stay as they are. */
export async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await removeTree(from);
  }
}

async function indexFiles(call: GitCall): Promise<BytePath[]> {
  const output = await runGit(['ls-files', '-z', '--cached', '--full-name'], call);
  return output.toString('latin1').split('\0').slice(0, -1);
}

/** Whoever wrote an index may have put any path into it. */
function leadsDown(path: BytePath): boolean {
  return path.split('/').every((part) => !/^(?:|\.|\.\.|\.git)$/i.test(part));
}

/** Undefined for what is no file: a pipe would never end, and a link leads anywhere. */
async function plainFile(path: string): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (!file) return undefined;
  try {
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}
