import { END, SPACE, TAB, endsWord } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { YamlError, characterText, type ErrorContext } from '../yaml-error.ts';

interface Header {
  /** What happens to line breaks at the end; the last of them is kept when nothing is said. */
  readonly chomping: 'strip' | 'clip' | 'keep';
  readonly indentation: number | undefined;
}

/**
 * Takes the text behind `|` or `>`, the cursor being there.
 * @param parentIndent the column of the block that the text belongs to; -1 outside of all
 */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): string {
  const folded = cursor.peek() === 0x3e;
  const { chomping, indentation } = takeHeader(cursor);
  const leastIndent = Math.max(parentIndent + 1, 1);
  const first = indentation === undefined ? takeLeadingLines(cursor) : { breaks: '', widest: 0 };
  const indent = indentation === undefined ? Math.max(leastIndent, first.widest) : leastIndent + indentation - 1;
  let breaks = first.breaks;
  if (indentation !== undefined) breaks = takeEmptyLines(cursor, indent);

  let value = '';
  let lineBreak = '';
  while (cursor.column === indent && cursor.peek() !== END) {
    value += breaks;
    const indented = isSpaceOrTab(cursor.peek());
    value += takeLine(cursor);
    lineBreak = cursor.takeLineBreak();
    breaks = takeEmptyLines(cursor, indent);
    if (cursor.column !== indent || cursor.peek() === END) break;
    const joined = folded && lineBreak === '\n' && !indented && !isSpaceOrTab(cursor.peek());
    if (!joined) value += lineBreak;
    else if (breaks === '') value += ' ';
  }
  if (chomping !== 'strip') value += lineBreak;
  if (chomping === 'keep') value += breaks;
  return value;
}

function takeHeader(cursor: Cursor): Header {
  const context = { text: 'while scanning a block scalar', index: cursor.index };
  cursor.index++;
  let sign = takeSign(cursor);
  const indentation = takeIndentation(cursor, context);
  if (sign === '') sign = takeSign(cursor);
  if (!endsWord(cursor.peek())) {
    const found = characterText(cursor.text, cursor.index);
    throw new YamlError(`expected chomping or indentation indicators, but found ${found}`, cursor.index, { context });
  }
  cursor.skip(SPACE);
  if (cursor.peek() === 0x23) cursor.skipLine();
  if (cursor.takeLineBreak() === '' && cursor.peek() !== END) {
    const found = characterText(cursor.text, cursor.index);
    throw new YamlError(`expected a comment or a line break, but found ${found}`, cursor.index, { context });
  }
  return { chomping: sign === '-' ? 'strip' : sign === '+' ? 'keep' : 'clip', indentation };
}

function takeSign(cursor: Cursor): '+' | '-' | '' {
  const code = cursor.peek();
  if (code !== 0x2b && code !== 0x2d) return '';
  cursor.index++;
  return code === 0x2b ? '+' : '-';
}

function takeIndentation(cursor: Cursor, context: ErrorContext): number | undefined {
  const code = cursor.peek();
  if (code < 0x30 || code > 0x39) return undefined;
  if (code === 0x30) {
    const problem = 'expected indentation indicator in the range 1-9, but found 0';
    throw new YamlError(problem, cursor.index, { context });
  }
  cursor.index++;
  return code - 0x30;
}

function takeLine(cursor: Cursor): string {
  return cursor.takeUntil(cursor.lineEnd());
}

/** Takes the empty lines before the text and the indentation of its first line, which decides on that of all others. */
function takeLeadingLines(cursor: Cursor): { breaks: string; widest: number } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    cursor.skip(SPACE);
    widest = Math.max(widest, cursor.column);
    const lineBreak = cursor.takeLineBreak();
    if (lineBreak === '') return { breaks, widest };
    breaks += lineBreak;
  }
}

function takeEmptyLines(cursor: Cursor, indent: number): string {
  let breaks = '';
  for (;;) {
    while (cursor.column < indent && cursor.peek() === SPACE) cursor.index++;
    const lineBreak = cursor.takeLineBreak();
    if (lineBreak === '') return breaks;
    breaks += lineBreak;
  }
}

function isSpaceOrTab(code: number): boolean {
  return code === SPACE || code === TAB;
}
