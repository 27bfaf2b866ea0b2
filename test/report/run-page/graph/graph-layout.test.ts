import { describe, expect, it } from '@jest/globals';
import {
  graphLayout,
  type BoxSize,
  type GraphLayout,
  type LabelledEdge,
} from '../../../../src/report/run-page/graph/graph-layout.ts';

type Pair = readonly [from: number, to: number];

function edges(pairs: readonly Pair[], labelWidth = 0): LabelledEdge[] {
  return pairs.map(([from, to]) => ({ from, to, labelWidth }));
}

function boxes(count: number): BoxSize[] {
  return Array.from({ length: count }, (_, index) => ({
    width: 100 + 7 * (index % 5),
    height: index % 3 === 0 ? 62 : 46,
  }));
}

/** A generator of numbers that are always the same (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A graph without circles, of which some edges have labels. */
function randomGraph(seed: number): { sizes: BoxSize[]; list: LabelledEdge[] } {
  const next = numbers(seed);
  const count = 2 + next(30);
  const list = Array.from({ length: next(3 * count) }, () => {
    const from = next(count - 1);
    return { from, to: from + 1 + next(count - from - 1), labelWidth: next(3) === 0 ? 60 : 0 };
  });
  return { sizes: boxes(count), list };
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

function overlapping(layout: GraphLayout<LabelledEdge>): unknown[] {
  return layout.boxes.flatMap((a, index) =>
    layout.boxes
      .slice(index + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => [a, b]),
  );
}

describe('boxes', () => {
  it.each(SEEDS)('of graph %i never overlap, and stand inside of the picture', (seed) => {
    const { sizes, list } = randomGraph(seed);
    const layout = graphLayout(sizes, list);
    expect(overlapping(layout)).toEqual([]);
    for (const { x, y, width, height } of layout.boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(layout.width);
      expect(y + height).toBeLessThanOrEqual(layout.height);
    }
  });

  it('are at least as wide as they have to be, and as wide as those above and below', () => {
    const sizes = boxes(3);
    const layout = graphLayout(sizes, edges([[0, 2]]));
    expect(layout.boxes.map(({ width }) => width)).toEqual([107, 107, 114]);
    expect(layout.boxes.map(({ height }) => height)).toEqual([62, 46, 46]);
  });

  it('stand in whole pixels', () => {
    const { boxes: placed } = graphLayout(
      boxes(9),
      edges([
        [0, 3],
        [1, 3],
        [2, 3],
        [3, 4],
        [3, 5],
        [0, 8],
      ]),
    );
    expect(placed.filter(({ x, y }) => !Number.isInteger(x) || !Number.isInteger(y))).toEqual([]);
  });

  it('of a chain stand on one line', () => {
    const { boxes: placed } = graphLayout(
      boxes(4).map(() => ({ width: 100, height: 46 })),
      edges([
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
    );
    expect(new Set(placed.map(({ y }) => y)).size).toBe(1);
  });

  it('are none when there are no jobs', () => {
    expect(graphLayout([], [])).toMatchObject({ boxes: [], edges: [], notDrawn: 0 });
  });
});

describe('edges', () => {
  it.each(SEEDS)('of graph %i all go from left to right, from the side of a box to the side of another', (seed) => {
    const { sizes, list } = randomGraph(seed);
    const layout = graphLayout(sizes, list);
    expect(layout.edges.map(({ edge }) => edge)).toEqual(list);
    for (const { edge, points } of layout.edges) {
      const [from, to] = [layout.boxes[edge.from], layout.boxes[edge.to]];
      expect(points[0]).toEqual({ x: from!.x + from!.width, y: from!.y + from!.height / 2 });
      expect(points.at(-1)).toEqual({ x: to!.x, y: to!.y + to!.height / 2 });
      const xs = points.map(({ x }) => x);
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
      expect(new Set(xs).size).toBe(xs.length);
    }
  });

  it.each(SEEDS)('of graph %i never go through a box', (seed) => {
    const { sizes, list } = randomGraph(seed);
    const layout = graphLayout(sizes, list);
    for (const { points } of layout.edges) {
      // Between columns there are no boxes; in a column an edge is a straight line between two points.
      for (let index = 1; index + 1 < points.length; index += 2) {
        const [enters, leaves] = [points[index]!, points[index + 1]!];
        expect(leaves.y).toBe(enters.y);
        const hit = layout.boxes.filter(
          ({ x, y, width, height }) => x < leaves.x && enters.x < x + width && y < enters.y && enters.y < y + height,
        );
        expect(hit).toEqual([]);
      }
    }
  });

  it.each(SEEDS)('of graph %i have labels that neither meet each other nor a box', (seed) => {
    const { sizes, list } = randomGraph(seed);
    const layout = graphLayout(sizes, list);
    const labels = layout.edges.flatMap(({ edge, label }) =>
      label ? [{ x: label.x - edge.labelWidth / 2, y: label.y - 8, width: edge.labelWidth, height: 16 }] : [],
    );
    expect(labels).toHaveLength(list.filter(({ labelWidth }) => labelWidth > 0).length);
    const meets = (a: (typeof labels)[number], b: (typeof labels)[number]): boolean =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    expect(labels.filter((a, index) => labels.slice(index + 1).some((b) => meets(a, b)))).toEqual([]);
    expect(labels.filter((label) => layout.boxes.some((box) => meets(label, box)))).toEqual([]);
    expect(labels.filter(({ y, height }) => y < 0 || y + height > layout.height)).toEqual([]);
  });

  it('that cross in the order of the jobs are untangled', () => {
    const { boxes: placed } = graphLayout(
      boxes(6),
      edges([
        [0, 5],
        [1, 4],
        [2, 3],
      ]),
    );
    const order = (ids: number[]): number[] => ids.toSorted((a, b) => placed[a]!.y - placed[b]!.y);
    const right = order([3, 4, 5]).map((id) => 5 - id);
    expect(right).toEqual(order([0, 1, 2]));
  });

  it('that close a circle are left out and counted', () => {
    const layout = graphLayout(
      boxes(3),
      edges([
        [0, 1],
        [1, 2],
        [2, 0],
        [1, 1],
      ]),
    );
    expect(layout.edges.map(({ edge }) => [edge.from, edge.to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(layout.notDrawn).toBe(2);
  });

  it('are limited: of very many the longest are left out and counted', () => {
    const all = Array.from({ length: 500 }, (_, to) =>
      Array.from({ length: to }, (__, from) => [from, to] as const),
    ).flat();
    const layout = graphLayout(boxes(500), edges(all));
    const spans = layout.edges.map(({ edge }) => edge.to - edge.from);
    expect(layout.edges.length + layout.notDrawn).toBe(all.length);
    expect(layout.edges.length).toBeGreaterThan(1000);
    expect(layout.edges.length).toBeLessThanOrEqual(4000);
    expect(Math.max(...spans)).toBeLessThan(10);
  });
});

describe('the picture', () => {
  it('is the same each time', () => {
    const { sizes, list } = randomGraph(3);
    expect(graphLayout(sizes, list)).toEqual(
      graphLayout(
        [...sizes],
        list.map((edge) => ({ ...edge })),
      ),
    );
  });

  it('of a chain longer than any stack is drawn', () => {
    const chain = Array.from({ length: 3000 }, (_, index) => [index, index + 1] as const);
    expect(graphLayout(boxes(3001), edges(chain)).notDrawn).toBe(0);
  });
});
