import { describe, expect, it } from '@jest/globals';
import { beginning, inLines, oneLine, textWidth } from '../../../../src/report/run-page/text/short-text.ts';

describe('one line', () => {
  it.each([
    ['stays when it fits', 'build', 5, 'build'],
    ['loses its middle when it is too long', 'test-node-18-linux', 9, 'test…inux'],
    ['has no lines', 'a\n  b\tc', 20, 'a b c'],
    ['is never empty', ' \n', 20, '(no name)'],
    ['counts characters of two code units once', '🚀🚀🚀', 3, '🚀🚀🚀'],
    ['keeps these whole', '🚀🚀🚀🚀🚀', 3, '🚀…🚀'],
  ])('%s', (_what, text, most, line) => {
    expect(oneLine(text, most)).toBe(line);
  });

  it('of a text of megabytes is as short as any', () => {
    expect(oneLine('ab'.repeat(2_000_000), 7)).toBe('aba…bab');
  });
});

describe('a beginning', () => {
  it.each([
    ['short', 10, 'short'],
    ['rather long', 6, 'rather…'],
    ['🚀🚀🚀🚀', 2, '🚀🚀…'],
  ])('of %p in %i characters is %p', (text, most, begin) => {
    expect(beginning(text, most)).toBe(begin);
  });
});

describe('lines of a name', () => {
  it('is one when it fits', () => {
    expect(inLines('build', 200, 13)).toEqual(['build']);
  });

  it('are two that end between words', () => {
    expect(inLines('build-and-push-the-image', 120, 13)).toEqual(['build-and-push-', 'the-image']);
  });

  it.each([['x'.repeat(400)], ['W'.repeat(400)], ['漢'.repeat(100)], [`a-${'b'.repeat(90)}`]])(
    'are never wider than they may be: %p',
    (name) => {
      const lines = inLines(name, 190, 13);
      expect(lines).toHaveLength(2);
      expect(Math.max(...lines.map((line) => textWidth(line, 13)))).toBeLessThanOrEqual(190);
    },
  );
});
