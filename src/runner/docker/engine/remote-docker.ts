import { stat } from 'node:fs/promises';
import type { Environment } from '../../job/job-environment.ts';
import type { Job } from '../../pipeline/pipeline.ts';
import type { Mount } from '../container/container-arguments.ts';
import type { Engine } from './find-engine.ts';

/** How the steps of a job reach the Docker engine that the job itself runs on. */
export interface RemoteDocker {
  readonly mounts: readonly Mount[];
  readonly groups: readonly number[];
  readonly environment: Environment;
  /** What `setup_remote_docker` has to say. */
  readonly text: string;
}

const NONE: Omit<RemoteDocker, 'text'> = { mounts: [], groups: [], environment: {} };
const SOCKET = '/var/run/docker.sock';

/** Undefined for a job that does not ask for it with `setup_remote_docker`. */
export async function remoteDocker(
  job: Pick<Job, 'steps'>,
  { endpoint, version }: Engine,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RemoteDocker | undefined> {
  if (!job.steps.some(({ kind }) => kind === 'setup_remote_docker')) return undefined;
  const text = `\`docker\` reaches the engine of this machine, Docker ${version} at ${endpoint ?? 'its usual place'}; its containers and images are this machine's.`;
  const path = endpoint === undefined ? SOCKET : /^unix:\/\/(\/.*)$/.exec(endpoint)?.[1];
  if (path !== undefined) {
    const { gid } = await stat(path).catch(() => ({ gid: 0 }));
    return { ...NONE, text, mounts: [{ source: path, target: SOCKET }], groups: [gid] };
  }
  if (endpoint?.startsWith('tcp://')) {
    const certificates = env['DOCKER_CERT_PATH'];
    const verify = env['DOCKER_TLS_VERIFY'];
    return {
      ...NONE,
      text,
      mounts: certificates ? [{ source: certificates, target: certificates, readOnly: true }] : [],
      environment: {
        DOCKER_HOST: endpoint,
        ...(certificates ? { DOCKER_CERT_PATH: certificates } : {}),
        ...(verify === undefined ? {} : { DOCKER_TLS_VERIFY: verify }),
      },
    };
  }
  return {
    ...NONE,
    text: `\`docker\` has no engine in this job: a container can not reach ${endpoint} as this machine does.`,
  };
}
