import { looksTyped } from './implicit-types.ts';

/** How YAML can write a text: as it is, as a block after `|`, or in quotes. */
export type ScalarStyle = 'plain' | 'literal' | 'single-quoted' | 'double-quoted';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;
const COLON = 0x3a;
const QUESTION = 0x3f;

/** What cannot begin a plain text. */
const INDICATORS = new Set([...'#,[]{}&*!|>\'"%@`'].map((character) => character.charCodeAt(0)));

/**
 * The style in which CircleCI prints a text: plain where it can be; as a block when it has line breaks and YAML can; else in
 * the quotes that can. The rules are those of the emitter that PyYAML and SnakeYAML share, for block style and with no
 * limit to the length of lines.
 */
export function scalarStyle(text: string): ScalarStyle {
  if (text.length === 0) return 'single-quoted';
  let lineBreaks = false;
  let indicators = text.startsWith('---') || text.startsWith('...') || startsWithIndicator(text);
  let previous = NaN;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED) {
      if (previous === SPACE) return 'double-quoted';
      lineBreaks = true;
    } else if (code === COLON) {
      indicators ||= isBlankOrEnd(text.charCodeAt(index + 1));
    } else if (code === HASH) {
      indicators ||= isBlankOrEnd(previous);
    } else if (!isPrintable(code, text, index)) {
      return 'double-quoted';
    }
    previous = code;
  }
  const endsWithSpace = previous === SPACE;
  if (lineBreaks) return endsWithSpace ? 'double-quoted' : 'literal';
  const plain = !indicators && !endsWithSpace && text.charCodeAt(0) !== SPACE && !looksTyped(text);
  return plain ? 'plain' : 'single-quoted';
}

function startsWithIndicator(text: string): boolean {
  const first = text.charCodeAt(0);
  if (INDICATORS.has(first)) return true;
  return (first === DASH || first === QUESTION) && isBlankOrEnd(text.charCodeAt(1));
}

/** @param code NaN for the beginning and the end of a text */
function isBlankOrEnd(code: number): boolean {
  return Number.isNaN(code) || code === SPACE || code === TAB || code === LINE_FEED || code === CARRIAGE_RETURN;
}

/**
 * Whether a character may stand outside of double quotes. Beyond ASCII that is everything but control characters, halves of
 * a surrogate pair, the byte order mark, and what some readers take for a line break (NEL, U+2028, U+2029).
 */
export function isPrintable(code: number, text: string, index: number): boolean {
  if (code < 0x7f) return code >= SPACE;
  if (code < 0xd800) return code >= 0xa0 && code !== 0x2028 && code !== 0x2029;
  if (code >= 0xe000) return code !== 0xfeff && code < 0xfffe;
  return isPaired(code, text, index);
}

function isPaired(code: number, text: string, index: number): boolean {
  const isFirst = code < 0xdc00;
  const other = text.charCodeAt(isFirst ? index + 1 : index - 1);
  return isFirst ? other >= 0xdc00 && other < 0xe000 : other >= 0xd800 && other < 0xdc00;
}
