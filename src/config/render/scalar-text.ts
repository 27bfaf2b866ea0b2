import { javaDouble } from '../template/java-double.ts';
import type { Scalar } from '../node.ts';
import { isPrintable, scalarStyle } from './scalar-style.ts';

/** What YAML has a letter for; everything else is written by its number. */
const ESCAPES = new Map([
  [0x00, '\\0'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x1b, '\\e'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x85, '\\N'],
  [0x2028, '\\L'],
  [0x2029, '\\P'],
]);

/**
 * A scalar as YAML, without a line break at its end.
 * @param indent what lines after the first one begin with
 * @param isFloat of a whole number that is a float
 */
export function scalarText(value: Scalar, indent: string, isFloat = false): string {
  if (typeof value === 'string') return stringText(value, indent);
  return typeof value === 'number' ? numberText(value, isFloat) : String(value);
}

/** An integer is what a double holds exactly; everything else is a float, and has a point to be read as one again. */
function numberText(value: number, isFloat: boolean): string {
  if (!isFloat && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return javaDouble(value);
}

function stringText(text: string, indent: string): string {
  switch (scalarStyle(text)) {
    case 'plain':
      return text;
    case 'literal':
      return literalText(text, indent);
    case 'single-quoted':
      return `'${text.replaceAll("'", "''")}'`;
    case 'double-quoted':
      return doubleQuoted(text);
  }
}

function literalText(text: string, indent: string): string {
  // A reader takes the indentation from the first line, which it can't when that is empty or begins with a blank.
  const indentation = text.startsWith(' ') || text.startsWith('\n') ? '2' : '';
  const body = text.replace(/[^\n]+/g, (line) => indent + line);
  if (!text.endsWith('\n')) return `|${indentation}-\n${body}`;
  const endsWithEmptyLine = text === '\n' || text.endsWith('\n\n');
  return `|${indentation}${endsWithEmptyLine ? '+' : ''}\n${body.slice(0, -1)}`;
}

function doubleQuoted(text: string): string {
  const parts = ['"'];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const escape = ESCAPES.get(code) ?? (isPrintable(code, text, index) ? undefined : escapeByNumber(code));
    if (escape === undefined) continue;
    parts.push(text.slice(start, index), escape);
    start = index + 1;
  }
  parts.push(text.slice(start), '"');
  return parts.join('');
}

function escapeByNumber(code: number): string {
  const digits = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
