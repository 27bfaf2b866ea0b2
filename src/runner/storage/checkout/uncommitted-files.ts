import { constants } from 'node:fs';
import { chmod, copyFile, lstat, readlink, symlink } from 'node:fs/promises';
import { bytePath, joined, onDisk, parentOf, textOf, type BytePath } from '../files/byte-path.ts';
import { FolderBelow } from '../files/folder-below.ts';
import { runGit, type GitCall } from './git.ts';
import { hasCode } from '../storage-error.ts';

export interface Uncommitted {
  readonly deleted: readonly BytePath[];
  /** Modified or added, and not ignored. */
  readonly present: readonly BytePath[];
}

/** What differs between the files of a repository, or of a folder in it, and a commit. Paths are relative to the folder. */
export async function findUncommitted(folder: string, commit: string, signal: AbortSignal): Promise<Uncommitted> {
  const call: GitCall = { cwd: folder, userSettings: true, signal };
  const compare = [
    'diff',
    '--name-status',
    '-z',
    '--relative',
    '--no-renames',
    '--no-ext-diff',
    '--ignore-submodules=all',
    commit,
    '--',
  ];
  const [changes, untracked] = await Promise.all([
    runGit(compare, call),
    runGit(['ls-files', '-z', '--others', '--exclude-standard'], call),
  ]);
  const words = listed(changes);
  const deleted: BytePath[] = [];
  const present: BytePath[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [status = '', path = ''] = words.slice(at, at + 2);
    (status === 'D' ? deleted : present).push(path);
  }
  return { deleted, present: [...present, ...listed(untracked)] };
}

/** Makes a fresh clone the same as the user's files. What is a repository of its own in there is left out, and told. */
export async function applyUncommitted(
  { deleted, present }: Uncommitted,
  from: string,
  to: string,
  leftOut: (path: string) => void,
): Promise<void> {
  const clone = new FolderBelow(bytePath(to));
  for (const path of deleted) await removeWithParents(path, clone);
  for (const path of present) {
    const source = joined(bytePath(from), path);
    const stats = await lstat(onDisk(source)).catch((error: unknown) => {
      // Gone since git has listed it: so it is deleted now.
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    });
    if (stats?.isDirectory()) leftOut(textOf(path));
    else if (!stats) await removeWithParents(path, clone);
    else {
      await clone.makeRoom(path);
      if (stats.isSymbolicLink()) await symlink(await readlink(onDisk(source), { encoding: 'buffer' }), clone.at(path));
      else {
        await copyFile(onDisk(source), clone.at(path), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await chmod(clone.at(path), stats.mode & 0o777);
      }
    }
  }
}

/** Removes a file as git does: a folder goes with the last file in it. What lies behind a link stays. */
export async function removeWithParents(path: BytePath, clone: FolderBelow): Promise<void> {
  for (let gone = path; gone !== ''; gone = parentOf(gone)) {
    try {
      await clone.remove(gone);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return;
      throw error;
    }
  }
}

function listed(output: Buffer): BytePath[] {
  return output.toString('latin1').split('\0').slice(0, -1);
}
