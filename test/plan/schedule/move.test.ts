import { describe, expect, it } from '@jest/globals';
import { whySuperseded } from '../../../src/plan/schedule/move.ts';

const age = (revision: number, pipeline?: number) => ({ revision, pipeline });

describe('whySuperseded', () => {
  it.each([
    ['a higher revision', age(1), age(2), false],
    ['the same revision', age(2), age(2), false],
    ['a lower revision', age(2), age(1), true],
    ['a higher revision of a newer pipeline', age(1, 10), age(2, 11), false],
    ['a higher revision of the same pipeline', age(1, 10), age(2, 10), false],
    ['a higher revision of an older pipeline', age(1, 10), age(2, 9), true],
    ['a lower revision of a newer pipeline', age(2, 10), age(1, 11), true],
    ['a higher revision, where only one knows its pipeline', age(1, 10), age(2), false],
    ['a higher revision, where only the other knows its pipeline', age(1), age(2, 9), false],
  ])('%s', (_what, from, to, expected) => {
    expect(whySuperseded(from, to) !== undefined).toBe(expected);
  });
});
