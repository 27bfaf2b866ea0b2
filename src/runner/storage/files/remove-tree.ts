import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../storage-error.ts';

/**
 * Removes a folder with all that is in it, also where a job took away the permission to, as Go does with its module cache, or
 * still puts something in. Links are removed, never followed. Gone already is fine.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'ENOTEMPTY')) throw error;
    await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * What is gone already is fine: `rm` goes on with other folders after it has failed in one. What is somebody else's stays
 * closed: whether it can be removed is a matter of the folder that it is in.
 */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(passOver);
  const entries = await readdir(folder, { withFileTypes: true }).catch(passOver);
  const folders = (entries ?? []).filter((entry) => entry.isDirectory());
  await Promise.all(folders.map(({ name }) => openFolders(join(folder, name))));
}

function passOver(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
}
