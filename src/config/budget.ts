import type { Place } from './source.ts';

/**
 * What one compilation may use. CircleCI refuses a compiled config of more than 8 MB
 * (support.circleci.com, article 8258725964699); counting on the way there bounds time and memory too.
 */
export class Budget {
  private left: number;

  /** @param size number of characters, about, of the compiled config */
  constructor(size = 8 * 1024 * 1024) {
    this.left = size;
  }

  /**
   * Takes from the budget.
   * @throws TooLarge when there is nothing left; `compile` makes the problem of it
   */
  spend(size: number, at: Place): void {
    this.left -= size;
    if (this.left < 0) throw new TooLarge(at);
  }
}

/** Ends a compilation whose result would be larger than CircleCI accepts. */
export class TooLarge extends Error {
  readonly at: Place;

  constructor(at: Place) {
    super('the compiled config is too large');
    this.at = at;
  }
}
