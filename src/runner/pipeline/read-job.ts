import { member, stringOf, type MapNode, type Node } from '../../config/node.ts';
import type { DockerImage, Executor, Job } from './pipeline.ts';
import { environmentOf, itemsOf, textOf } from './parts.ts';
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
    steps: stepsOf(member(body, 'steps')).map(readStep),
  };
}

/** A tool cache is on CircleCI only; the steps that it is set up around run all the same. */
function stepsOf(list: Node | undefined): readonly Node[] {
  return itemsOf(list).flatMap((step) => {
    const inner = member(member(step, 'with_tool_cache'), 'steps');
    return inner ? stepsOf(inner) : [step];
  });
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
