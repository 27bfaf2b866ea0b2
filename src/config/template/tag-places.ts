import { lineStarts, offsetOf } from '../line-starts.ts';
import type { Place } from '../source.ts';

/**
 * Finds where the tags of a scalar are in its source, whatever style the scalar is written in. No style of YAML changes a
 * `<<` (but for one written in escapes), so the first one of the value is the first one after the place where the scalar
 * starts, the second one the second.
 */
export class TagPlaces {
  private readonly start: Place;
  private readonly text: string;
  private readonly lines: readonly number[];
  /** Which `<<` we are at, in the value and in the source: both only move forward. */
  private offset: number;
  private index: number;

  /**
   * @param start where the scalar starts
   * @param text what it says
   */
  constructor(start: Place, text: string) {
    this.start = start;
    this.text = text;
    this.lines = lineStarts(start.source);
    this.offset = text.indexOf('<<');
    this.index = this.next(offsetOf(start));
  }

  /**
   * @param offset of a `<<` of the value: the same as in the call before, or one behind it
   * @returns where the scalar starts, when it cannot be found
   */
  placeOf(offset: number): Place {
    while (this.offset < offset && this.offset >= 0) {
      this.offset = this.text.indexOf('<<', this.offset + 2);
      this.index = this.next(this.index + 2);
    }
    return this.offset === offset ? this.placeAt(this.index) : this.start;
  }

  /** The place of something behind the `<<` of the last call; that of the `<<` itself, if the source differs in between. */
  placeBehind(offset: number): Place {
    const between = this.text.slice(this.offset, offset);
    const same = !between.includes('\n') && this.start.source.text.startsWith(between, this.index);
    return this.placeAt(same ? this.index + between.length : this.index);
  }

  private placeAt(index: number): Place {
    if (index === Infinity) return this.start;
    const line = lineOf(this.lines, index);
    return { source: this.start.source, line, column: index - (this.lines[line - 1] ?? 0) + 1 };
  }

  private next(from: number): number {
    const index = from === Infinity ? -1 : this.start.source.text.indexOf('<<', from);
    return index < 0 ? Infinity : index;
  }
}

/** The last line that does not start behind an index, counted from 1. */
function lineOf(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}
