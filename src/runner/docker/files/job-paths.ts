import { join, relative, resolve } from 'node:path';
import { DeployError } from '../../../core/errors.ts';
import { isWithin, jobFolder } from '../../job/job-path.ts';
import type { JobPlace } from '../../job-place.ts';
import type { Job } from '../../pipeline/pipeline.ts';
import type { Mount } from '../container/container-arguments.ts';

/** What of this machine lies below the folder of a job for its container. */
export interface JobPaths {
  readonly mounts: readonly Mount[];
  /** Of the tools. */
  readonly tools: string;
  /** The container's /tmp. */
  readonly temp: string;
  /** What lies at the job's working directory, where that is outside of its home. */
  readonly working: Mount | undefined;
}

/**
 * The folder of a job is where it is on this machine. /tmp is one of the job's own, and so is a working directory such as
 * `/app`, so that steps like `store_artifacts` find there what commands wrote; unless the job has no such step: then the
 * working directory is the image's, with what the image has there.
 */
export function jobPaths(job: Pick<Job, 'workingDirectory' | 'steps'>, { folder, home }: JobPlace): JobPaths {
  const below = join(folder, 'container');
  const temp = join(below, 'tmp');
  const target = jobFolder(job.workingDirectory, home);
  const hasOwn = !isWithin(target, folder) && !isWithin(target, '/tmp') && job.steps.some(({ kind }) => kind !== 'run');
  const working = hasOwn && target !== '/' ? { source: join(below, 'working-directory'), target } : undefined;
  return {
    mounts: [{ source: temp, target: '/tmp' }, { source: folder, target: folder }, ...(working ? [working] : [])],
    tools: join(below, 'tools'),
    temp,
    working,
  };
}

/** Where a path of the container is on this machine. Throws a DeployError for what the image alone has. */
export function pathOnHost(path: string, mounts: readonly Mount[], image: string): string {
  const absolute = resolve(path);
  const within = mounts
    .filter(({ target }) => isWithin(absolute, target))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
  if (within) return join(within.source, relative(within.target, absolute));
  throw new DeployError({
    code: 'docker.inside_of_image',
    title: `${path} is inside of the container of ${image}, where the local runner can not reach it`,
    hints: ['Use a path below the home of the job (`~`), its working directory, or /tmp.'],
  });
}
