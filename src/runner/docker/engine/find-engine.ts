import { DeployError } from '../../../core/errors.ts';
import { reasonOf, type Docker } from './docker-program.ts';

export interface Engine {
  readonly version: string;
  /** `linux/amd64` */
  readonly platform: string;
  /** Where the client finds it: `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`; undefined when the client does not say. */
  readonly endpoint: string | undefined;
}

/** Asks the engine that the docker client finds (DOCKER_HOST, contexts). Throws a DeployError when none answers. */
export async function findEngine(
  docker: Docker,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<Engine> {
  const format = '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}';
  const answer = await docker.run(['version', '--format', format], { signal });
  const [version, platform] = answer.stdout.trim().split(' ');
  if (answer.code !== 0 || !version || !platform) {
    const where = env['DOCKER_HOST'] ? ` at ${env['DOCKER_HOST']} (DOCKER_HOST)` : '';
    throw new DeployError({
      code: 'docker.no_engine',
      title: `no Docker engine answers${where}: ${reasonOf(answer)}`,
      hints: [
        'Start the engine, or check DOCKER_HOST and `docker context ls`; `docker version` shows whether it answers.',
        'Without --docker, jobs run on this machine itself.',
      ],
    });
  }
  return { version, platform, endpoint: env['DOCKER_HOST'] || (await endpointOfContext(docker)) };
}

/** Podman's client has no contexts; it is asked for its socket. */
async function endpointOfContext(docker: Docker): Promise<string | undefined> {
  const context = await docker.run(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  if (context.code === 0 && context.stdout.includes('://')) return context.stdout.trim();
  const podman = await docker.run(['info', '--format', '{{.Host.RemoteSocket.Path}}']);
  const path = podman.stdout.trim().replace(/^unix:\/\//, '');
  return podman.code === 0 && path.startsWith('/') ? `unix://${path}` : undefined;
}
