import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { plainValue } from '../../../src/config/render/plain-value.ts';
import { scalarNode, type Scalar } from '../../../src/config/node.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

describe('plainValue', () => {
  it.each<[string, Scalar, JsonValue]>([
    ['text', 'a', 'a'],
    ['null', null, null],
    ['a boolean', false, false],
    ['a number', 1.14, 1.14],
    ['an integer beyond 2^53 that a double holds', 2n ** 60n, 2 ** 60],
    ['an integer that no double holds, as text', 2n ** 60n + 1n, '1152921504606846977'],
    ['infinity, as YAML writes it', Infinity, '.inf'],
    ['negative infinity, as YAML writes it', -Infinity, '-.inf'],
    ['no number, as YAML writes it', NaN, '.nan'],
  ])('gives %s', (_name, value, expected) => {
    expect(plainValue(scalarNode(value, nowhere))).toBe(expected);
  });

  it('gives lists and maps in their order', () => {
    const value = {
      version: 2,
      jobs: { build: { steps: ['checkout', { run: { command: 'a' } }], empty: {} } },
      none: [],
    };
    expect(JSON.stringify(plainValue(nodeOf(value)))).toBe(JSON.stringify(value));
  });

  it('gives a key that objects have from their prototype as any other', () => {
    const value = JSON.parse('{"__proto__": {"a": 1}}') as JsonValue;
    expect(JSON.stringify(plainValue(nodeOf(value)))).toBe('{"__proto__":{"a":1}}');
  });
});
