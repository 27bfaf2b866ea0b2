import { describe, expect, it } from '@jest/globals';
import { splitTests } from '../../../../../src/runner/tools/commands/tests/split-tests.ts';

describe('splitTests', () => {
  it('goes round the nodes in alphabetical order when all weigh the same', () => {
    expect(splitTests(['e', 'b', 'a', 'd', 'c'], 2, () => 1)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
  });

  it('gives the heaviest to nodes of their own, and the rest to who has least', () => {
    const weights: Record<string, number> = { big: 10, middle: 6, small: 3, tiny: 2 };
    expect(splitTests(['tiny', 'small', 'middle', 'big'], 2, (test) => weights[test]!)).toEqual([
      ['big'],
      ['middle', 'small', 'tiny'],
    ]);
  });

  it('loses none and gives none twice, whatever order they come in', () => {
    const tests = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const split = splitTests(tests, 7, (test) => test.length);
    expect(split.flat().toSorted()).toEqual(tests.toSorted());
    expect(splitTests(tests.toReversed(), 7, (test) => test.length)).toEqual(split);
  });

  it('leaves nodes empty when there are fewer tests', () => {
    expect(splitTests(['a'], 3, () => 1)).toEqual([['a'], [], []]);
  });
});
