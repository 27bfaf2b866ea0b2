import { describe, expect, it } from '@jest/globals';
import { placeIn, read, within } from './support/read.ts';

const CONFIG = `version: 2.1
defaults: &defaults
  image: cimg/base   # the image
  "environment": {A: 1, "B": b}
jobs:
- <<: *defaults
  steps:
  - run: |
      make
  - checkout
empty:
`;

describe('the place of a value', () => {
  it.each([
    ['plain text', ['version'], '1:10'],
    ['map behind an anchor', ['defaults'], '2:11'],
    ['nested text', ['defaults', 'image'], '3:10'],
    ['flow map', ['defaults', 'environment'], '4:18'],
    ['text in a flow map', ['defaults', 'environment', 'B'], '4:30'],
    ['list', ['jobs'], '6:1'],
    ['map in a list', ['jobs', 0], '6:3'],
    ['merged value, where it is written', ['jobs', 0, 'image'], '3:10'],
    ['block text, at its indicator', ['jobs', 0, 'steps', 0, 'run'], '8:10'],
    ['item', ['jobs', 0, 'steps', 1], '10:5'],
    ['nothing, behind the colon', ['empty'], '11:7'],
  ])('of a %s', (_what, path, place) => {
    expect(placeIn(within(read(CONFIG).node, ...path)?.at)).toBe(place);
  });

  it.each([
    ['a plain key', ['jobs', 0], 'steps', '7:3'],
    ['a key in quotes', ['defaults'], 'environment', '4:3'],
    ['a merged key, where it is written', ['jobs', 0], 'image', '3:3'],
  ])('of %s', (_what, path, key, place) => {
    const map = within(read(CONFIG).node, ...path);
    expect(placeIn(map?.kind === 'map' ? map.entries.get(key)?.keyAt : undefined)).toBe(place);
  });

  it('counts UTF-16 units', () => {
    expect(placeIn(within(read('["😀", x]').node, 1)?.at)).toBe('1:8');
  });

  it('does not count a byte order mark', () => {
    expect(placeIn(read('\ufeffx').node?.at)).toBe('1:1');
  });

  it('knows its source', () => {
    expect(read('x').node?.at.source).toEqual({ name: 'config.yml', text: 'x' });
  });
});

describe('an alias', () => {
  it('is the very node of its anchor', () => {
    const { node } = read('a: &x {b: c}\nd: *x\n');
    expect(within(node, 'd')).toBe(within(node, 'a'));
  });

  it('is the very node that a merge brings, too', () => {
    const { node } = read('a: &x {b: {c: d}}\ne: {<<: *x}\n');
    expect(within(node, 'e', 'b')).toBe(within(node, 'a', 'b'));
  });

  it('may be used as often as one likes', () => {
    const { node, problems } = read(`a: &x {b: c}\nd: [${'*x, '.repeat(1000)}]\n`);
    expect(problems).toEqual([]);
    expect(within(node, 'd', 999, 'b')).toMatchObject({ value: 'c' });
  });

  it('is an error inside of what it stands for', () => {
    const { node, problems } = read('a: &x\n  b: [c, *x]\n');
    expect(node).toBeUndefined();
    expect(problems[0]?.message).toContain('found alias x inside of what it stands for');
    expect(placeIn(problems[0]?.at)).toBe('2:10');
  });

  it('is an error inside of what is to be merged into it', () => {
    expect(read('a: &x {<<: *x}').problems[0]?.message).toContain('found alias x inside of what it stands for');
  });
});

describe('an empty text', () => {
  it.each([[''], ['\n'], ['# comment\n'], ['---\n'], ['%YAML 1.1\n']])('is null: %j', (text) => {
    const { node, problems } = read(text);
    expect(node).toMatchObject({ kind: 'scalar', value: null });
    expect(problems).toEqual([]);
  });

  it('is at its start', () => {
    expect(placeIn(read('\n# comment\n').node?.at)).toBe('1:1');
  });
});

describe('numbers', () => {
  it('are exact beyond 2^53', () => {
    const { node } = read('[9007199254740991, 9007199254740992, -9007199254740993]');
    expect([0, 1, 2].map((index) => within(node, index))).toMatchObject([
      { value: 9007199254740991 },
      { value: 9007199254740992n },
      { value: -9007199254740993n },
    ]);
  });

  it('of thousands of digits are refused', () => {
    expect(read('1'.repeat(1001)).problems[0]?.message).toContain("can't read 1111");
  });
});

describe('a key', () => {
  it.each([
    ['true: x', 'true'],
    ['YES: x', 'true'],
    ['010: x', '8'],
    ['1.0: x', '1.0'],
    ['1e10: x', '1.0E10'],
    ['12:30: x', '750'],
    ['~: x', 'null'],
    ['?\n: x', 'null'],
    ['2024-03-01: x', '2024-03-01'],
    ['__proto__: x', '__proto__'],
  ])('is a text, as Java prints it: %s', (text, key) => {
    const { node } = read(text);
    expect(node?.kind === 'map' ? [...node.entries.keys()] : undefined).toEqual([key]);
  });

  it.each([
    ['{a: b}: c', 'found a map where a key must be a text', '1:1'],
    ['x:\n  ? - a\n  : c', 'found a list where a key must be a text', '2:5'],
  ])('is no collection: %j', (text, message, place) => {
    const { problems } = read(text);
    expect(problems[0]?.message).toContain(message);
    expect(placeIn(problems[0]?.at)).toBe(place);
  });
});

describe('what CircleCI reads in silence is a warning:', () => {
  it.each([
    ["{1: a, '1': b}", '1:8', 'The key 1 is here twice, first in line 1: only this one counts'],
    ['- 2024-03-01', '1:3', "CircleCI's YAML reads 2024-03-01 as a date, not as a text"],
    ['a: 12:30', '1:4', "CircleCI's YAML reads 12:30 as the number 750"],
    ['a: 010', '1:4', "CircleCI's YAML reads 010 as the number 8"],
  ])('%j', (text, place, message) => {
    const { node, problems } = read(text);
    expect(node).toBeDefined();
    const warnings = problems.filter((problem) => problem.message === message);
    expect(warnings).toMatchObject([{ severity: 'warning', code: 'yaml-value' }]);
    expect(placeIn(warnings[0]?.at)).toBe(place);
    expect(warnings[0]?.hints).toHaveLength(1);
  });

  it.each([["'2024-03-01'"], ['"12:30"'], ['0'], ['0.5'], ['0x1f'], ['a: {<<: {a: 1}, a: 2}']])(
    'but not %s',
    (text) => {
      expect(read(text).problems).toEqual([]);
    },
  );
});

describe('an error', () => {
  it("has CircleCI's words, and SnakeYAML's with both places", () => {
    const { node, problems } = read('jobs:\n  build:\n    docker: x\n    - image: y\n');
    expect(node).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'yaml', severity: 'error' }]);
    expect(placeIn(problems[0]?.at)).toBe('4:5');
    expect(problems[0]?.message).toBe(
      [
        'Unable to parse YAML',
        'while parsing a block mapping',
        " in 'string', line 3, column 5:",
        '        docker: x',
        '        ^',
        "expected <block end>, but found '-'",
        " in 'string', line 4, column 5:",
        '        - image: y',
        '        ^',
      ].join('\n'),
    );
  });

  it('is not the only one where values are wrong', () => {
    const { problems } = read('a: !Ref x\nb: !!int y\n[c]: d\n');
    expect(problems.map(({ at }) => placeIn(at))).toEqual(['3:1', '1:4', '2:4']);
  });

  it('shows no control character', () => {
    expect(read('a: \u001b[31m').problems[0]?.message).toBe(
      'Unable to parse YAML\n' +
        "unacceptable code point '\\u001B' (0x1B) special characters are not allowed\nin \"'string'\", position 3",
    );
  });
});
