import { isJsonObject, type JsonValue } from '../core/json.ts';
import type { Param } from './declaration.ts';

/** Why a text is no value of its parameter, in words that follow the parameter's name: `must be …`. */
export class ValueError extends Error {}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads one text as a value of the parameter's kind. A duration becomes milliseconds, a list an array of strings, a
 * map a record; `expand` is applied to each string, path, list item and map item, after the text has been taken apart,
 * so that what a variable holds can never add an item. Throws a ValueError.
 */
export function parseValue(param: Param, text: string, expand: (item: string) => string): unknown {
  switch (param.type) {
    case 'string':
      return matching(expand(text), param.pattern, param.patternHint);
    case 'path':
      return expand(text);
    case 'secret':
      return text;
    case 'integer':
      return parseInteger(text, param.min, param.max);
    case 'boolean':
      return parseBoolean(text);
    case 'enum':
      if (!param.values.includes(text)) throw new ValueError(`must be one of ${param.values.join(', ')} ${got(text)}`);
      return text;
    case 'duration':
      return parseDuration(text);
    case 'list':
      return parseList(text).map(expand);
    case 'map':
      return Object.fromEntries(parseMap(text).map(([key, value]) => [expand(key), expand(value)]));
    case 'json':
      return parseJson(text);
  }
}

function got(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `(got: ${JSON.stringify(shown)})`;
}

function matching(text: string, pattern: RegExp | undefined, hint: string | undefined): string {
  if (pattern && !pattern.test(text))
    throw new ValueError(`must be ${hint ?? `text matching ${pattern.source}`} ${got(text)}`);
  return text;
}

function parseInteger(text: string, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
  const lower = min === Number.MIN_SAFE_INTEGER ? '' : ` of at least ${min}`;
  const upper = max === Number.MAX_SAFE_INTEGER ? '' : `${lower ? ' and' : ' of'} at most ${max}`;
  throw new ValueError(`must be a whole number${lower}${upper} ${got(text)}`);
}

/** CircleCI writes a boolean parameter into the environment as `1` and `0` or as `true` and `false`. */
function parseBoolean(text: string): boolean {
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new ValueError(`must be true or false ${got(text)}`);
}

function parseDuration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const milliseconds = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isSafeInteger(milliseconds)) {
    throw new ValueError(`must be a duration such as 90s, 15m or 2h ${got(text)}`);
  }
  return milliseconds;
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ValueError(`must be JSON: ${(error as Error).message}`);
  }
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function parseList(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return lines(text).map((line) => line.trim());
  const items = parseJson(text);
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) {
    throw new ValueError('must be a JSON array of strings, or one item a line');
  }
  return items;
}

function parseMap(text: string): [string, string][] {
  if (text.trimStart().startsWith('{')) return parseJsonMap(text);
  return lines(text).map((line) => {
    const at = line.indexOf('=');
    const key = line.slice(0, at).trim();
    if (at < 0 || key === '') throw new ValueError(`must be KEY=VALUE, one a line ${got(line)}`);
    return [key, line.slice(at + 1)];
  });
}

function parseJsonMap(text: string): [string, string][] {
  const object = parseJson(text);
  if (!isJsonObject(object)) throw new ValueError('must be a JSON object of strings, or KEY=VALUE lines');
  return Object.entries(object).map(([key, value]) => {
    if (typeof value !== 'string')
      throw new ValueError(`must hold only strings, but ${JSON.stringify(key)} is ${JSON.stringify(value)}`);
    return [key, value];
  });
}
