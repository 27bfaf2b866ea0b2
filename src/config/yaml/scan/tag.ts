import { SPACE, endsWord, isBlank, isNameCharacter, isUriCharacter } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { TagName } from './token.ts';
import { YamlError, characterText, type ErrorContext } from '../yaml-error.ts';

const EXCLAMATION_MARK = 0x21;

/** Takes a tag: `!name`, `!!name`, `!handle!name`, `!<uri>` or `!`. */
export function scanTag(cursor: Cursor): TagName {
  const context = { text: 'while scanning a tag', index: cursor.index };
  const tag = takeTag(cursor, context);
  if (!endsWord(cursor.peek())) throw unexpected("' '", cursor, context);
  return tag;
}

function takeTag(cursor: Cursor, context: ErrorContext): TagName {
  const next = cursor.peek(1);
  if (next === 0x3c) {
    cursor.index += 2;
    const suffix = takeUri(cursor, context);
    if (cursor.peek() !== 0x3e) throw unexpected("'>'", cursor, context);
    cursor.index++;
    return { name: 'tag', handle: undefined, suffix };
  }
  if (isBlank(next)) {
    cursor.index++;
    return { name: 'tag', handle: undefined, suffix: '!' };
  }
  let end = cursor.index + 1;
  while (!endsWord(cursor.text.charCodeAt(end)) && cursor.text.charCodeAt(end) !== EXCLAMATION_MARK) end++;
  const hasHandle = cursor.text.charCodeAt(end) === EXCLAMATION_MARK;
  const handle = hasHandle ? takeTagHandle(cursor, context) : cursor.takeUntil(cursor.index + 1);
  return { name: 'tag', handle, suffix: takeUri(cursor, context) };
}

function unexpected(expected: string, cursor: Cursor, context: ErrorContext): YamlError {
  const code = cursor.text.codePointAt(cursor.index) ?? 0;
  const found = `'${String.fromCodePoint(code)}' (${code})`;
  return new YamlError(`expected ${expected}, but found ${found}`, cursor.index, { context });
}

/** Takes `!`, `!!` or `!name!`. */
export function takeTagHandle(cursor: Cursor, context: ErrorContext): string {
  if (cursor.peek() !== EXCLAMATION_MARK) throw missingMark(cursor, context);
  let end = cursor.index + 1;
  if (cursor.text.charCodeAt(end) !== SPACE) {
    while (isNameCharacter(cursor.text.charCodeAt(end))) end++;
    if (cursor.text.charCodeAt(end) !== EXCLAMATION_MARK) {
      cursor.index = end;
      throw missingMark(cursor, context);
    }
    end++;
  }
  return cursor.takeUntil(end);
}

function missingMark(cursor: Cursor, context: ErrorContext): YamlError {
  const found = characterText(cursor.text, cursor.index);
  return new YamlError(`expected '!', but found ${found}`, cursor.index, { context });
}

export function takeUri(cursor: Cursor, context: ErrorContext): string {
  let uri = '';
  for (;;) {
    let end = cursor.index;
    while (isUriCharacter(cursor.text.charCodeAt(end)) && cursor.text.charCodeAt(end) !== 0x25) end++;
    uri += cursor.takeUntil(end);
    if (cursor.peek() !== 0x25) break;
    uri += takeEscapes(cursor, context);
  }
  if (uri === '') {
    throw new YamlError(`expected URI, but found ${characterText(cursor.text, cursor.index)}`, cursor.index, {
      context,
    });
  }
  return uri;
}

/** Takes any number of `%xx`, which together are UTF-8. */
function takeEscapes(cursor: Cursor, context: ErrorContext): string {
  const start = cursor.index;
  const bytes: number[] = [];
  while (cursor.peek() === 0x25) {
    cursor.index++;
    const digits = cursor.text.slice(cursor.index, Math.min(cursor.index + 2, cursor.text.length - 1));
    if (!/^[0-9A-Fa-f]{1,2}$/.test(digits)) {
      const first = characterText(cursor.text, cursor.index);
      const next = cursor.index + (cursor.text.codePointAt(cursor.index)! > 0xffff ? 2 : 1);
      const second = characterText(cursor.text, Math.min(next, cursor.text.length - 1));
      const problem = `expected URI escape sequence of 2 hexadecimal numbers, but found ${first} and ${second}`;
      throw new YamlError(problem, cursor.index, { context });
    }
    bytes.push(parseInt(digits, 16));
    cursor.index += digits.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    throw new YamlError('expected URI in UTF-8: Input length = 1', start, { context });
  }
}
