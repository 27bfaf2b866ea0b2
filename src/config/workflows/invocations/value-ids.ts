import type { Node } from '../../node.ts';

/**
 * Numbers for values: two values have the same number if they are equal, wherever they are written and however often their
 * parts are shared. A part that is met again costs nothing, so that aliases of aliases don't make it slow.
 * The order of keys does not count, the type of a scalar does.
 */
export class ValueIds {
  private readonly numbers = new Map<string, number>();
  private readonly known = new WeakMap<Node, number>();

  of(node: Node): number {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const shape = this.shapeOf(node);
    const number = this.numbers.get(shape) ?? this.numbers.size + 1;
    this.numbers.set(shape, number);
    this.known.set(node, number);
    return number;
  }

  /** Zero for what is not there. */
  ofOptional(node: Node | undefined): number {
    return node ? this.of(node) : 0;
  }

  private shapeOf(node: Node): string {
    if (node.kind === 'scalar') return `${typeof node.value}:${node.float ? 'float:' : ''}${String(node.value)}`;
    if (node.kind === 'list') return `[${node.items.map((item) => this.of(item)).join()}]`;
    const pairs = [...node.entries].map(([key, { value }]) => `${JSON.stringify(key)}:${this.of(value)}`);
    return `{${pairs.toSorted().join()}}`;
  }
}
