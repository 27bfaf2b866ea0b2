/** The same numbers for the same seed: Lehmer's generator, as in Park and Miller (1988). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed % 2147483646) + 1;
    // Seeds that are neighbours begin with neighbours.
    for (let round = 0; round < 3; round++) this.below(2);
  }

  /** @param limit at least 1 */
  below(limit: number): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state % limit;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
