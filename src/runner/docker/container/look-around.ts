import { DeployError } from '../../../core/errors.ts';
import type { Container } from './container.ts';
import { LOOK_AROUND } from './container-scripts.ts';
import { reasonOf } from '../engine/docker-program.ts';
import type { Users } from '../files/shared-files.ts';

/** What is to know of a container before steps run in it. */
export interface Surroundings {
  readonly users: Users;
  /** Of the image. */
  readonly node: { readonly version: string; readonly path: string } | undefined;
  /** What Node.js of this machine says in there; empty when it does not run. */
  readonly hostNodeVersion: string;
}

export interface LookingAt {
  /** The job's, which belongs to the user of the runner. */
  readonly folder: string;
  /** Node.js of this machine, in the container. */
  readonly hostNode: string;
  /** Does the config say what runs in the container? */
  readonly runsItself: boolean;
}

/** Throws a DeployError when nothing can be run in the container. */
export async function lookAround(
  container: Pick<Container, 'image' | 'runAsUser'>,
  { folder, hostNode, runsItself }: LookingAt,
): Promise<Surroundings> {
  const end = await container.runAsUser(LOOK_AROUND, [folder, hostNode]);
  const seen = end.code === 0 ? readSurroundings(end.stdout) : undefined;
  if (seen) return seen;
  throw new DeployError({
    code: 'docker.container_not_usable',
    title: `steps can not run in the container of ${container.image}: ${reasonOf({ ...end, stdout: '' })}`,
    hints: [
      runsItself
        ? 'What its `entrypoint` and `command` start has to go on as long as the job does; without both the runner keeps it alive.'
        : 'The first image of a job needs a shell (/bin/sh) and `ls`.',
    ],
  });
}

/** Undefined when it does not say which users there are. */
export function readSurroundings(text: string): Surroundings | undefined {
  const said = new Map(
    text.split('\n').map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)] as const),
  );
  const [user, group, runner] = ['uid', 'gid', 'owner'].map((name) => said.get(name));
  if (!user || !group || !runner) return undefined;
  const [, version, path] = /^(\S*) (.+)$/.exec(said.get('node') ?? '') ?? [];
  return {
    users: { user, group, runner },
    node: version && path ? { version, path } : undefined,
    hostNodeVersion: said.get('host-node') ?? '',
  };
}
