import { END, SPACE, endsWord, isNameCharacter } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { takeTagHandle, takeUri } from './tag.ts';
import type { Directive } from './token.ts';
import { YamlError, characterText, type ErrorContext } from '../yaml-error.ts';

/** Takes a whole line that begins with `%`. */
export function scanDirective(cursor: Cursor): Directive {
  const context = { text: 'while scanning a directive', index: cursor.index };
  cursor.index++;
  const directive = takeDirective(cursor, context);
  cursor.skip(SPACE);
  if (cursor.peek() === 0x23) cursor.skipLine();
  if (cursor.takeLineBreak() === '' && cursor.peek() !== END) {
    throw unexpected('a comment or a line break', cursor, context);
  }
  return directive;
}

function takeDirective(cursor: Cursor, context: ErrorContext): Directive {
  const name = takeName(cursor, context);
  if (name === 'YAML') return { name, major: takeVersion(cursor, context) };
  if (name !== 'TAG') {
    cursor.skipLine();
    return { name: 'other' };
  }
  cursor.skip(SPACE);
  const handle = takeTagHandle(cursor, context);
  if (cursor.peek() !== SPACE) throw unexpected("' '", cursor, context);
  cursor.skip(SPACE);
  const prefix = takeUri(cursor, context);
  if (!endsWord(cursor.peek())) throw unexpected("' '", cursor, context);
  return { name, handle, prefix };
}

function takeName(cursor: Cursor, context: ErrorContext): string {
  const expected = 'alphabetic or numeric character';
  let end = cursor.index;
  while (isNameCharacter(cursor.text.charCodeAt(end))) end++;
  if (end === cursor.index) throw unexpected(expected, cursor, context);
  const name = cursor.takeUntil(end);
  if (!endsWord(cursor.peek())) throw unexpected(expected, cursor, context);
  return name;
}

/** Takes `1.1`, of which only the first number decides on anything. */
function takeVersion(cursor: Cursor, context: ErrorContext): number {
  cursor.skip(SPACE);
  const major = takeNumber(cursor, context);
  if (cursor.peek() !== 0x2e) throw unexpected("a digit or '.'", cursor, context);
  cursor.index++;
  takeNumber(cursor, context);
  if (!endsWord(cursor.peek())) throw unexpected("a digit or ' '", cursor, context);
  return major;
}

function takeNumber(cursor: Cursor, context: ErrorContext): number {
  let end = cursor.index;
  while (cursor.text.charCodeAt(end) >= 0x30 && cursor.text.charCodeAt(end) <= 0x39) end++;
  if (end === cursor.index) throw unexpected('a digit', cursor, context);
  return Number(cursor.takeUntil(end));
}

function unexpected(expected: string, cursor: Cursor, context: ErrorContext): YamlError {
  const found = characterText(cursor.text, cursor.index);
  return new YamlError(`expected ${expected}, but found ${found}`, cursor.index, { context });
}
