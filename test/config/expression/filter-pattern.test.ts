import { describe, expect, it } from '@jest/globals';
import { filterPattern } from '../../../src/config/expression/filter-pattern.ts';
import { Report } from '../../../src/config/problem.ts';
import { nowhere } from '../support/node-of.ts';

function read(text: string) {
  const report = new Report();
  const matches = filterPattern(text, nowhere, report);
  return { matches, problems: report.problems };
}

describe('an entry of a filter', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'maine', false],
    ['main', 'Main', false],
    ['v1.0', 'v1x0', false],
    ['/v1.0/', 'v1x0', true],
    ['/main/', 'mainline', false],
    ['/.*/', 'anything/at-all', true],
    ['/release\\/.+/', 'release/1', true],
    ['//', '', true],
    ['/', '/', true],
    ['/half', '/half', true],
  ])('%s on %s: %s', (text, name, matches) => {
    expect(read(text).matches?.(name)).toBe(matches);
  });

  it('that is no pattern RE2 knows is an error with the pattern without its slashes', () => {
    const { matches, problems } = read('/^v(?!0\\.).*$/');
    expect(matches).toBeUndefined();
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'invalid-pattern',
        message: 'Invalid regular expression: ^v(?!0\\.).*$: Invalid pattern.',
        hints: [expect.stringContaining('lookahead')],
      }),
    ]);
  });

  it.each([
    [128, undefined],
    [129, 'warning'],
    [256, 'warning'],
    [257, 'error'],
  ])('of %i characters: %s', (length, severity) => {
    expect(read(`/${'a'.repeat(length)}/`).problems[0]?.severity).toBe(severity);
  });

  it.each(['^v.*', 'feature/*', 'v[0-9]', 'a..b'])('that can be no name, %s, is a warning', (text) => {
    expect(read(text).problems).toEqual([
      expect.objectContaining({ severity: 'warning', hints: [`A pattern stands between slashes: /${text}/.`] }),
    ]);
  });

  it.each(['main', 'release/1.0', 'a$b', 'user(x)|y'])('that can be a name, %s, is none', (text) => {
    expect(read(text).problems).toEqual([]);
  });
});
