import type { Environment } from '../../job/job-environment.ts';
import type { DockerImage } from '../../pipeline/pipeline.ts';
import { shellWords } from '../../shell/shell-words.ts';
import type { ImageFacts } from '../engine/bring-image.ts';
import { isOfClient } from '../commands/command-environment.ts';
import { KEEP_ALIVE } from './container-scripts.ts';

/** What a container of a job has of this machine. */
export interface Mount {
  /** Absolute, on this machine. */
  readonly source: string;
  /** Absolute, in the container. */
  readonly target: string;
  readonly readOnly?: true;
}

export interface ContainerPlan {
  readonly image: DockerImage;
  readonly labels: Readonly<Record<string, string>>;
  /** Names by which the containers of the job find each other, all of them on localhost. */
  readonly hostNames: readonly string[];
}

export interface JobContainerPlan extends ContainerPlan {
  readonly facts: ImageFacts;
  readonly mounts: readonly Mount[];
  /** Groups, by number, that the user of the steps has beside its own. */
  readonly groups: readonly number[];
}

/** CircleCI leaves the entrypoint of an image alone when it has this label ("Using custom-built Docker images"). */
const PRESERVE_ENTRYPOINT = 'com.circleci.preserve-entrypoint';

/**
 * Does the container run something of its own? Otherwise it waits for steps: CircleCI ignores ENTRYPOINT and CMD of the first
 * image when the config says neither.
 */
export function runsItself({ image, facts }: Pick<JobContainerPlan, 'image' | 'facts'>): boolean {
  return image.entrypoint !== undefined || image.command !== undefined || facts.labels[PRESERVE_ENTRYPOINT] === 'true';
}

/** A call of docker: arguments, and what its environment has for them. */
export interface DockerCall {
  readonly args: readonly string[];
  readonly env: Environment;
}

/** `docker create` for the container in which the steps run. */
export function jobContainerCall(plan: JobContainerPlan): DockerCall {
  const { image, mounts, groups } = plan;
  const environment = givenEnvironment(image);
  const options = [
    'create',
    '--init',
    ...common(plan),
    ...environment.args,
    // SELinux would keep the container out of the folders; elsewhere it says nothing.
    ...['--security-opt', 'label=disable'],
    ...groups.flatMap((group) => ['--group-add', String(group)]),
    ...mounts.flatMap((mount) => ['--mount', mountText(mount)]),
  ];
  const rest = runsItself(plan)
    ? program(image)
    : ['--interactive', '--rm', '--entrypoint', '/bin/sh', image.image, '-c', KEEP_ALIVE];
  return { args: [...options, ...rest], env: environment.env };
}

/** `docker run` for a service. */
export function serviceCall(plan: ContainerPlan): DockerCall {
  const { args, env } = givenEnvironment(plan.image);
  return { args: ['run', '--detach', ...common(plan), ...args, ...program(plan.image)], env };
}

/**
 * Values are handed over in docker's environment, where `ps` does not show them. What the client itself would listen to is
 * an argument: HOME, PATH and the like are no secrets.
 */
function givenEnvironment({ environment }: DockerImage): DockerCall {
  const named = [...environment].filter(([name]) => !isOfClient(name));
  return {
    args: [...environment].flatMap(([name, value]) => ['--env', isOfClient(name) ? `${name}=${value}` : name]),
    env: Object.fromEntries(named),
  };
}

function common({ image, labels, hostNames }: ContainerPlan): string[] {
  return [
    ...['--network', 'host'],
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...hostNames.flatMap((name) => ['--add-host', `${name}:127.0.0.1`]),
    ...(image.user === undefined ? [] : ['--user', image.user]),
  ];
}

/** Image and what runs in it; docker takes the first word of an entrypoint apart from the others. */
function program({ image, entrypoint, command = [] }: DockerImage): string[] {
  const [first, ...others] = words(entrypoint ?? []);
  return [...(first === undefined ? [] : ['--entrypoint', first]), image, ...others, ...words(command)];
}

/** A text alone is a command line; a list is words. */
function words(said: readonly string[]): readonly string[] {
  const [first = ''] = said;
  return said.length === 1 && /\s/.test(first.trim()) ? shellWords(first) : said;
}

/** A line of comma-separated values, as RFC 4180 quotes them. */
export function mountText({ source, target, readOnly }: Mount): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(readOnly ? ['readonly'] : [])];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
