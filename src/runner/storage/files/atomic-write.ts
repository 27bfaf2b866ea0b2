import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../storage-error.ts';
import { removeTree } from './remove-tree.ts';

/** Writes a file so that whoever reads it sees all of it or none; its folder has to exist. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await inPlace(path, (temporary) => writeFile(temporary, content, { flag: 'wx' }));
}

/** Copies a file so that its copy is there as a whole or not at all. A link is copied as the file that it points to. */
export async function copyFileAtomic(from: string | Buffer, to: string, mode: number): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await inPlace(to, async (temporary) => {
    await copyFile(from, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(temporary, mode);
  });
}

/**
 * Makes a folder under another name, and gives it its own when it is complete. False when there is already one with
 * something in it, which stays as it is.
 */
export async function makeFolderAtomic(path: string, fill: (temporary: string) => Promise<void>): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    await mkdir(temporary);
    await fill(temporary);
    return await takesName(temporary, path);
  } finally {
    await removeTree(temporary);
  }
}

async function takesName(temporary: string, path: string): Promise<boolean> {
  try {
    await rename(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** What has not got its name yet is called so. */
export const TEMPORARY = '.incomplete-';

/** Nothing takes so long to write. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** Removes what runs that were killed have left in a folder; `now` is in milliseconds since 1970. */
export async function removeAbandoned(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats && now - stats.mtimeMs > ABANDONED_MS) await removeTree(path);
  }
}

async function inPlace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `${TEMPORARY}${randomBytes(6).toString('hex')}-${basename(path).slice(0, 40)}`);
}
