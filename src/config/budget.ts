import type { Place } from './source.ts';

/**
 * What one compilation may use. CircleCI refuses a compiled config of more than 8 MB
 * (support.circleci.com, article 8258725964699); counting on the way there bounds time and memory too.
 */
export class Budget {
  private size: number;
  private effort: number;

  /** @param size number of characters, about, of the compiled config; as much may be done that is not printed */
  constructor(size = 8 * 1024 * 1024) {
    this.size = size;
    this.effort = size;
  }

  /**
   * Takes what is printed from the budget.
   * @throws TooLarge when there is nothing left; `compile` makes the problem of it
   */
  spend(size: number, at: Place): void {
    this.size -= size;
    if (this.size < 0) throw new TooLarge(at);
  }

  /**
   * Takes what is done, and perhaps comes to nothing, from the budget: in the time or the memory that as many characters
   * take, of which a million are a tenth of a second and 10 MB.
   * @throws TooLarge
   */
  work(effort: number, at: Place): void {
    this.effort -= effort;
    if (this.effort < 0) throw new TooLarge(at);
  }

  /** `work` at one place, for what does not know places. */
  meterAt(at: Place): (effort: number) => void {
    return (effort) => this.work(effort, at);
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
