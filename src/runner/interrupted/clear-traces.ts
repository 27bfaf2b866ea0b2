import { rmSync } from 'node:fs';
import { killProcessesNow } from '../shell/end-processes.ts';
import { removeTree } from '../storage/files/remove-tree.ts';
import { removeTraces, type RunTraces } from './run-traces.ts';

/** To be called when a run is over and its jobs have ended. */
export async function clearTraces(runFolder: string, { jobsFolder }: RunTraces): Promise<void> {
  await removeTree(jobsFolder).catch(() => {
    // The job whose files could not be removed has said so.
  });
  removeTraces(runFolder);
}

/**
 * Kills what runs and removes the folders of jobs, before the process ends that can wait for nothing. What stays is cleared
 * by the next run.
 */
export function clearTracesNow(runFolder: string, { mark, jobsFolder }: RunTraces): void {
  killProcessesNow(mark);
  try {
    rmSync(jobsFolder, { recursive: true, force: true });
  } catch {
    return;
  }
  removeTraces(runFolder);
}
