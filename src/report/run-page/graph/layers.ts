/** An arrow of the graph, between nodes by their places in the list. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
}

/** The edges without those that close a circle or go from a node to itself; their order stays. */
export function withoutCircles<E extends GraphEdge>(count: number, edges: readonly E[]): E[] {
  const leaving = byStart(count, edges);
  const state: ('new' | 'open' | 'done')[] = Array.from({ length: count }, () => 'new');
  const back = new Set<E>();
  for (let root = 0; root < count; root += 1) {
    // A stack of our own: a chain may be longer than the engine's.
    const path: { node: number; next: number }[] = state[root] === 'new' ? [{ node: root, next: 0 }] : [];
    if (path.length > 0) state[root] = 'open';
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = leaving[top.node]?.[top.next++];
      if (edge === undefined) {
        state[top.node] = 'done';
        path.pop();
      } else if (state[edge.to] === 'open') {
        back.add(edge);
      } else if (state[edge.to] === 'new') {
        state[edge.to] = 'open';
        path.push({ node: edge.to, next: 0 });
      }
    }
  }
  return edges.filter((edge) => !back.has(edge));
}

/** The layer of each node: one to the right of the rightmost that it follows. The edges have no circles. */
export function layersOf(count: number, edges: readonly GraphEdge[]): number[] {
  const leaving = byStart(count, edges);
  const open = Array.from({ length: count }, () => 0);
  for (const { to } of edges) open[to] = (open[to] ?? 0) + 1;
  const layers = Array.from({ length: count }, () => 0);
  const ready = open.flatMap((left, node) => (left === 0 ? [node] : []));
  for (const node of ready) {
    for (const { to } of leaving[node] ?? []) {
      layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1);
      const left = (open[to] ?? 0) - 1;
      open[to] = left;
      if (left === 0) ready.push(to);
    }
  }
  return layers;
}

function byStart<E extends GraphEdge>(count: number, edges: readonly E[]): E[][] {
  const leaving: E[][] = Array.from({ length: count }, () => []);
  for (const edge of edges) leaving[edge.from]?.push(edge);
  return leaving;
}
