/** A clock that a test moves by hand, with the intervals that go by it. */
export class HandClock {
  private ms = 0;
  private readonly intervals = new Set<() => void>();

  readonly now = (): number => this.ms;

  readonly every = (_ms: number, work: () => void): (() => void) => {
    this.intervals.add(work);
    return () => this.intervals.delete(work);
  };

  get running(): number {
    return this.intervals.size;
  }

  /** Sets the time, in seconds, and calls every interval once. */
  set(seconds: number): void {
    this.ms = seconds * 1000;
    for (const work of this.intervals) work();
  }
}
