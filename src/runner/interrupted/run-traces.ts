import { randomUUID } from 'node:crypto';
import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { MARK } from '../shell/marked-processes.ts';
import { identityOf, type ProcessIdentity } from '../shell/process-identity.ts';
import { writeFileAtomic } from '../storage/files/atomic-write.ts';

/** What a run has outside of its folder, and what must be gone when it is over. */
export interface RunTraces {
  readonly runner: ProcessIdentity;
  /** With this the mark of every process of its jobs begins. */
  readonly mark: string;
  /** Holds the folders of its jobs. */
  readonly jobsFolder: string;
}

const FILE = 'running.json';
const PREFIX = 'aws-deploy-run-';

/**
 * Makes the folder that a run's jobs lie in, and writes into the run's own what somebody has to know who clears up after a
 * run that was killed.
 * @param env of this process: a run within a job of another has that one's mark in front of its own
 */
export async function leaveTraces(
  runFolder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RunTraces> {
  const traces: RunTraces = {
    runner: identityOf(process.pid),
    mark: `${env[MARK] ?? ''}${randomUUID()}.`,
    jobsFolder: await makeJobsFolder(),
  };
  try {
    await writeFileAtomic(join(runFolder, FILE), `${JSON.stringify(traces)}\n`);
  } catch (error) {
    await rmdir(traces.jobsFolder);
    throw error;
  }
  return traces;
}

async function makeJobsFolder(): Promise<string> {
  try {
    return await realpath(await mkdtemp(join(tmpdir(), PREFIX)));
  } catch (cause) {
    throw new DeployError({
      code: 'run.no_job_folder',
      title: `the folders of jobs can not be made in ${tmpdir()}`,
      message: String(cause),
      hints: ['Jobs have temporary folders; TMPDIR says where. Is the disk full, or not writable?'],
      cause,
    });
  }
}

/** To be called when all that the traces name is gone. */
export function removeTraces(runFolder: string): void {
  rmSync(join(runFolder, FILE), { force: true });
}

/** The runs that are not over, or were killed, by their folders below `runs`. */
export async function findTraces(runs: string): Promise<ReadonlyMap<string, RunTraces>> {
  const names = await readdir(runs).catch(() => []);
  const found = await Promise.all(names.map((name) => readTraces(join(runs, name))));
  return new Map(found.filter((each) => each !== undefined));
}

/** Undefined also for what is not as a run leaves it. */
async function readTraces(runFolder: string): Promise<[string, RunTraces] | undefined> {
  const text = await readFile(join(runFolder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isTraces(value) ? [runFolder, value] : undefined;
  } catch {
    return undefined;
  }
}

function isTraces(value: unknown): value is RunTraces {
  if (!isJsonObject(value) || !isJsonObject(value['runner'])) return false;
  const { runner, mark, jobsFolder } = value;
  const { id, start } = runner as { id?: unknown; start?: unknown };
  return (
    Number.isInteger(id) &&
    Number(id) > 0 &&
    typeof start === 'string' &&
    typeof mark === 'string' &&
    /^(?:[0-9a-f-]{36}\.)+$/.test(mark) &&
    typeof jobsFolder === 'string'
  );
}

/**
 * Is this a folder that a run of this user has made, and still there? It is asked before it is removed: a repository may
 * have brought the file that names it.
 */
export function isJobsFolder(path: string): boolean {
  if (dirname(path) !== realpathSync(tmpdir()) || !/^aws-deploy-run-[A-Za-z0-9]{6}$/.test(basename(path))) return false;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && stats.uid === process.getuid?.();
}
