import type { Docker, DockerEnd } from '../engine/docker-program.ts';

/** The container in which the steps of a job run. */
export interface Container {
  readonly docker: Docker;
  readonly id: string;
  readonly image: string;
  /** Is the user of its steps root? */
  readonly isRoot: boolean;
  /** Runs a script of ours in it, whose arguments are `$1` and so on. */
  runAsUser(script: string, args: readonly string[]): Promise<DockerEnd>;
  runAsRoot(script: string, args: readonly string[]): Promise<DockerEnd>;
}

export function containerOf(fields: Pick<Container, 'docker' | 'id' | 'image' | 'isRoot'>): Container {
  const { docker, id } = fields;
  const run = (options: readonly string[], script: string, args: readonly string[]): Promise<DockerEnd> =>
    docker.run(['exec', ...options, id, '/bin/sh', '-c', script, 'sh', ...args]);
  return {
    ...fields,
    runAsUser: (script, args) => run([], script, args),
    runAsRoot: (script, args) => run(['--user', '0'], script, args),
  };
}
