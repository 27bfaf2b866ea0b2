import type { Token } from './token.ts';

// How many tokens that were taken stay in memory, where a line is so long that there is always one waiting.
const MOST_DROPPED = 4096;

/** Tokens that have been made and not taken yet. They are numbered from the start of the text, from 0. */
export class TokenQueue {
  private readonly tokens: Token[] = [];
  /** Index of the first in `tokens`. */
  private start = 0;
  firstNumber = 0;

  get isEmpty(): boolean {
    return this.start === this.tokens.length;
  }

  /** There must be one. */
  get first(): Token {
    return this.tokens[this.start]!;
  }

  /** The number that the next one pushed will have. */
  get nextNumber(): number {
    return this.firstNumber + this.tokens.length - this.start;
  }

  push(token: Token): void {
    this.tokens.push(token);
  }

  /** Puts a token in, so that it has a number, and all from there on have one more. */
  insert(number: number, token: Token): void {
    this.tokens.splice(this.start + number - this.firstNumber, 0, token);
  }

  drop(): void {
    this.start++;
    this.firstNumber++;
    if (this.start === this.tokens.length || this.start === MOST_DROPPED) {
      this.tokens.splice(0, this.start);
      this.start = 0;
    }
  }
}
