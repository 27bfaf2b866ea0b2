import type { Environment } from '../../job/job-environment.ts';

/** How the environment of a command gets into a container without a value on any command line. */
export interface CarriedEnvironment {
  /** `-e NAME` for docker, which takes the values out of its own environment. */
  readonly args: readonly string[];
  /** For docker's environment. */
  readonly env: Environment;
  /** The start of the command's script: gives variables their own names back. Names only. */
  readonly script: string;
}

const CARRIER = 'AWS_DEPLOY_LOCAL_VALUE_';

/** What the client itself, the Go runtime, and the loader of programs take from the environment. */
const OF_CLIENT =
  /^(?:HOME|PATH|PWD|OLDPWD|USER|LOGNAME|TMPDIR|LANG|TERM|(?:https?|ftp|all|no)_proxy|(?:DOCKER|BUILDX|BUILDKIT|COMPOSE|MOBY|CONTAINER|CONTAINERS|PODMAN|REGISTRY|STORAGE|XDG|LC|LD|DYLD|GO|SSL|SSH|OTEL|OPENSSL|MALLOC|GLIBC)[A-Z0-9_]*)$/i;
/** Would a variable of this name mean something to the docker client itself? */
export function isOfClient(name: string): boolean {
  return OF_CLIENT.test(name);
}

/** What a POSIX shell takes as a name; the others it may not even pass on. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Shells refuse to set these. */
const READ_ONLY = new Set(['UID', 'EUID', 'PPID']);

/**
 * Splits the environment: what means something to the docker client itself travels under another name, so that a job that
 * sets HOME or DOCKER_HOST changes nothing about which engine runs it.
 */
export function carryEnvironment(environment: Environment): CarriedEnvironment {
  const names = Object.keys(environment).filter((name) => name !== '' && !READ_ONLY.has(name));
  const renamed = names.filter((name) => NAME.test(name) && isOfClient(name));
  const carriers = new Map(renamed.map((name, index) => [name, `${CARRIER}${index}`]));
  const carried = names.map((name) => [carriers.get(name) ?? name, environment[name] ?? ''] as const);
  return {
    args: carried.flatMap(([name]) => ['-e', name]),
    env: Object.fromEntries(carried),
    script: [...carriers].map(([name, carrier]) => `export ${name}="$${carrier}"; unset ${carrier}\n`).join(''),
  };
}
