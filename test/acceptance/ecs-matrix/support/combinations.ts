import { ENDS, type End } from './ends.ts';
import { STRATEGIES, type Strategy } from './strategies.ts';

export interface Combination {
  strategy: Strategy;
  end: End;
}

const PRODUCT: readonly Combination[] = STRATEGIES.flatMap((strategy) => ENDS.map((end) => ({ strategy, end })));

/** Every strategy with every end that AWS has with it. */
export const COMBINATIONS: readonly Combination[] = PRODUCT.filter(
  ({ strategy, end }) => end.impossible?.(strategy) === undefined,
);

/** How many combinations are left out, by why. */
export function excluded(): Record<string, number> {
  const reasons = PRODUCT.flatMap(({ strategy, end }) => end.impossible?.(strategy) ?? []);
  return Object.fromEntries([...new Set(reasons)].map((why) => [why, reasons.filter((one) => one === why).length]));
}
