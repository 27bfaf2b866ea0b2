import { expect, it } from '@jest/globals';
import { silenceText } from '../../../src/runner/job/silence.ts';

it.each([
  [600_000, '10m0s'],
  [90_000, '1m30s'],
  [5000, '5s'],
  [1500, '1.5s'],
  [3_600_000, '1h0m0s'],
  [4_500_000, '1h15m0s'],
  [250, '250ms'],
  [0, '0s'],
])('%i ms is %s in the words of CircleCI', (ms, text) => {
  expect(silenceText(ms)).toBe(`Too long with no output (exceeded ${text}): context deadline exceeded`);
});
