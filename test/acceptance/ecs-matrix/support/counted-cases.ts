import { afterAll, expect, it } from '@jest/globals';

/** Counts the cases of a file that run, and prints how many. */
export class CountedCases {
  #ran = 0;

  constructor(what: string) {
    afterAll(() => void process.stdout.write(`${this.#ran} cases: ${what}\n`));
  }

  /** To be called first in each case. */
  count(): void {
    this.#ran += 1;
  }

  /** The last test of the file: as many ran as the tables multiply to. */
  expectAll(product: number): void {
    it(`are ${product} cases, as the tables multiply to`, () => expect(this.#ran).toBe(product));
  }
}
