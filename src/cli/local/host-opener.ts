import type { Clock } from '../../core/clock.ts';
import { hostEnvironment } from '../../runner/job/host-environment.ts';
import type { Executor, Job } from '../../runner/pipeline/pipeline.ts';
import type { JobSurroundings } from '../../runner/run-job.ts';
import { hostShell } from '../../runner/shell/host-shell.ts';
import type { World } from '../world.ts';

interface Options {
  readonly docker: boolean;
  readonly toolsFolder: string;
  /** With this the marks of all processes of the run begin. */
  readonly mark: string;
  readonly env: World['env'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Nothing answers there, and what docker says of it says what is missing. */
const NO_ENGINE = 'unix:///no-docker-engine-without-setup_remote_docker';

/** Where the steps of jobs run: on this machine, or with `docker` in the images of the jobs. */
export function hostOpener({ docker, toolsFolder, mark, env, clock, signal }: Options): JobSurroundings['openHost'] {
  if (docker) {
    return async (job, place, say) => {
      const { openDockerHost } = await import('../../runner/docker/open-docker-host.ts');
      return openDockerHost(job, place, { toolsFolder, env, clock, say, signal });
    };
  }
  const environment = hostEnvironment(env);
  return async (job, place, say) => {
    const services = servicesOf(job.executor);
    if (services.length > 0) say(`The services ${services.join(', ')} are not started: they need --docker.`);
    return {
      host: hostShell({
        folder: place.folder,
        mark,
        clock,
        leftBehind: (ids) => say(`These processes could not be ended: ${ids.join(', ')}`),
      }),
      environment: hasEngine(job) ? environment : { ...environment, DOCKER_HOST: NO_ENGINE },
    };
  };
}

/** As on CircleCI: a job in a container reaches an engine only when it asks for one. */
function hasEngine({ executor, steps }: Job): boolean {
  return executor.kind !== 'docker' || steps.some(({ kind }) => kind === 'setup_remote_docker');
}

function servicesOf(executor: Executor): string[] {
  return executor.kind === 'docker' ? executor.images.slice(1).map(({ image }) => image) : [];
}
