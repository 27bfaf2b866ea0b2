import { expect } from '@jest/globals';
import type { Node } from '../../../../src/config/node.ts';
import { Report } from '../../../../src/config/problem.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';
import type { Answer, Value } from './snake-yaml.ts';

/** What our reader makes of a text, in a form that can be compared: maps as lists of pairs, as their order counts. */
export type Reading = { value: unknown } | { error: string };

export function readingOf(text: string): Reading {
  const report = new Report();
  const node = readYaml({ name: 'config.yml', text }, report);
  const error = report.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) return { error: error.message };
  if (node === undefined) throw new Error('neither a value nor an error');
  return { value: plain(node) };
}

function plain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return { map: [...node.entries].map(([key, { value }]) => [key, plain(value)]) };
  }
}

/**
 * What our reader must make of a text that SnakeYAML answers so. Where SnakeYAML falls over, and where its value is nothing
 * that a config can hold, any error will do.
 */
export function expectedReading(answer: Answer): object {
  if ('crash' in answer) return anyError();
  if ('error' in answer) return { error: `Unable to parse YAML\n${withoutControls(answer.error)}` };
  return isConfig(answer.value) ? { value: expected(answer.value) } : anyError();
}

function anyError(): object {
  return { error: expect.stringMatching(/^Unable to parse YAML\n/) };
}

/** A terminal might obey the character that SnakeYAML shows. */
function withoutControls(error: string): string {
  return error.replace(
    /^unacceptable code point '.+?' \(0x(\w+)\)/su,
    (_text, code: string) => `unacceptable code point '\\u${code.padStart(4, '0')}' (0x${code})`,
  );
}

/** There are no sets, bytes and circles in it, and no key is a list or a map. */
function isConfig(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isConfig);
  if ('map' in value) return value.map.every(([key, item]) => isKey(key) && isConfig(item));
  return !('other' in value || 'recursive' in value);
}

function isKey(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  return 'int' in value || 'float' in value || 'date' in value;
}

function expected(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(expected);
  if ('int' in value) return Number.isSafeInteger(Number(value.int)) ? Number(value.int) : BigInt(value.int);
  if ('float' in value) return Number(value.float);
  if ('map' in value) return { map: value.map.map(([key, item]) => [keyText(key), expected(item)]) };
  // A date stays as it is written, which a date does not know.
  return expect.stringMatching(/^\d/);
}

function keyText(key: Value): unknown {
  if (key === null || typeof key !== 'object') return String(key);
  if ('int' in key) return key.int;
  if ('float' in key) return key.float;
  return expect.stringMatching(/^\d/);
}
