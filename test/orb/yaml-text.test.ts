import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { yamlText } from '../../src/orb/yaml-text.ts';

/** Strings that a reader of YAML 1.1 or 1.2 takes for something else when they stand bare. */
const TRICKY = [
  ...['yes', 'no', 'on', 'off', 'y', 'n', 'Y', 'N', 'Yes', 'NO', 'On', 'OFF', 'true', 'False', 'TRUE'],
  ...['null', 'Null', 'NULL', '~', ''],
  ...[
    '1_000',
    '12:30',
    '190:20:30',
    '190:20:30.15',
    '-12:30',
    '010',
    '0o10',
    '0x1f',
    '0b11',
    '+1',
    '-0',
    '1e3',
    '1.5e-3',
  ],
  ...['.5', '5.', '.', '.inf', '-.Inf', '.nan', '.NaN', '123456789012', '0123456789'],
  ...['2024-03-01', '2024-03-01T12:00:00Z', '2024-3-1 1:02:03.5 +2', '2001-12-14t21:59:43.10-05:00'],
  ...['=', '<<', '!tag', '&anchor', '*alias', '?', '-', '- item', ': x', 'a: b', '# no comment', 'a # b', '@x', '`x`'],
  ...['%YAML', '---', '...', '[x', '{x', 'x]', '|', '>', "it's", '"quoted"', '\\', '\\n', ' leading', 'trailing '],
  ...[
    'two\nlines',
    'two\nlines\n',
    '\nfirst blank',
    '  indented\nblock',
    'tab\tinside',
    'crlf\r\n',
    'trailing blank \nx',
  ],
  ...['\u0007', '\u0085', 'a\u2028b', 'é', '日本', '😀', '$(touch x)', '${HOME}', '<< parameters.x >>', '>>'],
];

describe('yamlText', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it.each(TRICKY)(`keeps %j a string for a YAML ${version} reader, as a value and in a list`, (text) => {
      const yaml = yamlText({ value: text, list: [text] }, []);
      expect(parse(yaml, { version })).toEqual({ value: text, list: [text] });
    });

    it.each(TRICKY)(`keeps %j a key for a YAML ${version} reader`, (text) => {
      expect(parse(yamlText({ [text]: 1 }, []), { version })).toEqual({ [text]: 1 });
    });
  }

  it.each(['=', '<<', '0o10', 'a\tb'])('quotes %j, which the yaml package itself would leave bare', (text) => {
    expect(yamlText({ value: text }, [])).toBe(`value: '${text}'\n`);
  });

  it('escapes the line breaks that only YAML 1.1 knows', () => {
    expect(yamlText({ value: 'a\u2028b' }, [])).toBe('value: "a\\u2028b"\n');
  });

  it('keeps numbers, booleans and the order of keys', () => {
    expect(yamlText({ version: 2.1, b: true, a: 30, z: null }, [])).toBe('version: 2.1\nb: true\na: 30\nz: null\n');
  });

  it('writes equal objects out again instead of pointing to the first', () => {
    const shared = { a: 1 };
    expect(yamlText({ first: shared, second: shared }, [])).toBe('first:\n  a: 1\nsecond:\n  a: 1\n');
  });

  it('never folds a long line', () => {
    const long = 'word '.repeat(100).trim();
    expect(yamlText({ long }, [])).toBe(`long: ${long}\n`);
  });

  it('begins with the header as a comment', () => {
    expect(yamlText({ a: 1 }, ['One.', 'Two.'])).toBe('# One.\n# Two.\na: 1\n');
  });
});
