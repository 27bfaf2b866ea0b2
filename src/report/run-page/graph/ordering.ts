import type { Item } from './chains.ts';

const SWEEPS = 12;

/** The items of each layer from top to bottom, with few crossings: by barycentres, the best of some sweeps. */
export function orderedLayers(items: readonly Item[]): Item[][] {
  let layers: Item[][] = [];
  for (const item of items) (layers[item.layer] ??= []).push(item);
  let best = layers;
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    layers = swept(layers, sweep % 2 === 0 ? 'left' : 'right');
    const now = crossings(layers);
    if (now < fewest) [best, fewest] = [layers, now];
  }
  return best;
}

/** Each layer ordered by the places of the neighbours on one side. Who has none there keeps its place. */
function swept(layers: readonly Item[][], side: 'left' | 'right'): Item[][] {
  const after = layers.map((layer) => layer);
  const places = placesIn(layers);
  const way = side === 'left' ? after.keys() : [...after.keys()].toReversed();
  for (const index of way) {
    const layer = after[index] ?? [];
    const weights = new Map(
      layer.map((item, place) => {
        const around = item[side].map(({ id }) => places.get(id) ?? 0);
        return [item.id, around.length === 0 ? place : around.reduce((sum, at) => sum + at, 0) / around.length];
      }),
    );
    const ordered = layer.toSorted((a, b) => (weights.get(a.id) ?? 0) - (weights.get(b.id) ?? 0));
    ordered.forEach(({ id }, place) => places.set(id, place));
    after[index] = ordered;
  }
  return after;
}

function placesIn(layers: readonly (readonly Item[])[]): Map<number, number> {
  return new Map(layers.flatMap((layer) => layer.map(({ id }, place) => [id, place] as const)));
}

/** How many pairs of lines cross: inversions between neighbouring layers, counted with a Fenwick tree. */
function crossings(layers: readonly (readonly Item[])[]): number {
  const places = placesIn(layers);
  let count = 0;
  for (const layer of layers) {
    const ends = layer.flatMap(({ right }) => right.map(({ id }) => places.get(id) ?? 0).toSorted((a, b) => a - b));
    count += inversions(ends);
  }
  return count;
}

function inversions(values: readonly number[]): number {
  const tree = new Int32Array(values.reduce((most, value) => Math.max(most, value), 0) + 2);
  let count = 0;
  values.forEach((value, seen) => {
    let notGreater = 0;
    for (let at = value + 1; at > 0; at -= at & -at) notGreater += tree[at] ?? 0;
    count += seen - notGreater;
    for (let at = value + 1; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
  });
  return count;
}
