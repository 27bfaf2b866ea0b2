import type { Entry, Node } from '../node.ts';

/**
 * Whether two values of the config are the same: type and value of scalars, lists item by item, maps key by key in any
 * order. Sub-trees that YAML aliases share are compared once, so that a few lines of aliases cost no more than a few lines.
 */
export function sameValue(left: Node, right: Node): boolean {
  const compared = new Map<Node, Set<Node>>();
  const pending: [Node, Node][] = [[left, right]];
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [one, other] = pair;
    if (one === other || compared.get(one)?.has(other)) continue;
    const parts = partsOf(one, other);
    if (!parts) return false;
    compared.set(one, (compared.get(one) ?? new Set()).add(other));
    pending.push(...parts);
  }
  return true;
}

/** The pairs that have to be the same for two values to be the same; undefined when they differ already. */
function partsOf(left: Node, right: Node): [Node, Node][] | undefined {
  if (left.kind === 'scalar') {
    return right.kind === 'scalar' && left.value === right.value && left.float === right.float ? [] : undefined;
  }
  if (left.kind === 'list') {
    return right.kind === 'list' ? listParts(left.items, right.items) : undefined;
  }
  return right.kind === 'map' ? mapParts(left.entries, right.entries) : undefined;
}

function listParts(left: readonly Node[], right: readonly Node[]): [Node, Node][] | undefined {
  if (left.length !== right.length) return undefined;
  return pairs(left.map((item, index) => [item, right[index]]));
}

function mapParts(left: ReadonlyMap<string, Entry>, right: ReadonlyMap<string, Entry>): [Node, Node][] | undefined {
  if (left.size !== right.size) return undefined;
  return pairs([...left].map(([key, { value }]) => [value, right.get(key)?.value]));
}

function pairs(candidates: readonly (readonly [Node, Node | undefined])[]): [Node, Node][] | undefined {
  const found: [Node, Node][] = [];
  for (const [one, other] of candidates) {
    if (!other) return undefined;
    found.push([one, other]);
  }
  return found;
}
