export interface Wish {
  readonly at: number;
  /** How much it counts against others. */
  readonly weight: number;
}

/**
 * Places as near as possible to what is wished (least squares), in the given order and with at least the given distances:
 * `apart[i]` is that between i and i + 1. Pools adjacent violators.
 */
export function spread(wishes: readonly Wish[], apart: readonly number[]): number[] {
  const offsets = [0];
  for (const distance of apart) offsets.push((offsets.at(-1) ?? 0) + distance);
  const pools: { sum: number; weight: number; count: number }[] = [];
  wishes.forEach(({ at, weight }, index) => {
    pools.push({ sum: (at - (offsets[index] ?? 0)) * weight, weight, count: 1 });
    for (let last = pools.at(-1), before = pools.at(-2); last && before; last = pools.at(-1), before = pools.at(-2)) {
      if (before.sum / before.weight <= last.sum / last.weight) break;
      pools.pop();
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
    }
  });
  return pools
    .flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight))
    .map((place, index) => place + (offsets[index] ?? 0));
}
