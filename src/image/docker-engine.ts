import { DeployError } from '../core/errors.ts';
import { isJsonObject, type JsonValue } from '../core/json.ts';
import { runProgram } from './run-program.ts';

/** A Docker engine that answers, and how its client builds. */
export interface DockerEngine {
  serverVersion: string;
  /** `linux/amd64` */
  platform: string;
  /**
   * `buildx`: the plugin is there. `buildkit`: a client that has BuildKit built in (18.09 to 22). `classic`: the old builder, without
   * secrets.
   */
  builder: 'buildx' | 'buildkit' | 'classic';
}

const PROBE_MS = 15_000;

/**
 * Looks for an engine as the docker client finds it (DOCKER_HOST, contexts). Without one it gives the error to throw, so that a caller
 * with another builder can go on.
 */
export async function probeEngine(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<DockerEngine | DeployError> {
  const version = await runProgram('docker', ['version', '--format', '{{json .}}'], {
    env,
    signal,
    timeoutMs: PROBE_MS,
  });
  if (version.kind === 'missing') {
    return new DeployError({
      code: 'docker.missing',
      title: 'There is no docker program here',
      hints: ['Use an executor that has it, or builder: embedded for a Dockerfile without RUN.'],
    });
  }
  const said =
    version.kind === 'timed-out'
      ? `no answer for ${PROBE_MS / 1000} s`
      : version.lines.filter((line) => !line.startsWith('{')).join(' ');
  const answer = version.kind === 'exited' ? parsed(version.stdout) : undefined;
  const server = isJsonObject(answer) ? answer['Server'] : undefined;
  if (version.kind !== 'exited' || version.code !== 0 || !isJsonObject(server)) {
    return new DeployError({
      code: 'docker.no_engine',
      title: 'No Docker engine answers',
      message: said.trim() || 'docker version named no server.',
      hints: [
        'On CircleCI: add setup_remote_docker (remote_docker: true). Elsewhere: start the engine, or check DOCKER_HOST.',
      ],
    });
  }
  const client = isJsonObject(answer) && isJsonObject(answer['Client']) ? answer['Client'] : {};
  const buildx = await runProgram('docker', ['buildx', 'version'], { env, signal, timeoutMs: PROBE_MS });
  const hasBuildx = buildx.kind === 'exited' && buildx.code === 0;
  return {
    serverVersion: text(server['Version']),
    platform: `${text(server['Os'])}/${text(server['Arch'])}`,
    builder: hasBuildx ? 'buildx' : hasBuiltInBuildKit(text(client['Version'])) ? 'buildkit' : 'classic',
  };
}

/** From 23 on the client builds with the plugin only; before 18.09 there was nothing. */
function hasBuiltInBuildKit(version: string): boolean {
  const major = Number.parseInt(version, 10);
  return major >= 19 && major < 23;
}

function parsed(output: string): JsonValue | undefined {
  try {
    return JSON.parse(output) as JsonValue;
  } catch {
    return undefined;
  }
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
