import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Docker } from './docker-program.ts';

/** Which process of which machine a container belongs to. */
const OWNER = 'aws-deploy.local-run.owner';

export function ownerLabel(): Record<string, string> {
  return { [OWNER]: [hostname(), process.pid, startOf(process.pid)].join(' ') };
}

/** Removes the containers of runs of this machine that were killed. Gives how many there were. */
export async function removeContainersOfDeadRuns(docker: Docker): Promise<number> {
  const format = `{{.ID}} {{.Label "${OWNER}"}}`;
  const listed = await docker.run(['ps', '--all', '--filter', `label=${OWNER}`, '--format', format]);
  const dead = listed.stdout.split('\n').flatMap((line) => {
    const [id = '', machine, processId, start = ''] = line.split(' ');
    return id !== '' && machine === hostname() && isOver(Number(processId), start) ? [id] : [];
  });
  if (dead.length > 0) await docker.run(['rm', '--force', '--volumes', ...dead]);
  return dead.length;
}

function isOver(processId: number, start: string): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return startOf(processId) !== start;
}

/** When a process started, in ticks since the machine did (proc(5)), as its number may be another's by now; empty elsewhere. */
function startOf(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
