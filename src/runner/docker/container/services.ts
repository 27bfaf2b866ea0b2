import type { DockerImage } from '../../pipeline/pipeline.ts';
import type { ContainerPlan } from './container-arguments.ts';
import { reasonOf, type Docker } from '../engine/docker-program.ts';
import { removeContainers, startService } from './start-container.ts';

export interface Services {
  /** Gives the reason when one stays. */
  remove(): Promise<string | undefined>;
}

const LAST_LINES = 5;

/** Starts the services of a job, and says when one of them ends before the job does. Throws a DeployError, with none left behind. */
export async function startServices(
  docker: Docker,
  plans: readonly ContainerPlan[],
  say: (text: string) => void,
): Promise<Services> {
  const ids: string[] = [];
  const waits: Promise<void>[] = [];
  const over = new AbortController();
  try {
    for (const plan of plans) {
      const id = await startService(docker, plan);
      ids.push(id);
      waits.push(sayWhenOver(docker, { id, image: plan.image }, { say, signal: over.signal }));
    }
  } catch (error) {
    over.abort();
    await removeContainers(docker, ids);
    throw error;
  }
  return {
    async remove() {
      over.abort();
      const reason = await removeContainers(docker, ids);
      await Promise.all(waits);
      return reason;
    },
  };
}

async function sayWhenOver(
  docker: Docker,
  { id, image }: { id: string; image: DockerImage },
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  try {
    const waited = await docker.run(['wait', id], { signal });
    const logs = await docker.run(['logs', '--tail', String(LAST_LINES), id], { signal });
    if (waited.code !== 0) return;
    const name = image.name === undefined ? image.image : `${image.name} (${image.image})`;
    const said = `${logs.stdout}${logs.stderr}`.trimEnd();
    say(
      `The service ${name} ended with exit code ${waited.stdout.trim() || reasonOf(waited)}.` +
        ' All containers use the ports of this machine: another one, or a program here, may have its port.' +
        (said === '' ? '' : ` Its last words:\n${said}`),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
