import { listNode, mapNode, scalarNode, type Entry, type MapNode, type Node } from '../../node.ts';
import type { Dependency, Invocation } from './invocation.ts';

/**
 * A job of a workflow as CircleCI prints it: a plain name, or a map whose keys have a fixed order, whatever that of the
 * source. The place of `serial-group` in it is not known. Arguments are gone: they are part of the job.
 */
export function printInvocation(
  invocation: Invocation,
  dependencies: readonly Dependency[],
  nameOf: (invocation: Invocation) => string,
): Node {
  const { at, filters, origin, context, serialGroup } = invocation;
  const name = scalarNode(nameOf(invocation), at);
  const required = dependencies.length > 0;
  const values: readonly (readonly [string, Node | undefined])[] = [
    ['filters', filters],
    ['type', origin === 'approval' ? scalarNode('approval', at) : undefined],
    ['requires', required ? requiresOf(invocation, dependencies, nameOf) : undefined],
    ['upstream', required ? upstreamOf(invocation, dependencies, nameOf) : undefined],
    ['context', context],
    ['serial-group', serialGroup],
  ];
  const entries = values.flatMap(([key, value]): [string, Entry][] => (value ? [[key, { keyAt: at, value }]] : []));
  if (entries.length === 0) return name;
  return mapNode([[String(name.value), { keyAt: at, value: mapNode(entries, at) }]], at);
}

/** Names only: with which statuses they are required stands in `upstream`. */
function requiresOf(
  { at }: Invocation,
  dependencies: readonly Dependency[],
  nameOf: (invocation: Invocation) => string,
): Node {
  return listNode(
    dependencies.map(({ on }) => scalarNode(nameOf(on), at)),
    at,
  );
}

/**
 * `upstream` follows every `requires` since 2025-12: the statuses with which each required job must end. Seen once, with
 * `success` only; older outputs do not have it.
 */
function upstreamOf(
  { at }: Invocation,
  dependencies: readonly Dependency[],
  nameOf: (invocation: Invocation) => string,
): MapNode {
  return mapNode(
    dependencies.map(({ on, statuses }): [string, Entry] => {
      const value = listNode(
        statuses.map((status) => scalarNode(status, at)),
        at,
      );
      return [nameOf(on), { keyAt: at, value }];
    }),
    at,
  );
}
