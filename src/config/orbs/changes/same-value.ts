import type { Node } from '../../node.ts';

/** Compares what nodes say, not where; the order of keys counts for nothing. Shared parts are compared once. */
export class ValueComparison {
  readonly #same = new Map<Node, Set<Node>>();

  isSame(a: Node | undefined, b: Node | undefined): boolean {
    if (a === undefined || b === undefined || a === b) return a === b;
    const known = this.#same.get(a);
    if (known?.has(b)) return true;
    if (!this.#compare(a, b)) return false;
    if (known) known.add(b);
    else this.#same.set(a, new Set([b]));
    return true;
  }

  #compare(a: Node, b: Node): boolean {
    if (a.kind === 'scalar') return b.kind === 'scalar' && Object.is(a.value, b.value);
    if (a.kind === 'list') {
      return (
        b.kind === 'list' &&
        a.items.length === b.items.length &&
        a.items.every((item, index) => this.isSame(item, b.items[index]))
      );
    }
    if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
    for (const [key, { value }] of a.entries) if (!this.isSame(value, b.entries.get(key)?.value)) return false;
    return true;
  }
}
