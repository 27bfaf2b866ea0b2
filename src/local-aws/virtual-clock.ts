import type { LocalClock } from './local-clock.ts';

/** What the clock may not run past before it has happened. */
export interface ClockBound {
  /** Milliseconds since the epoch; undefined when nothing is to come. */
  earliest(): number | undefined;
  /** The clock was advanced, or goes at another rate. */
  changed(): void;
}

/** A clock that starts at real time and runs with it. It never goes back. `realNow` gives milliseconds since the epoch. */
export class VirtualClock implements LocalClock {
  readonly #realNow: () => number;
  #bound: ClockBound | undefined;
  #rate = 1;
  #virtualAnchor: number;
  #realAnchor: number;
  #realSeen: number;
  /** The latest time that was told. */
  #told = 0;

  constructor(realNow: () => number = Date.now) {
    this.#realNow = realNow;
    this.#realAnchor = realNow();
    this.#realSeen = this.#realAnchor;
    this.#virtualAnchor = this.#realAnchor;
  }

  now(): Date {
    const running = this.running();
    this.#told = Math.max(this.#told, Math.min(running, this.#bound?.earliest() ?? running));
    return new Date(this.#told);
  }

  rate(): number {
    return this.#rate;
  }

  /** Where the clock would be if it did not wait for what is due. Milliseconds since the epoch. */
  running(): number {
    const real = this.#realNow();
    if (real < this.#realSeen) {
      // The machine's clock was set back; what has happened here stays in the past.
      this.#virtualAnchor += (this.#realSeen - this.#realAnchor) * this.#rate;
      this.#realAnchor = real;
    }
    this.#realSeen = real;
    return this.#virtualAnchor + (real - this.#realAnchor) * this.#rate;
  }

  /** Throws a RangeError for time that goes back. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`The clock cannot be advanced by ${ms} ms.`);
    this.#anchor(this.running() + ms);
  }

  /** Throws a RangeError for a rate below 0. */
  setRate(rate: number): void {
    if (!(rate >= 0)) throw new RangeError(`The clock cannot run at the rate ${rate}.`);
    const now = this.running();
    this.#rate = rate;
    this.#anchor(now);
  }

  /** Back to real time at rate 1. The only way back: nothing may be left that remembers a later time. */
  reset(): void {
    this.#rate = 1;
    this.#told = 0;
    this.#anchor(this.#realNow());
  }

  /** From now on the clock waits for what is due. */
  waitFor(bound: ClockBound): void {
    this.#bound = bound;
  }

  #anchor(virtual: number): void {
    this.#virtualAnchor = virtual;
    this.#realAnchor = this.#realNow();
    this.#realSeen = this.#realAnchor;
    this.#bound?.changed();
  }
}
