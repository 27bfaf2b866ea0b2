import { member, stringOf, type MapNode, type Node } from '../../config/node.ts';
import type { DockerImage, Executor, Job } from './pipeline.ts';
import { entriesOf, itemsOf } from './parts.ts';
import { readStep } from './read-step.ts';

const DEFAULT_SHELL = '/bin/bash -eo pipefail';
const DEFAULT_FOLDER = '~/project';

export function readJob(body: MapNode): Job {
  return {
    executor: readExecutor(body),
    environment: environmentOf(member(body, 'environment')),
    workingDirectory: stringOf(member(body, 'working_directory')) ?? DEFAULT_FOLDER,
    shell: stringOf(member(body, 'shell')) ?? DEFAULT_SHELL,
    parallelism: Math.max(1, Number(textOf(member(body, 'parallelism')) ?? 1) || 1),
    steps: itemsOf(member(body, 'steps')).map(readStep),
  };
}

function readExecutor(body: MapNode): Executor {
  const images = itemsOf(member(body, 'docker'));
  if (images.length > 0) return { kind: 'docker', images: images.map(readImage) };
  const macos = member(body, 'macos');
  if (macos) return { kind: 'macos', image: textOf(member(macos, 'xcode')) ?? '' };
  const machine = member(body, 'machine');
  return { kind: 'machine', image: textOf(member(machine, 'image')) ?? textOf(machine) ?? 'default' };
}

function readImage(node: Node): DockerImage {
  const words = (key: string): readonly string[] | undefined => wordsOf(member(node, key));
  const [entrypoint, command] = [words('entrypoint'), words('command')];
  const [name, user] = [stringOf(member(node, 'name')), textOf(member(node, 'user'))];
  return {
    image: stringOf(member(node, 'image')) ?? '',
    environment: environmentOf(member(node, 'environment')),
    ...(name === undefined ? {} : { name }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    ...(user === undefined ? {} : { user }),
  };
}

function wordsOf(node: Node | undefined): readonly string[] | undefined {
  if (node === undefined) return undefined;
  return node.kind === 'list' ? node.items.flatMap((item) => textOf(item) ?? []) : [textOf(node) ?? ''];
}

/** A map, or a list of maps, in which the last one of a name counts. CircleCI writes an empty value as `<nil>`. */
export function environmentOf(node: Node | undefined): ReadonlyMap<string, string> {
  const maps = node?.kind === 'list' ? node.items : [node];
  return new Map(maps.flatMap(entriesOf).map(([name, value]) => [name, textOf(value) ?? '<nil>']));
}

/** How a scalar looks in the environment of a step; undefined for null, and for what is no scalar. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}
