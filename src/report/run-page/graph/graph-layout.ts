import { chainsOf, type Item } from './chains.ts';
import { layersOf, withoutCircles, type GraphEdge } from './layers.ts';
import { orderedLayers } from './ordering.ts';
import { spread, type Wish } from './spread.ts';

export interface LabelledEdge extends GraphEdge {
  /** Width of its label; 0 when it has none. */
  readonly labelWidth: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface BoxSize {
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout<E> {
  readonly width: number;
  readonly height: number;
  /** In the order that they were given; each as wide as the widest above and below. */
  readonly boxes: readonly (Point & BoxSize)[];
  readonly edges: readonly DrawnEdge<E>[];
  /** Edges that are not drawn: there were too many, or they close a circle. */
  readonly notDrawn: number;
}

export interface DrawnEdge<E> {
  readonly edge: E;
  /** From the right side of a box to the left side of another; pairs of points, with a curve from the first of a pair to the second, and a straight line to the next pair. */
  readonly points: readonly Point[];
  /** The middle of its label, if it has one. */
  readonly label?: Point;
}

const BOX_GAP = 18;
const LINE_GAP = 14;
const COLUMN_GAP = 44;
const LABEL_HEIGHT = 18;
const MARGIN = 8;

/** Layers from left to right, boxes in whole pixels that never overlap; the same input always gives the same picture. */
export function graphLayout<E extends LabelledEdge>(sizes: readonly BoxSize[], edges: readonly E[]): GraphLayout<E> {
  const forward = withoutCircles(sizes.length, edges);
  const { items, paths } = chainsOf(layersOf(sizes.length, forward), forward);
  const layers = orderedLayers(items);
  const heightOf = ({ id, isBend }: Item): number => (isBend ? 0 : (sizes[id]?.height ?? 0));
  const middles = middlesOf(layers, heightOf);
  const columns = columnsOf(layers, sizes, [...paths.keys()], items);
  const drawn = [...paths].map(([edge, path]) => ({ edge, points: pointsOf(path, columns, middles) }));
  const boxes = sizes.map(({ height }, id) => {
    const { x, width } = columns[items[id]?.layer ?? 0] ?? { x: 0, width: 0 };
    return { x, y: (middles[id] ?? 0) - height / 2, width, height };
  });
  const last = columns.at(-1);
  const labelled = withLabels(drawn, items);
  const bottoms = [
    ...items.map((item) => (middles[item.id] ?? 0) + heightOf(item) / 2),
    ...labelled.map(({ label }) => (label?.y ?? 0) + LABEL_HEIGHT / 2),
  ];
  return {
    width: (last ? last.x + last.width : 0) + MARGIN,
    height: bottoms.reduce((most, y) => Math.max(most, y), 0) + MARGIN,
    boxes,
    edges: labelled,
    notDrawn: edges.length - paths.size,
  };
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/** Labels stand before the column that their edges end at. */
function columnsOf(
  layers: readonly (readonly Item[])[],
  sizes: readonly BoxSize[],
  edges: readonly LabelledEdge[],
  items: readonly Item[],
): Column[] {
  const labels = layers.map(() => 0);
  for (const { to, labelWidth } of edges) {
    const layer = items[to]?.layer ?? 0;
    labels[layer] = Math.max(labels[layer] ?? 0, labelWidth);
  }
  let x = MARGIN;
  return layers.map((layer, index) => {
    const width = layer.reduce((most, { id, isBend }) => Math.max(most, isBend ? 0 : (sizes[id]?.width ?? 0)), 0);
    if (index > 0) x += COLUMN_GAP + (labels[index] ?? 0);
    const column = { x, width };
    x += width;
    return column;
  });
}

const ROUNDS = 8;

/** The y of the middle of each item, by id: near to the items that it is joined to. */
function middlesOf(layers: readonly (readonly Item[])[], heightOf: (item: Item) => number): number[] {
  const apart = layers.map((layer) => distances(layer, heightOf));
  const middles: number[] = [];
  layers.forEach((layer, column) => {
    let y = 0;
    layer.forEach(({ id }, index) => {
      middles[id] = y;
      y += apart[column]?.[index] ?? 0;
    });
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const sides: ('left' | 'right')[] = round === ROUNDS - 1 ? ['left', 'right'] : [round % 2 === 0 ? 'left' : 'right'];
    const columns = [...layers.keys()];
    for (const column of sides[0] === 'left' ? columns : columns.toReversed()) {
      const layer = layers[column] ?? [];
      const places = spread(
        layer.map((item) => wishOf(item, sides, middles)),
        apart[column] ?? [],
      );
      layer.forEach(({ id }, index) => (middles[id] = places[index] ?? 0));
    }
  }
  return inWholePixels(layers, middles, heightOf);
}

/** Bends count more: a long line that is straight is easier to follow. */
function wishOf(item: Item, sides: readonly ('left' | 'right')[], middles: readonly number[]): Wish {
  const around = sides.flatMap((side) => item[side]);
  if (around.length === 0) return { at: middles[item.id] ?? 0, weight: 0.1 };
  const sum = around.reduce((total, { id }) => total + (middles[id] ?? 0), 0);
  return { at: sum / around.length, weight: item.isBend ? 4 : 1 };
}

/** Between the middles of each item and the next. */
function distances(layer: readonly Item[], heightOf: (item: Item) => number): number[] {
  return layer.slice(1).map((item, index) => {
    const before = layer[index];
    if (!before) return 0;
    const gap = item.isBend || before.isBend ? LINE_GAP : BOX_GAP;
    return Math.ceil((heightOf(before) + heightOf(item)) / 2) + gap;
  });
}

function inWholePixels(
  layers: readonly (readonly Item[])[],
  middles: readonly number[],
  heightOf: (item: Item) => number,
): number[] {
  const tops = layers.flatMap((layer) => layer.map((item) => (middles[item.id] ?? 0) - heightOf(item) / 2));
  const first = tops.reduce((least, y) => Math.min(least, y), Number.POSITIVE_INFINITY);
  const whole: number[] = [];
  for (const layer of layers) {
    const apart = distances(layer, heightOf);
    let least = Number.NEGATIVE_INFINITY;
    layer.forEach(({ id }, index) => {
      const y = Math.max(least, Math.round((middles[id] ?? 0) - first) + MARGIN);
      whole[id] = y;
      least = y + (apart[index] ?? 0);
    });
  }
  return whole;
}

function pointsOf(path: readonly Item[], columns: readonly Column[], middles: readonly number[]): Point[] {
  return path.flatMap(({ id, layer }, index) => {
    const { x, width } = columns[layer] ?? { x: 0, width: 0 };
    const y = middles[id] ?? 0;
    const enters = { x, y };
    const leaves = { x: x + width, y };
    if (index === 0) return [leaves];
    return index === path.length - 1 ? [enters] : [enters, leaves];
  });
}

/** Labels stand on the last curve of their edge, moved apart where they would meet. */
function withLabels<E extends LabelledEdge>(
  drawn: readonly { readonly edge: E; readonly points: readonly Point[] }[],
  items: readonly Item[],
): DrawnEdge<E>[] {
  const labels = new Map<E, Point>();
  const groups: { edge: E; at: Point }[][] = [];
  for (const { edge, points } of drawn) {
    if (edge.labelWidth === 0) continue;
    (groups[items[edge.to]?.layer ?? 0] ??= []).push({ edge, at: middleOf(points.at(-2), points.at(-1)) });
  }
  for (const group of groups.filter((some) => some !== undefined)) {
    const sorted = group.toSorted((a, b) => a.at.y - b.at.y);
    const places = spread(
      sorted.map(({ at }) => ({ at: at.y, weight: 1 })),
      sorted.slice(1).map(() => LABEL_HEIGHT),
    );
    const down = Math.max(0, MARGIN + LABEL_HEIGHT / 2 - (places[0] ?? 0));
    sorted.forEach(({ edge, at }, index) => labels.set(edge, { x: at.x, y: Math.round((places[index] ?? 0) + down) }));
  }
  return drawn.map(({ edge, points }) => {
    const label = labels.get(edge);
    return label === undefined ? { edge, points } : { edge, points, label };
  });
}

function middleOf(a: Point | undefined, b: Point | undefined): Point {
  return { x: Math.round(((a?.x ?? 0) + (b?.x ?? 0)) / 2), y: ((a?.y ?? 0) + (b?.y ?? 0)) / 2 };
}
