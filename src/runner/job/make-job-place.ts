import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import type { JobPlace } from '../job-place.ts';
import { removeTree } from '../storage/files/remove-tree.ts';

/** Makes the folders of one node of a job in a folder of its run, for this user only. `BASH_ENV` is not there until a step writes it, as on CircleCI. */
export async function makeJobPlace(below: string): Promise<JobPlace> {
  try {
    const folder = await realpath(await mkdtemp(join(below, 'job-')));
    const place: JobPlace = {
      folder,
      home: join(folder, 'home'),
      temp: join(folder, 'tmp'),
      bashEnv: join(folder, 'bash-env'),
      control: join(folder, 'control'),
    };
    for (const each of [place.home, place.temp, place.control]) await mkdir(each, { mode: 0o700 });
    return place;
  } catch (cause) {
    throw new DeployError({
      code: 'run.no_job_folder',
      title: `the folders of a job can not be made in ${below}`,
      message: String(cause),
      hints: ['Every job has a temporary folder; TMPDIR says where. Is the disk full, or not writable?'],
      cause,
    });
  }
}

/** Removes the folders of a job with everything in them. Throws a DeployError that names the folder when something stays. */
export async function removeJobPlace({ folder }: JobPlace): Promise<void> {
  try {
    await removeTree(folder);
  } catch (cause) {
    throw new DeployError({
      code: 'run.job_folder_stays',
      title: `the folder of a job can not be removed: ${folder}`,
      message: String(cause),
      hints: ['It may hold files of another user, as containers write them. Remove it by hand.'],
      cause,
    });
  }
}
