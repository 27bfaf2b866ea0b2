import { hostname } from 'node:os';
import { identityOf, isOver } from '../../shell/process-identity.ts';
import type { Docker } from './docker-program.ts';

/** Which process of which machine a container belongs to. */
const OWNER = 'aws-deploy.local-run.owner';

export function ownerLabel(): Record<string, string> {
  return { [OWNER]: [hostname(), process.pid, identityOf(process.pid).start].join(' ') };
}

/** Removes the containers of runs of this machine that were killed. Gives how many there were. */
export async function removeContainersOfDeadRuns(docker: Docker): Promise<number> {
  const format = `{{.ID}} {{.Label "${OWNER}"}}`;
  const listed = await docker.run(['ps', '--all', '--filter', `label=${OWNER}`, '--format', format]);
  const dead = listed.stdout.split('\n').flatMap((line) => {
    const [container = '', machine, id, start = ''] = line.split(' ');
    return container !== '' && machine === hostname() && isOver({ id: Number(id), start }) ? [container] : [];
  });
  if (dead.length > 0) await docker.run(['rm', '--force', '--volumes', ...dead]);
  return dead.length;
}
