import { TAB, SPACE, isBlank } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { YamlError } from '../yaml-error.ts';

export interface PlainScalar {
  readonly text: string;
  /** The cursor is on a later line than the text's end. */
  readonly crossedLine: boolean;
}

const HASH = 0x23;
const COLON = 0x3a;

/**
 * Takes a plain scalar, over as many lines as it has, and the blanks behind it.
 * @param indent the column that a further line must have at least, outside of `[]` and `{}`
 */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  const { text } = cursor;
  let value = '';
  let spaces = '';
  let crossedLine = false;
  while (text.charCodeAt(cursor.index) !== HASH) {
    const end = chunkEnd(text, cursor.index, inFlow);
    if (end === cursor.index) break;
    value += spaces + cursor.takeUntil(end);
    const { line } = cursor;
    spaces = takeSpaces(cursor);
    crossedLine = cursor.line !== line;
    if (spaces === '' || (!inFlow && cursor.column < indent)) break;
  }
  return { text: value, crossedLine };
}

function chunkEnd(text: string, start: number, inFlow: boolean): number {
  let index = start;
  for (; ; index++) {
    const code = text.charCodeAt(index);
    if (code === COLON) {
      const next = text.charCodeAt(index + 1);
      if (isBlank(next) || (inFlow && isFlowIndicator(next))) return index;
    } else if (code <= SPACE || code >= 0x85) {
      if (isBlank(code)) return index;
    } else if (inFlow && (code === 0x3f || isFlowIndicator(code))) {
      return index;
    }
  }
}

/** One of `,[]{}` */
function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** Takes blanks and line breaks; gives what stands for them between two parts of a text, '' where the text must end. */
function takeSpaces(cursor: Cursor): string {
  const { text } = cursor;
  let end = cursor.index;
  while (text.charCodeAt(end) === SPACE || text.charCodeAt(end) === TAB) end++;
  const blanks = cursor.takeUntil(end);
  const lineBreak = cursor.takeLineBreak();
  if (lineBreak === '') return blanks;
  if (atEndOfDocument(cursor)) return '';
  let breaks = '';
  for (;;) {
    cursor.skip(SPACE);
    const further = cursor.takeLineBreak();
    if (further === '') break;
    breaks += further;
    if (atEndOfDocument(cursor)) return '';
  }
  if (lineBreak !== '\n') return lineBreak + breaks;
  return breaks === '' ? ' ' : breaks;
}

/** In a plain scalar, SnakeYAML takes `---` for the start of a document whatever follows it. */
function atEndOfDocument(cursor: Cursor): boolean {
  return cursor.text.startsWith('---', cursor.index) || cursor.atDocumentMarker();
}

const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/** @param code at the cursor */
export function canBeginPlain(cursor: Cursor, code: number, isFlow: boolean): boolean {
  if (isBlank(code)) return false;
  if (code >= 0x80 || !INDICATORS.includes(String.fromCharCode(code))) return true;
  if (isBlank(cursor.peek(1))) return false;
  return code === 0x2d || (!isFlow && (code === 0x3f || code === 0x3a));
}

/** The error for what begins no token at all. */
export function cannotBegin(cursor: Cursor): YamlError {
  const code = cursor.peek();
  const character = code === 0x09 ? '\\t(TAB)' : String.fromCharCode(code);
  const problem = `found character '${character}' that cannot start any token. (Do not use ${character} for indentation)`;
  const context = { text: 'while scanning for the next token' };
  return new YamlError(problem, cursor.index, { context });
}
