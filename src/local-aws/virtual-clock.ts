import type { LocalClock } from './local-clock.ts';

/** A clock that starts at real time and runs with it. `realNow` gives milliseconds since the epoch. */
export class VirtualClock implements LocalClock {
  readonly #realNow: () => number;
  #rate = 1;
  #virtualAnchor: number;
  #realAnchor: number;

  constructor(realNow: () => number = Date.now) {
    this.#realNow = realNow;
    this.#realAnchor = realNow();
    this.#virtualAnchor = this.#realAnchor;
  }

  now(): Date {
    return new Date(this.#virtualAnchor + (this.#realNow() - this.#realAnchor) * this.#rate);
  }

  rate(): number {
    return this.#rate;
  }

  advance(ms: number): void {
    this.set(new Date(this.now().getTime() + ms));
  }

  set(time: Date): void {
    this.#virtualAnchor = time.getTime();
    this.#realAnchor = this.#realNow();
  }

  setRate(rate: number): void {
    this.set(this.now());
    this.#rate = rate;
  }

  /** Back to real time at rate 1. */
  reset(): void {
    this.#rate = 1;
    this.set(new Date(this.#realNow()));
  }
}
