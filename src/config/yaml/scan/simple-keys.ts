import type { Cursor } from './cursor.ts';
import { YamlError } from '../yaml-error.ts';

/** A token that turns out to be a key if a `:` follows on its line. */
export interface SimpleKey {
  /** Index of the first character that is too far away for a `:`, once that was asked for. */
  end?: number;
  readonly flowLevel: number;
  /** The number of the token, counted from the start of the text. */
  readonly tokenNumber: number;
  readonly index: number;
  readonly line: number;
  /** Counted from 0. */
  readonly column: number;
  /** Says that it stands where only a key can stand. */
  readonly required: boolean;
}

// YAML 1.1, section 4.2.2: so that a reader need not look ahead for ever.
const LONGEST_KEY = 1024;

/** The tokens that may still be keys: at most one on every level of `[]` and `{}`, so the deeper the later. */
export class SimpleKeys {
  private readonly keys: SimpleKey[] = [];
  private first = 0;

  /** The number of the earliest token that may be a key; -1 if there is none. */
  get nextTokenNumber(): number {
    return this.keys[this.first]?.tokenNumber ?? -1;
  }

  add(key: SimpleKey): void {
    this.keys.push(key);
  }

  /** Takes away and gives the key of a level. */
  take(flowLevel: number): SimpleKey | undefined {
    const last = this.keys[this.keys.length - 1];
    if (last === undefined || last.flowLevel !== flowLevel || this.keys.length === this.first) return undefined;
    this.keys.pop();
    this.reset();
    return last;
  }

  /** @throws YamlError when it had to be a key */
  remove(flowLevel: number, cursor: Cursor): void {
    const key = this.take(flowLevel);
    if (key?.required === true) throw missingColon(key, cursor);
  }

  /**
   * Removes those that can't be keys any more, as the cursor has left their line or is too far away.
   * @throws YamlError when one of them had to be a key
   */
  removeStale(cursor: Cursor): void {
    for (; this.first < this.keys.length; this.first++) {
      const key = this.keys[this.first]!;
      if (key.line === cursor.line && !isTooFar(key, cursor)) break;
      if (key.required) throw missingColon(key, cursor);
    }
    this.reset();
  }

  clear(): void {
    this.keys.length = this.first = 0;
  }

  private reset(): void {
    if (this.first > 0 && this.first >= this.keys.length) this.clear();
  }
}

function isTooFar(key: SimpleKey, { text, index }: Cursor): boolean {
  if (index - key.index <= LONGEST_KEY) return false;
  key.end ??= endOf(key.index, text);
  return index > key.end;
}

/** Counts in characters, of which one may be two UTF-16 units. */
function endOf(start: number, text: string): number {
  let end = start;
  for (let length = 0; length < LONGEST_KEY; length++) end += (text.charCodeAt(end) & 0xfc00) === 0xd800 ? 2 : 1;
  return end;
}

function missingColon(key: SimpleKey, cursor: Cursor): YamlError {
  const context = { text: 'while scanning a simple key', index: key.index };
  return new YamlError("could not find expected ':'", cursor.index, { context });
}
