import { stripVTControlCharacters } from 'node:util';

/** Cursor, colours, bells, and marks that turn the direction of a line: nothing that others say may steer the terminal. */
const STEERING = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A line of somebody else's output as text alone: no escape sequences, no control characters, tabs as blanks. */
export function printable(line: string): string {
  return stripVTControlCharacters(line).replaceAll('\t', '    ').replaceAll(STEERING, '');
}

/** Characters that take two columns (Unicode Standard Annex 11: East Asian Wide and Fullwidth); emoji do as well. */
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{20000}-\u{3FFFD}]|^\p{Emoji_Presentation}|^\p{Emoji}\uFE0F/u;

const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a text takes on a terminal; it has to be printable. */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) width += widthOf(segment);
  return width;
}

/** The text in so many columns at most; what is cut off is told by `…`. */
export function clipped(text: string, columns: number): string {
  if (columns <= 0) return '';
  // No character is less wide than none, but few are: so much can't be cut to less than that many columns.
  const some = text.length > columns * 20 ? text.slice(0, columns * 20) : text;
  if (some === text && textWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of SEGMENTER.segment(some)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text in exactly so many columns, or more when it is longer. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function widthOf(character: string): number {
  return NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
