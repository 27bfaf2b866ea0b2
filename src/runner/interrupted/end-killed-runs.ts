import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { endProcesses } from '../shell/end-processes.ts';
import { markedProcesses } from '../shell/marked-processes.ts';
import { isOver } from '../shell/process-identity.ts';
import { removeTree } from '../storage/files/remove-tree.ts';
import { removeWorkspaces } from '../storage/run-folder.ts';
import { findTraces, isJobsFolder, removeTraces } from './run-traces.ts';

/** A run whose runner was killed, and what it had left. */
export interface KilledRun {
  /** Its number. */
  readonly run: string;
  readonly processes: number;
}

const GRACE_MS = 2000;

/**
 * Ends the processes and removes the folders that killed runs of this checkout have left. What can't be removed stays for
 * the next run.
 * @param localFolder `.circleci/local`
 */
export async function endKilledRuns(localFolder: string, clock: Clock): Promise<KilledRun[]> {
  const killed: KilledRun[] = [];
  for (const [folder, { runner, mark, jobsFolder }] of await findTraces(join(localFolder, 'runs'))) {
    if (!isOver(runner)) continue;
    const processes = (await markedProcesses(mark)).length;
    const left = await endProcesses(mark, { clock, graceMs: GRACE_MS });
    try {
      if (isJobsFolder(jobsFolder)) await removeTree(jobsFolder);
      await removeWorkspaces(folder);
      if (left.length === 0) removeTraces(folder);
    } catch {
      // Files of another user, as containers write them.
    }
    killed.push({ run: folder.slice(folder.lastIndexOf('/') + 1), processes: processes - left.length });
  }
  return killed;
}
