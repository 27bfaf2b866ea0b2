import { javaDouble } from '../template/java-double.ts';
import type { Scalar } from '../node.ts';
import { TAG } from './tags.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  (['yes', 'true', 'on', 'no', 'false', 'off'] as const).flatMap((word, index) =>
    [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()].map((text) => [text, index < 3] as const),
  ),
);
const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

// The forms of YAML 1.1's types (yaml.org/type) as SnakeYAML reads them: an underscore is no first digit of a decimal,
// and an exponent needs no sign.
const INT =
  /^[-+]?(?:0b_*[01][01_]*|0_*[0-7][0-7_]*|0|[1-9][0-9_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

/** The tag that a plain scalar has by the look of it. */
export function implicitTag(text: string): string {
  const first = text.charCodeAt(0);
  if (first > 0x40) {
    if (text.length > 5) return TAG.str;
    if (BOOLEANS.has(text)) return TAG.bool;
    return NULLS.has(text) ? TAG.null : TAG.str;
  }
  if (text === '') return TAG.null;
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) return numericTag(text);
  return text === '<<' ? TAG.merge : TAG.str;
}

function numericTag(text: string): string {
  if (INT.test(text)) return TAG.int;
  if (isFloat(text)) return TAG.float;
  return TIMESTAMP.test(text) ? TAG.timestamp : TAG.str;
}

/** An integer's text that hardly anybody reads as YAML 1.1 does: in base 60 or 8. */
export function isUnusual(text: string): boolean {
  return text.includes(':') || /^[-+]?0[0-7_]/.test(text);
}

/** The text is a date for `!!timestamp`, which needs no two digits for a month or a day. */
export function isTimestamp(text: string): boolean {
  return TIMESTAMP.test(text) || /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$/.test(text);
}

/** The text is a float, not an integer. */
function isFloat(text: string): boolean {
  return FLOAT.test(text) && /[.eE]/.test(text);
}

/** The value of a text with `!!bool`, as SnakeYAML has it: in any case; for any other text it has null. */
export function booleanOf(text: string): boolean | undefined {
  return BOOLEANS.get(text.toLowerCase());
}

// The time that a number takes grows with the square of its length.
const MOST_DIGITS = 1000;

/** The value of a text with `!!int`; undefined when it is none. Beyond 2^53 it is a bigint. */
export function integerOf(text: string): number | bigint | undefined {
  if (text.length > MOST_DIGITS) return undefined;
  const digits = text.replaceAll('_', '');
  const sign = digits.startsWith('-') ? -1n : 1n;
  const value = magnitudeOf(digits.replace(/^[-+]/, ''));
  if (value === undefined) return undefined;
  const signed = sign * value;
  return signed >= Number.MIN_SAFE_INTEGER && signed <= Number.MAX_SAFE_INTEGER ? Number(signed) : signed;
}

function magnitudeOf(digits: string): bigint | undefined {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  if (/^(?:0|[1-9][0-9]*)$/.test(digits)) return BigInt(digits);
  return /^[1-9][0-9]{0,17}(?::[0-9]{1,18})+$/.test(digits) ? sexagesimalOf(digits) : undefined;
}

// SnakeYAML counts in 32 bits here, and lets them overflow.
function sexagesimalOf(digits: string): bigint {
  let value = 0n;
  let base = 1n;
  for (const part of digits.split(':').toReversed()) {
    value = BigInt.asIntN(32, value + BigInt(part) * base);
    base = BigInt.asIntN(32, base * 60n);
  }
  return value;
}

/** The value of a text with `!!float`; undefined when it is none. */
export function floatOf(text: string): number | undefined {
  const digits = text.replaceAll('_', '').toLowerCase();
  const sign = digits.startsWith('-') ? -1 : 1;
  const magnitude = digits.replace(/^[-+]/, '');
  if (magnitude === '.inf') return sign * Infinity;
  if (magnitude === '.nan') return NaN;
  if (/^[0-9]+(?::[0-9]+)+\.?[0-9]*$/.test(magnitude)) {
    return sign * magnitude.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  return /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(magnitude) ? sign * Number(magnitude) : undefined;
}

/** A scalar as a key, in the way that Java prints it. */
export function keyText(value: Scalar, asFloat: boolean): string {
  return typeof value === 'number' && asFloat ? javaDouble(value) : String(value);
}
