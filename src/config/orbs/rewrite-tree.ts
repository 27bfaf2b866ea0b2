import { listNode, mapNode, type Entry, type Node, type ScalarNode } from '../node.ts';

export interface Rewriting {
  /** The keys of a map in the order that they shall have. */
  order(keys: Iterable<string>): string[];
  scalar(node: ScalarNode): ScalarNode;
}

/** A tree with its scalars replaced and its maps sorted. What YAML's aliases share stays shared. */
export function rewriteTree(root: Node, { order, scalar }: Rewriting): Node {
  const done = new Map<Node, Node>();
  function rewritten(node: Node): Node {
    const known = done.get(node);
    if (known) return known;
    const result = rewrite(node);
    done.set(node, result);
    return result;
  }
  function rewrite(node: Node): Node {
    if (node.kind === 'scalar') return scalar(node);
    if (node.kind === 'list') return listNode(node.items.map(rewritten), node.at);
    const entries = order(node.entries.keys()).map((key): readonly [string, Entry] => {
      const { keyAt, value } = node.entries.get(key) as Entry;
      return [key, { keyAt, value: rewritten(value) }];
    });
    return mapNode(entries, node.at);
  }
  return rewritten(root);
}

/** About how many characters a tree is when it is written out, aliases and all. */
export function treeSize(root: Node): number {
  const known = new Map<Node, number>();
  function sizeOf(node: Node): number {
    let size = known.get(node);
    if (size === undefined) {
      size = measured(node);
      known.set(node, size);
    }
    return size;
  }
  function measured(node: Node): number {
    if (node.kind === 'scalar') return String(node.value).length + 1;
    if (node.kind === 'list') return node.items.reduce((sum, item) => sum + 2 + sizeOf(item), 0);
    let sum = 0;
    for (const [key, { value }] of node.entries) sum += key.length + 2 + sizeOf(value);
    return sum;
  }
  return sizeOf(root);
}
