import type { Entry, Node, ScalarNode } from './node.ts';

type ScalarComparison = (left: ScalarNode, right: ScalarNode) => boolean;

/**
 * Whether two values of a config are equal for a condition: type and value of scalars, lists item by item, maps key by key in
 * any order.
 */
export function sameValue(left: Node, right: Node): boolean {
  return new ValueComparison((one, other) => one.value === other.value && one.float === other.float).isSame(
    left,
    right,
  );
}

/**
 * Compares what nodes say, not where; the order of keys counts for nothing. Parts that are shared, as YAML's aliases are, are
 * compared once, so that a few lines of aliases cost no more than a few lines.
 */
export class ValueComparison {
  private readonly same = new Map<Node, Set<Node>>();
  private readonly isSameScalar: ScalarComparison;

  constructor(isSameScalar: ScalarComparison = isWrittenAlike) {
    this.isSameScalar = isSameScalar;
  }

  isSame(left: Node | undefined, right: Node | undefined): boolean {
    if (left === undefined || right === undefined) return left === right;
    const compared = new Map<Node, Set<Node>>();
    const pending: [Node, Node][] = [[left, right]];
    for (let pair = pending.pop(); pair; pair = pending.pop()) {
      const [one, other] = pair;
      if (one === other || compared.get(one)?.has(other) || this.same.get(one)?.has(other)) continue;
      const parts = this.partsOf(one, other);
      if (!parts) return false;
      if (parts.length > 0) note(one, other, compared);
      pending.push(...parts);
    }
    for (const [one, others] of compared) for (const other of others) note(one, other, this.same);
    return true;
  }

  /** The pairs that have to be the same for two values to be the same; undefined when they differ already. */
  private partsOf(left: Node, right: Node): [Node, Node][] | undefined {
    if (left.kind === 'scalar') return right.kind === 'scalar' && this.isSameScalar(left, right) ? [] : undefined;
    if (left.kind === 'list') return right.kind === 'list' ? listParts(left.items, right.items) : undefined;
    return right.kind === 'map' ? mapParts(left.entries, right.entries) : undefined;
  }
}

function isWrittenAlike(left: ScalarNode, right: ScalarNode): boolean {
  return Object.is(left.value, right.value) && left.float === right.float;
}

function note(one: Node, other: Node, pairs: Map<Node, Set<Node>>): void {
  const others = pairs.get(one);
  if (others) others.add(other);
  else pairs.set(one, new Set([other]));
}

function listParts(left: readonly Node[], right: readonly Node[]): [Node, Node][] | undefined {
  if (left.length !== right.length) return undefined;
  return complete(left.map((item, index) => [item, right[index]]));
}

function mapParts(left: ReadonlyMap<string, Entry>, right: ReadonlyMap<string, Entry>): [Node, Node][] | undefined {
  if (left.size !== right.size) return undefined;
  return complete([...left].map(([key, { value }]) => [value, right.get(key)?.value]));
}

function complete(candidates: readonly (readonly [Node, Node | undefined])[]): [Node, Node][] | undefined {
  const found: [Node, Node][] = [];
  for (const [one, other] of candidates) {
    if (!other) return undefined;
    found.push([one, other]);
  }
  return found;
}
