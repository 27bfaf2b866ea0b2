import { open, realpath, type FileHandle } from 'node:fs/promises';
import { platform } from 'node:os';
import { DeployError } from '../../core/errors.ts';
import { isWithin } from '../job/job-path.ts';
import type { JobWorld } from '../job-world.ts';
import type { ArchiveDisk } from './archive/write-archive.ts';
import { copyFileAtomic } from './files/atomic-write.ts';
import { bytePath, onDisk, type BytePath } from './files/byte-path.ts';
import { jobRoots, shownPath } from './job-folders.ts';

/** How a step says why it leaves a path out. */
export const LEADS_OUTSIDE = "leads outside of the job's folders";

/**
 * Says that links lead from a path of a job in a container to what only this machine has: the container's `/etc/passwd`
 * is another one. A job without a container has all that the user has. What is not there leads nowhere.
 */
export async function leadsOutside(path: BytePath, world: JobWorld): Promise<boolean> {
  if (!world.host.hostPath) return false;
  const real = await realBytes(path);
  if (real === undefined) return false;
  const roots = await Promise.all(jobRoots(world).map((root) => realBytes(bytePath(root))));
  return !roots.some((root) => root !== undefined && isWithin(real, root));
}

async function realBytes(path: BytePath): Promise<BytePath | undefined> {
  return realpath(onDisk(path), { encoding: 'latin1' }).catch(() => undefined);
}

/** A disk of which only files of the job are read, also when a step in the background puts links in their place meanwhile. */
export function jobDisk(disk: ArchiveDisk, world: JobWorld): ArchiveDisk {
  return {
    ...disk,
    source: async (path) => {
      const file = await disk.source(path);
      await checkOpened(file, path, world);
      return file;
    },
  };
}

/** Copies a file of the job, and no other that a step puts a link to in its place meanwhile. */
export async function copyOfJob(from: BytePath, to: string, mode: number, world: JobWorld): Promise<void> {
  if (!world.host.hostPath) return copyFileAtomic(onDisk(from), to, mode);
  const file = await open(onDisk(from), 'r');
  try {
    await checkOpened(file, onDisk(from), world);
    await copyFileAtomic(OPEN_FILES === undefined ? onDisk(from) : `${OPEN_FILES}/${file.fd}`, to, mode);
  } finally {
    await file.close();
  }
}

/** Where Linux has the files that this process has open, as links to what they are: nobody changes these. */
const OPEN_FILES = platform() === 'linux' ? '/proc/self/fd' : undefined;

/** @throws DeployError, and closes the file */
async function checkOpened(file: FileHandle, path: Buffer, world: JobWorld): Promise<void> {
  const opened = OPEN_FILES === undefined ? path : Buffer.from(`${OPEN_FILES}/${file.fd}`);
  if (!(await leadsOutside(opened.toString('latin1'), world))) return;
  await file.close();
  const shown = shownPath(path.toString('utf8'), world);
  throw new DeployError({
    code: 'run.outside_of_job',
    title: `${shown} ${LEADS_OUTSIDE}`,
    hints: ['A step in the background has put a link there while the folder was read: let it end first.'],
  });
}
