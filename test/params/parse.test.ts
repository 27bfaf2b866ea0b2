import { describe, expect, it } from '@jest/globals';
import type { Param } from '../../src/params/declaration.ts';
import { parseValue, ValueError } from '../../src/params/parse.ts';

const described = { description: 'For tests.' };
const asIs = (text: string): string => text;

const string = { type: 'string', ...described } as const;
const patterned = { ...string, pattern: /^\d{12}$/, patternHint: 'twelve digits' } as const;
const integer = { type: 'integer', ...described } as const;
const bounded = { ...integer, min: 1, max: 10 } as const;
const boolean = { type: 'boolean', ...described } as const;
const choice = { type: 'enum', values: ['auto', 'docker'], ...described } as const;
const duration = { type: 'duration', ...described } as const;
const path = { type: 'path', ...described } as const;
const list = { type: 'list', ...described } as const;
const map = { type: 'map', ...described } as const;
const json = { type: 'json', ...described } as const;

describe('parseValue takes', () => {
  it.each<[string, Param, string, unknown]>([
    ['a string', string, ' a b ', ' a b '],
    ['a string with line breaks', string, 'a\nb', 'a\nb'],
    ['a string that matches', patterned, '123456789012', '123456789012'],
    ['an integer', integer, '42', 42],
    ['a negative integer', integer, '-3', -3],
    ['an integer at the lower bound', bounded, '1', 1],
    ['an integer at the upper bound', bounded, '10', 10],
    ['true', boolean, 'true', true],
    ['1 as CircleCI writes true', boolean, '1', true],
    ['false', boolean, 'false', false],
    ['0 as CircleCI writes false', boolean, '0', false],
    ['one of the values', choice, 'docker', 'docker'],
    ['milliseconds', duration, '500ms', 500],
    ['seconds', duration, '90s', 90_000],
    ['minutes', duration, '15m', 900_000],
    ['hours', duration, '2h', 7_200_000],
    ['days', duration, '1d', 86_400_000],
    ['a path', path, 'a dir/x', 'a dir/x'],
    ['a list by lines', list, 'a\n\n  b c \r\nd\n', ['a', 'b c', 'd']],
    ['a list as JSON', list, ' ["a", " b ", "", "c\\nd"]', ['a', ' b ', '', 'c\nd']],
    ['a map by lines', map, 'A=1\r\n\nB = two words \n', { A: '1', B: ' two words ' }],
    ['a map split at the first =', map, 'QUERY=a=b&c=d', { QUERY: 'a=b&c=d' }],
    ['an empty value in a map', map, 'A=', { A: '' }],
    ['a map as JSON', map, '{"A": "1\\n2", "B=C": ""}', { A: '1\n2', 'B=C': '' }],
    ['JSON', json, '{"a": [1, null]}', { a: [1, null] }],
  ])('%s', (_what, param, text, expected) => {
    expect(parseValue(param, text, asIs)).toEqual(expected);
  });
});

describe('parseValue refuses, in words that follow the name of the parameter', () => {
  it.each<[string, Param, string, string]>([
    ['a string that does not match', patterned, '12', 'must be twelve digits (got: "12")'],
    ['a long string, shortened', patterned, 'x'.repeat(80), `must be twelve digits (got: "${'x'.repeat(57)}...")`],
    ['a pattern without words', { ...string, pattern: /^a$/ }, 'b', 'must be text matching ^a$ (got: "b")'],
    ['no number', integer, 'ten', 'must be a whole number (got: "ten")'],
    ['a fraction', integer, '1.5', 'must be a whole number (got: "1.5")'],
    ['an exponent', integer, '1e3', 'must be a whole number (got: "1e3")'],
    ['hexadecimal', integer, '0x10', 'must be a whole number (got: "0x10")'],
    ['blanks around a number', integer, ' 1', 'must be a whole number (got: " 1")'],
    ['a number too big to be exact', integer, '9007199254740993', 'must be a whole number (got: "9007199254740993")'],
    ['below the bound', bounded, '0', 'must be a whole number of at least 1 and at most 10 (got: "0")'],
    ['above the bound', bounded, '11', 'must be a whole number of at least 1 and at most 10 (got: "11")'],
    ['below the only bound', { ...integer, min: 0 }, '-1', 'must be a whole number of at least 0 (got: "-1")'],
    ['above the only bound', { ...integer, max: 5 }, '6', 'must be a whole number of at most 5 (got: "6")'],
    ['another word for true', boolean, 'yes', 'must be true or false (got: "yes")'],
    ['another case of true', boolean, 'True', 'must be true or false (got: "True")'],
    ['none of the values', choice, 'Docker', 'must be one of auto, docker (got: "Docker")'],
    ['a duration without unit', duration, '90', 'must be a duration such as 90s, 15m or 2h (got: "90")'],
    ['an unknown unit', duration, '2w', 'must be a duration such as 90s, 15m or 2h (got: "2w")'],
    ['a compound duration', duration, '1h30m', 'must be a duration such as 90s, 15m or 2h (got: "1h30m")'],
    ['a negative duration', duration, '-1s', 'must be a duration such as 90s, 15m or 2h (got: "-1s")'],
    [
      'a duration beyond counting',
      duration,
      '9999999999999999h',
      'must be a duration such as 90s, 15m or 2h (got: "9999999999999999h")',
    ],
    ['numbers in a list', list, '["a", 1]', 'must be a JSON array of strings, or one item a line'],
    ['a line without =', map, 'A=1\nB', 'must be KEY=VALUE, one a line (got: "B")'],
    ['a line without a key', map, '=1', 'must be KEY=VALUE, one a line (got: "=1")'],
    ['numbers in a map', map, '{"A": 1}', 'must hold only strings, but "A" is 1'],
    ['objects in a map', map, '{"A": {"B": "c"}}', 'must hold only strings, but "A" is {"B":"c"}'],
  ])('%s', (_what, param, text, expected) => {
    expect(() => parseValue(param, text, asIs)).toThrow(new ValueError(expected));
  });

  it.each<[string, Param, string]>([
    ['broken JSON', json, '{'],
    ['a broken JSON list', list, '["a"'],
    ['a broken JSON map', map, '{"a"'],
  ])('%s, with what the JSON parser says', (_what, param, text) => {
    expect(() => parseValue(param, text, asIs)).toThrow(/^must be JSON: .+/);
  });
});

describe('what is expanded', () => {
  const shout = (text: string): string => text.replaceAll('$X', 'one\ntwo=2,["three"]');

  it.each<[string, Param, string, unknown]>([
    ['a string', string, '$X', 'one\ntwo=2,["three"]'],
    ['a path', path, '$X', 'one\ntwo=2,["three"]'],
    ['items of a list, which stay one item each', list, 'a\n$X', ['a', 'one\ntwo=2,["three"]']],
    ['items of a JSON list', list, '["$X"]', ['one\ntwo=2,["three"]']],
    ['a list that is one variable stays one item', list, '$X', ['one\ntwo=2,["three"]']],
    ['values of a map, which stay one value each', map, 'A=$X', { A: 'one\ntwo=2,["three"]' }],
    ['keys of a map', map, '$X=1', { 'one\ntwo=2,["three"]': '1' }],
  ])('%s', (_what, param, text, expected) => {
    expect(parseValue(param, text, shout)).toEqual(expected);
  });

  it.each<[string, Param, string]>([
    ['an integer', integer, '$X'],
    ['a boolean', boolean, '$X'],
    ['an enum', choice, '$X'],
    ['a duration', duration, '$X'],
    ['JSON', json, '$X'],
  ])('not %s', (_what, param, text) => {
    expect(() => parseValue(param, text, shout)).toThrow(ValueError);
  });

  it('a pattern judges what came of the expansion', () => {
    expect(parseValue(patterned, '$ACCOUNT', () => '123456789012')).toBe('123456789012');
  });
});

it('__proto__ is a key like every other', () => {
  const value = parseValue(map, '__proto__=x\nA=1', asIs);
  expect(Object.entries(value as object)).toEqual([
    ['__proto__', 'x'],
    ['A', '1'],
  ]);
});
