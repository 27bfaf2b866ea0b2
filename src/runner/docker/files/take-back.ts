import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mountText } from '../container/container-arguments.ts';
import { GIVE } from '../container/container-scripts.ts';
import { reasonOf, type Docker } from '../engine/docker-program.ts';

export interface TakingBack {
  readonly docker: Docker;
  /** Image with `chown`: the job's own. */
  readonly image: string;
  readonly folder: string;
  /** Number of the runner's user, as a container sees it. */
  readonly runner: string;
  readonly say: (text: string) => void;
}

/**
 * Makes what steps wrote as another user this user's, so that it can be removed. In a container of its own, in which nothing
 * else runs that could write more.
 */
export async function takeBack({ docker, image, folder, runner, say }: TakingBack): Promise<void> {
  if (!(await hasFoldersOfOthers(folder))) return;
  const container = ['--rm', '--network', 'none', '--user', '0', '--security-opt', 'label=disable'];
  const mount = ['--mount', mountText({ source: folder, target: folder })];
  const chown = ['--entrypoint', '/bin/sh', image, '-c', GIVE, 'sh', runner, folder];
  const end = await docker.run(['run', ...container, ...mount, ...chown]);
  if (end.code !== 0) say(`What steps wrote in ${folder} as another user stays: ${reasonOf(end)}`);
}

/** Is there a folder that another user made? What is in it can't be removed by this one. */
async function hasFoldersOfOthers(folder: string, user = process.getuid?.()): Promise<boolean> {
  if (user === undefined || user === 0) return false;
  if ((await lstat(folder)).uid !== user) return true;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && (await hasFoldersOfOthers(join(folder, entry.name), user))) return true;
  }
  return false;
}
