import { realpath, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import type { CommandHost } from '../command-host.ts';
import { removeTree } from '../storage/files/remove-tree.ts';

/**
 * Writes what a shell is to run into a file of the job's temporary folder. Earlier steps may have put a link there, which
 * would lead this process, not the container's, to a file of the user: it is replaced.
 * @throws DeployError where the folder of a container has become a link
 */
export async function writeCommandFile(path: string, text: string, host: CommandHost): Promise<void> {
  const folder = dirname(path);
  if (host.hostPath && (await realpath(folder)) !== folder) throw movedFolder(folder);
  await removeTree(path);
  await writeFile(path, text, { mode: 0o700, flag: 'wx' });
}

function movedFolder(folder: string): DeployError {
  return new DeployError({
    code: 'run.temporary_folder_moved',
    title: `a step has put a link in the place of TMPDIR, ${folder}`,
    hints: ['The runner writes the commands of steps there. Let the job set TMPDIR to another folder instead.'],
  });
}
