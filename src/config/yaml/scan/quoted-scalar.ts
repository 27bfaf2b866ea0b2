import { SPACE, TAB, isBlank } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { YamlError, characterText, type ErrorContext } from '../yaml-error.ts';

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

// YAML 1.1, section 5.6: what one character behind a backslash stands for.
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const QUOTED = 'while scanning a quoted scalar';

/** Takes a text in quotes, the cursor being at the first of them. */
export function scanQuoted(cursor: Cursor): string {
  const context = { text: QUOTED, index: cursor.index };
  const quote = cursor.peek();
  cursor.index++;
  let value = takeWord(cursor, quote, context.index);
  while (cursor.peek() !== quote) {
    value += takeSpaces(cursor, context);
    value += takeWord(cursor, quote, context.index);
  }
  cursor.index++;
  return value;
}

function takeWord(cursor: Cursor, quote: number, start: number): string {
  const { text } = cursor;
  let value = '';
  for (;;) {
    let end = cursor.index;
    for (; ; end++) {
      const code = text.charCodeAt(end);
      if (code === quote || code === BACKSLASH || isBlank(code)) break;
    }
    value += cursor.takeUntil(end);
    const code = cursor.peek();
    if (code === SINGLE_QUOTE && quote === SINGLE_QUOTE && cursor.peek(1) === SINGLE_QUOTE) {
      value += "'";
      cursor.index += 2;
    } else if (code === BACKSLASH && quote === SINGLE_QUOTE) {
      value += '\\';
      cursor.index++;
    } else if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
      cursor.index++;
      value += takeEscape(cursor, start);
    } else {
      return value;
    }
  }
}

/** @param start where the text in quotes begins */
function takeEscape(cursor: Cursor, start: number): string {
  const context = { text: 'while scanning a double-quoted scalar', index: start };
  const letter = cursor.text.charAt(cursor.index);
  const escape = ESCAPES.get(letter);
  if (escape !== undefined) {
    cursor.index++;
    return escape;
  }
  if (letter === 'x') return takeNumber(cursor, 2, context);
  if (letter === 'u') return takeNumber(cursor, 4, context);
  if (letter === 'U') return takeNumber(cursor, 8, context);
  if (cursor.takeLineBreak() !== '') return takeBreaks(cursor, { text: QUOTED, index: start });
  const problem = `found unknown escape character ${characterText(cursor.text, cursor.index)}`;
  throw new YamlError(problem, cursor.index, { context });
}

function takeNumber(cursor: Cursor, length: number, context: ErrorContext): string {
  cursor.index++;
  const rest = cursor.text.slice(cursor.index, Math.min(cursor.index + 2 * length, cursor.text.length - 1));
  const digits = [...rest].slice(0, length).join('');
  if (!/^[0-9A-Fa-f]+$/.test(digits)) {
    const problem = `expected escape sequence of ${length} hexadecimal numbers, but found: ${digits}`;
    throw new YamlError(problem, cursor.index, { context });
  }
  const code = parseInt(digits, 16);
  if (code > 0x10ffff) throw new YamlError(`found unknown escape character ${digits}`, cursor.index, { context });
  // Fewer digits only at the end of the text, which is an error of its own.
  cursor.index += digits.length;
  return String.fromCodePoint(code);
}

function takeSpaces(cursor: Cursor, context: ErrorContext): string {
  const { text } = cursor;
  let end = cursor.index;
  while (text.charCodeAt(end) === SPACE || text.charCodeAt(end) === TAB) end++;
  const blanks = cursor.takeUntil(end);
  if (cursor.peek() === 0) throw new YamlError('found unexpected end of stream', cursor.index, { context });
  const lineBreak = cursor.takeLineBreak();
  if (lineBreak === '') return blanks;
  const breaks = takeBreaks(cursor, context);
  if (lineBreak !== '\n') return lineBreak + breaks;
  return breaks === '' ? ' ' : breaks;
}

function takeBreaks(cursor: Cursor, context: ErrorContext): string {
  let breaks = '';
  for (;;) {
    if (cursor.atDocumentMarker()) {
      throw new YamlError('found unexpected document separator', cursor.index, { context });
    }
    while (cursor.peek() === SPACE || cursor.peek() === TAB) cursor.index++;
    const lineBreak = cursor.takeLineBreak();
    if (lineBreak === '') return breaks;
    breaks += lineBreak;
  }
}
