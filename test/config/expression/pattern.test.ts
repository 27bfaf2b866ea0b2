import { describe, expect, it } from '@jest/globals';
import { InvalidPattern, Pattern } from '../../../src/config/expression/pattern.ts';

function refusalOf(source: string): InvalidPattern {
  try {
    void new Pattern(source);
  } catch (error) {
    if (error instanceof InvalidPattern) return error;
    throw error;
  }
  throw new Error(`${source} is accepted`);
}

describe('a pattern', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['main|develop', 'develop', true],
    ['^v\\d+$', 'v12', true],
    ['(?i)V1', 'v1', true],
    ['.*', 'a\nb', false],
    ['(?s).*', 'a\nb', true],
    ['a?', '', true],
    ['[^/]+/.*', 'feature/ünï', true],
  ])('%s on %j: %s', (source, text, matches) => {
    expect(new Pattern(source).matches(text)).toBe(matches);
  });
});

describe('what RE2 has not', () => {
  it.each([
    ['^(?!main).*$', 'lookahead `(?!…)`'],
    ['a(?=b)', 'lookahead `(?=…)`'],
    ['(?<=a)b', 'lookbehind `(?<=…)`'],
    ['(?<!a)b', 'lookbehind `(?<!…)`'],
    ['(?>a+)b', 'atomic groups'],
    ['(a)\\1', 'backreferences such as `\\1`'],
    ['(?<n>a)\\k<n>', 'backreferences such as `\\k`'],
    ['a++', 'possessive quantifiers such as `++`'],
    ['a{2}+', 'possessive quantifiers such as `{2}+`'],
    ['a{1001}', 'RE2 repeats a part at most 1000 times'],
    ['((a{0,100}){0,100}){0,100}', 'RE2 repeats a part at most 1000 times'],
    ['(a{0,1000}){1000}', 'RE2 says: expression too large'],
    ['a**', 'RE2 says: invalid nested repetition operator: `**`'],
    ['(a', 'RE2 says: missing closing ): `(a`'],
    ['\\Z', 'RE2 says: invalid escape sequence: `\\Z`'],
    ['*a', 'RE2 says: missing argument to repetition operator: `*`'],
    ['('.repeat(2000), 'RE2 says'],
  ])('is named for %s', (source, hint) => {
    expect(refusalOf(source).hint).toContain(hint);
  });

  it("is refused in CircleCI's words", () => {
    expect(refusalOf('^(?!main).*$').message).toBe('Invalid regular expression: ^(?!main).*$: Invalid pattern.');
  });
});

describe('what a pattern costs', () => {
  it('is told when it is compiled, by its size', () => {
    const costs: number[] = [];
    for (const source of ['a', 'a{500}', 'a{1000}']) void new Pattern(source, (cost) => costs.push(cost));
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(costs[2]).toBeGreaterThan(1000);
  });

  it('is told before it is tried, by its size and the length of the text', () => {
    const pattern = new Pattern('\\pL{1000}');
    expect(() =>
      pattern.matches('a'.repeat(1_000_000), (cost) => {
        throw new RangeError(String(cost > 1_000_000));
      }),
    ).toThrow(new RangeError('true'));
  });
});
