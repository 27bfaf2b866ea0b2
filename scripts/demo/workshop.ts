import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePackageFolder } from '../package-folder.ts';

/** Where a demo is made: a folder of its own, and nothing is written outside of it. */
export interface Workshop {
  /** Absolute. Projects lie in it. */
  folder: string;
  /** The npm package as it would be made of the sources as they are now. */
  packageFolder: string;
  /** For files that don't last. */
  temp: string;
  /** Removes it, but for the projects when they are to be kept. */
  close(keepProjects: boolean): Promise<void>;
}

/** Rejects with the reason of the signal when that has come meanwhile. */
export async function openWorkshop(root: string, signal: AbortSignal): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-demo-'));
  const packageFolder = join(folder, 'package');
  const temp = join(folder, 'temp');
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const close = async (keepProjects: boolean): Promise<void> => {
    process.off('exit', removeNow);
    for (const each of keepProjects ? [packageFolder, temp] : [folder]) {
      await rm(each, { recursive: true, force: true });
    }
  };
  try {
    await mkdir(temp);
    await writePackageFolder(root, packageFolder);
    signal.throwIfAborted();
    return { folder, packageFolder, temp, close };
  } catch (error) {
    await close(false);
    throw error;
  }
}
