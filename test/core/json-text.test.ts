import { describe, expect, it } from '@jest/globals';
import { readJson } from '../../src/core/json-text.ts';

describe('readJson', () => {
  const text = ' {"a": [1, {"b,": "x\\"}"}], "__proto__": null,\n  "c": {"a": -1.5e3}}';

  it('reads the value', () => {
    expect(readJson(text)?.value).toEqual(JSON.parse(text));
  });

  it.each([
    [['a'], '[1'],
    [['a', 0], '1,'],
    [['a', 1], '{"b,"'],
    [['a', 1, 'b,'], '"x\\"}"'],
    [['__proto__'], 'null'],
    [['c', 'a'], '-1.5e3'],
    [['c', 'missing', 'deeper'], '{"a": -'],
    [['a', 2], '[1'],
    [['missing'], '{"a": [1'],
  ])('finds %j at %s', (path, start) => {
    expect(text.slice(readJson(text)?.offsetOf(path)).startsWith(start)).toBe(true);
  });

  it.each([
    ['a text', '"a"', 'a'],
    ['a number', '12', 12],
    ['empty lists and objects', '[[], {}, []]', [[], {}, []]],
  ])('reads %s alone', (_what, alone, value) => {
    expect(readJson(alone)).toMatchObject({ value });
  });

  it.each([
    ['YAML', 'a: 1'],
    ['nothing', ''],
    ['JSON that breaks off', '{"a": '],
    ['a key that comes twice', '{"a": 1, "b": {}, "a": 2}'],
    ['a key that comes twice, once escaped', String.raw`[{"a": 1, "\u0061": 2}]`],
  ])('is undefined for %s', (_what, other) => {
    expect(readJson(other)).toBeUndefined();
  });

  it('reads what is nested deeply', () => {
    const deep = 20_000;
    expect(readJson('['.repeat(deep) + ']'.repeat(deep))).toBeDefined();
  });
});
