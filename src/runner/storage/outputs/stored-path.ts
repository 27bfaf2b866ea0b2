import { isAbsolute, posix, relative } from 'node:path';
import { isWithin } from '../../job/job-path.ts';
import type { JobWorld } from '../../job-world.ts';
import { writtenPath } from '../job-folders.ts';

/**
 * Where a step's path is stored, relative: as written, which for an absolute path is all of it, as on CircleCI. What is
 * in the job's home is relative to that, as the home's own place means nothing to anyone.
 */
export function storedPath(path: string, world: JobWorld): string {
  const { home } = world.place;
  const absolute = writtenPath(path, world);
  const inHome = isWithin(absolute, home);
  const isRelative = !isAbsolute(path) && !path.startsWith('~');
  return cleanPath(isRelative ? path : inHome ? relative(home, absolute) : absolute);
}

/** A path that leads nowhere but down. */
export function cleanPath(path: string): string {
  return posix.normalize(`/${path}`).replaceAll(/^\/+|\/+$/g, '');
}
