import type { ChildProcess } from 'node:child_process';
import { DeployError } from '../../../core/errors.ts';
import {
  jobContainerCall,
  runsItself,
  serviceCall,
  type ContainerPlan,
  type JobContainerPlan,
} from './container-arguments.ts';
import { reasonOf, type Docker, type DockerEnd } from '../engine/docker-program.ts';

/** A container that runs. */
export interface StartedContainer {
  readonly id: string;
  /** Ends it, where it lives as long as its input is open. */
  readonly letGo: () => void;
}

/**
 * Starts the container in which the steps run. It ends by itself when this process is killed, unless the config says what
 * runs in it. Throws a DeployError, with nothing left behind.
 */
export async function startJobContainer(docker: Docker, plan: JobContainerPlan): Promise<StartedContainer> {
  const id = await idFrom(docker, jobContainerCall(plan), plan);
  if (runsItself(plan)) {
    const started = await docker.run(['start', id]);
    if (started.code === 0) return { id, letGo: () => {} };
    await removeContainers(docker, [id]);
    throw notStarted(plan.image.image, reasonOf(started));
  }
  const holder = docker.start(['start', '--attach', '--interactive', id], { stdin: 'pipe' });
  // Who is gone reads nothing.
  holder.stdin?.on('error', () => {});
  const failed = await untilReady(holder);
  if (!failed) return { id, letGo: () => void holder.stdin?.end() };
  await removeContainers(docker, [id]);
  throw /\/bin\/sh/.test(failed.stderr)
    ? withoutShell(plan.image.image)
    : notStarted(plan.image.image, reasonOf(failed));
}

export async function startService(docker: Docker, plan: ContainerPlan): Promise<string> {
  return idFrom(docker, serviceCall(plan), plan);
}

/** Gives the reason when one stays. */
export async function removeContainers(docker: Docker, ids: readonly string[]): Promise<string | undefined> {
  if (ids.length === 0) return undefined;
  const removed = await docker.run(['rm', '--force', '--volumes', ...ids]);
  const isGone = removed.code === 0 || /no such container|in progress/i.test(removed.stderr);
  return isGone ? undefined : reasonOf(removed);
}

async function idFrom(docker: Docker, call: ReturnType<typeof serviceCall>, plan: ContainerPlan): Promise<string> {
  const made = await docker.run(call.args, { env: call.env });
  // A container that was made, and could not be started, is said before the error.
  const id = /^[0-9a-f]{12,64}$/m.exec(made.stdout)?.[0];
  if (made.code === 0 && id !== undefined) return id;
  if (id !== undefined) await removeContainers(docker, [id]);
  throw notStarted(plan.image.image, reasonOf({ ...made, stdout: '' }));
}

/** Gives how it ended when it ended instead. */
function untilReady(holder: ChildProcess): Promise<DockerEnd | undefined> {
  return new Promise((resolve) => {
    let [stdout, stderr] = ['', ''];
    holder.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.includes('ready\n')) resolve(undefined);
    });
    holder.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    holder.once('error', (error) => resolve({ code: 1, stdout, stderr: error.message }));
    holder.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

function withoutShell(image: string): DeployError {
  return new DeployError({
    code: 'docker.no_shell',
    title: `steps can not run in the image ${image}: it has no /bin/sh`,
    hints: [
      'The first image of a job needs a shell, on CircleCI too. Images of a single program are for services: name an image with a shell before it.',
    ],
  });
}

function notStarted(image: string, reason: string): DeployError {
  return new DeployError({
    code: 'docker.container_not_started',
    title: `a container of the image ${image} can not be started: ${reason}`,
    hints: ['Does it start with `docker run --rm --init --network host`?'],
  });
}
