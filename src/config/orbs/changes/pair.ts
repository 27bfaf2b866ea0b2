import { member, type Node } from '../../node.ts';

/** The same part of two documents, undefined where it is not there. */
export type Pair = readonly [older: Node | undefined, newer: Node | undefined];

export function pairAt([older, newer]: Pair, key: string): Pair {
  return [member(older, key), member(newer, key)];
}

/** The keys of two maps: those of the older one in its order, then what is new. */
export function keysOf([older, newer]: Pair): string[] {
  return [...new Set([...ownKeys(older), ...ownKeys(newer)])];
}

function ownKeys(node: Node | undefined): Iterable<string> {
  return node?.kind === 'map' ? node.entries.keys() : [];
}
