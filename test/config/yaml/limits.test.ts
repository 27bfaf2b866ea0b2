import { describe, expect, it } from '@jest/globals';
import { read, within } from './support/read.ts';

const NESTED_100: readonly (readonly [string, string])[] = [
  ['flow lists', `${'['.repeat(100)}${']'.repeat(100)}`],
  ['flow maps', `${'{a: '.repeat(100)}b${'}'.repeat(100)}`],
  ['block lists', `${'- '.repeat(100)}a`],
  ['block maps', Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ['aliases', chain(100)],
];

/** Every list holds the one before. */
function chain(length: number): string {
  const lines = Array.from({ length: length - 2 }, (_, index) => `- &a${index + 1} [*a${index}]\n`);
  return `- &a0 []\n${lines.join('')}`;
}

describe('100 levels', () => {
  it.each(NESTED_100)('of %s are read', (_what, text) => {
    expect(read(text).problems).toEqual([]);
  });

  it.each([
    ['flow lists', '['.repeat(101)],
    ['flow maps', '{a: '.repeat(101)],
    ['maps in keys', '{? '.repeat(101)],
    ['block lists', `${'- '.repeat(101)}a`],
    ['block maps', Array.from({ length: 101 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['aliases', chain(102)],
    ['flow lists without end', '['.repeat(1_000_000)],
    ['block lists without end', '- '.repeat(1_000_000)],
  ])('of %s are the most', (_what, text) => {
    expect(read(text).problems.map(({ message }) => message)).toEqual([
      'Unable to parse YAML\nNesting Depth exceeded max 100',
    ]);
  });
});

describe('what grows without bounds elsewhere', () => {
  it('is no more than its text: lists of aliases of lists of aliases', () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]\n`,
    );
    const { node, problems } = read(`a0: &a0 [x]\n${lines.join('')}`);
    expect(problems).toEqual([]);
    expect(within(node, 'a60', 8)).toBe(within(node, 'a59'));
  });

  it('is refused: merges of large maps by the thousand', () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `  k${index}: x\n`).join('');
    const merges = Array.from({ length: 2000 }, (_, index) => `m${index}: {<<: *a}\n`).join('');
    const { node, problems } = read(`a: &a\n${keys}${merges}`);
    expect(node).toBeUndefined();
    expect(problems[0]?.message).toContain('this text merges too many maps');
  });

  it('is refused: merges of lists of empty maps', () => {
    const list = `[${'*e,'.repeat(2000)}]`;
    const merges = Array.from({ length: 2000 }, (_, index) => `m${index}: {<<: *l}\n`).join('');
    expect(read(`e: &e {}\nl: &l ${list}\n${merges}`).problems[0]?.message).toContain('this text merges too many maps');
  });

  it('is refused: more than 8 MB', () => {
    const { problems } = read(`a: ${'x'.repeat(8 * 1024 * 1024)}`);
    expect(problems[0]?.message).toBe('Unable to parse YAML\nThe text is longer than 8388608 characters');
  });

  it('is cut short: an error in every line', () => {
    expect(read('- !x y\n'.repeat(10_000)).problems).toHaveLength(50);
  });

  it('is cut short: a warning in every line', () => {
    expect(read('a: b\n'.repeat(10_000)).problems).toHaveLength(50);
  });
});
