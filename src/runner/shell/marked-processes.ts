import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** The environment variable that every process of a job has, and that tells which job and which command it belongs to. */
export const MARK = 'AWS_DEPLOY_LOCAL_JOB';

/**
 * The ids of all running processes whose mark begins with `mark`, and of the children of those. A process that no longer
 * has its environment and whose parent is gone is not found (`env -i nohup …`, and nginx, which writes over it).
 */
export function markedProcesses(mark: string): Promise<number[]> {
  return process.platform === 'linux' ? fromProc(mark) : fromPs(mark);
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly marked: boolean;
}

async function fromProc(mark: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map((id) => readProcess(id, mark)));
  return withChildren(found.filter((each) => each !== undefined));
}

async function readProcess(id: string, mark: string): Promise<Process | undefined> {
  const [environment, stat] = await Promise.all(
    ['environ', 'stat'].map((file) => readFile(`/proc/${id}/${file}`, 'latin1').catch(() => '')),
  );
  return processOf(id, { environment: environment ?? '', stat: stat ?? '', mark });
}

/** proc(5). What ended meanwhile, or belongs to others, is left out; a zombie has no environment. */
function processOf(
  id: string,
  { environment, stat, mark }: { environment: string; stat: string; mark: string },
): Process | undefined {
  if (stat === '') return undefined;
  // The name of the program may hold spaces and brackets; state and parent follow its last bracket.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { id: Number(id), parent: Number(parent), marked: `\0${environment}`.includes(`\0${MARK}=${mark}`) };
}

/** The same at once, for a process that is about to end. */
export function markedProcessesNow(mark: string): number[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', PS, { encoding: 'utf8', maxBuffer: LARGEST_PS });
    return withChildren(readPs(stdout, mark));
  }
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = ids.map((id) =>
    processOf(id, { environment: readNow(`/proc/${id}/environ`), stat: readNow(`/proc/${id}/stat`), mark }),
  );
  return withChildren(found.filter((each) => each !== undefined));
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const PS: readonly string[] = ['-axwwE', '-o', 'pid=,ppid=,command='];
const LARGEST_PS = 64 * 1024 * 1024;

/** macOS, BSD: `ps` prints the environment of the user's own processes behind the command. */
async function fromPs(mark: string): Promise<number[]> {
  const text = await new Promise<string>((resolve) => {
    execFile('ps', PS, { maxBuffer: LARGEST_PS }, (_error, stdout) => resolve(stdout));
  });
  return withChildren(readPs(text, mark));
}

/** Reads lines of `pid ppid command and environment`. */
export function readPs(text: string, mark: string): Process[] {
  return text.split('\n').flatMap((line) => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? [];
    return id === undefined
      ? []
      : [{ id: Number(id), parent: Number(parent), marked: ` ${command}`.includes(` ${MARK}=${mark}`) }];
  });
}

function withChildren(processes: readonly Process[]): number[] {
  const ours = new Set(processes.filter(({ marked }) => marked).map(({ id }) => id));
  for (const each of ours) for (const { id, parent } of processes) if (parent === each) ours.add(id);
  ours.delete(process.pid);
  return [...ours];
}
