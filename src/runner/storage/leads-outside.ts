import { realpath } from 'node:fs/promises';
import { isWithin } from '../job/job-path.ts';
import type { JobWorld } from '../job-world.ts';
import { bytePath, onDisk, type BytePath } from './files/byte-path.ts';
import { jobRoots } from './job-folders.ts';

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
