/** Time in the local AWS: real time at rate 1, standing still at rate 0, advanced by hand in tests. It never goes back. */
export interface LocalClock {
  now(): Date;
  advance(ms: number): void;
  setRate(rate: number): void;
}
