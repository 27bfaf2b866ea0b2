import { describe, expect, it } from '@jest/globals';
import { isJsonObject, stableStringify } from '../../src/core/json.ts';

describe('stableStringify', () => {
  it('gives equal text for equal values, whatever the order of keys', () => {
    expect(stableStringify({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  it('keeps the order of lists', () => {
    expect(stableStringify([2, 1])).toBe('[2,1]');
  });

  it('keeps __proto__ as the key that it is', () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    expect(stableStringify(JSON.parse(text))).toBe(text);
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['{}', false],
    [undefined, false],
  ])('%j: %j', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});
