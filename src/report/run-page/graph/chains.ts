import type { GraphEdge } from './layers.ts';

/** A node of the graph, or a bend of an edge on its way through a layer. */
export interface Item {
  readonly id: number;
  readonly layer: number;
  readonly isBend: boolean;
  readonly left: Item[];
  readonly right: Item[];
}

export interface Chains<E extends GraphEdge> {
  /** Those of the nodes come first, in their order. */
  readonly items: readonly Item[];
  /** The items that each drawn edge goes through, from its start to its end. */
  readonly paths: ReadonlyMap<E, readonly Item[]>;
}

/** More bends take too long, and nobody could follow the lines. */
const MOST_BENDS = 4000;

/** Cuts edges into pieces from layer to layer. When there are too many pieces, the longest edges are left out. */
export function chainsOf<E extends GraphEdge>(layers: readonly number[], edges: readonly E[]): Chains<E> {
  const items: Item[] = layers.map((layer, id) => newItem(id, layer, false));
  const bendsOf = ({ from, to }: E): number => (layers[to] ?? 0) - (layers[from] ?? 0) - 1;
  let bends = 0;
  const drawn = new Set<E>();
  for (const edge of edges.toSorted((a, b) => bendsOf(a) - bendsOf(b))) {
    // An edge counts also when it has no bend.
    bends += bendsOf(edge) + 1;
    if (bends > MOST_BENDS) break;
    drawn.add(edge);
  }
  const paths = new Map<E, readonly Item[]>();
  for (const edge of edges) {
    if (drawn.has(edge)) paths.set(edge, pathOf(edge, items));
  }
  return { items, paths };
}

function pathOf({ from, to }: GraphEdge, items: Item[]): Item[] {
  const start = items[from];
  const end = items[to];
  if (!start || !end) return [];
  const path = [start];
  for (let layer = start.layer + 1; layer < end.layer; layer += 1) {
    const bend = newItem(items.length, layer, true);
    items.push(bend);
    path.push(bend);
  }
  path.push(end);
  path.slice(1).forEach((item, index) => {
    const before = path[index];
    if (!before) return;
    before.right.push(item);
    item.left.push(before);
  });
  return path;
}

function newItem(id: number, layer: number, isBend: boolean): Item {
  return { id, layer, isBend, left: [], right: [] };
}
