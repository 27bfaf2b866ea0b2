import { badArgument } from '../../core/errors.ts';
import type { ContainerEdits } from '../../plan/task-definition/edit.ts';

/** What is asked for one container, by its name; '' is the only one. */
export type NamedEdits = readonly [container: string, edits: ContainerEdits];

const MAPS = ['environment', 'secrets'] as const;
const LISTS = ['removeEnvironment', 'removeSecrets'] as const;
const SINGLE = ['image', 'cpu', 'memory', 'memoryReservation', 'command', 'logging'] as const;

/**
 * All that is asked for each container, wherever it was given. Throws (exit code 2) when the same thing is asked for
 * twice, because one of the two would be lost.
 */
export function joinEdits(parts: readonly NamedEdits[]): Record<string, ContainerEdits> {
  const joined = new Map<string, ContainerEdits>();
  for (const [container, edits] of parts) {
    const earlier = joined.get(container);
    joined.set(container, earlier ? joinTwo(earlier, edits, container) : edits);
  }
  for (const [container, edits] of joined) stopOnBothKinds(edits, container);
  return Object.fromEntries([...joined].filter(([, edits]) => Object.keys(edits).length > 0));
}

function joinTwo(one: ContainerEdits, other: ContainerEdits, container: string): ContainerEdits {
  const twice = SINGLE.find((key) => one[key] !== undefined && other[key] !== undefined);
  if (twice !== undefined) throw givenTwice(twice, container);
  for (const key of MAPS) {
    const name = Object.keys(one[key] ?? {}).find((each) => Object.hasOwn(other[key] ?? {}, each));
    if (name !== undefined) throw givenTwice(name, container);
  }
  const maps = MAPS.flatMap((key) => (one[key] && other[key] ? [[key, { ...one[key], ...other[key] }] as const] : []));
  const lists = LISTS.flatMap((key) =>
    one[key] && other[key] ? [[key, [...new Set([...one[key], ...other[key]])]] as const] : [],
  );
  return { ...one, ...other, ...Object.fromEntries([...maps, ...lists]) };
}

function stopOnBothKinds({ environment = {}, secrets = {} }: ContainerEdits, container: string): void {
  const name = Object.keys(environment).find((each) => Object.hasOwn(secrets, each));
  if (name === undefined) return;
  throw badArgument(`${name} of ${nameOf(container)} is given both in environment and in secrets`, [
    'ECS takes a name for one of the two only.',
  ]);
}

function givenTwice(what: string, container: string): Error {
  return badArgument(`${what} of ${nameOf(container)} is given twice`, ['Give it once.']);
}

function nameOf(container: string): string {
  return container === '' ? 'the container' : `container ${container}`;
}

/** A variable goes whatever kind it is of. */
export function removed(
  names: readonly string[] | undefined,
): Pick<ContainerEdits, 'removeEnvironment' | 'removeSecrets'> {
  return names === undefined || names.length === 0 ? {} : { removeEnvironment: names, removeSecrets: names };
}
