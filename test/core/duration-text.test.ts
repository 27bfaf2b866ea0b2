import { expect, it } from '@jest/globals';
import { durationText } from '../../src/core/duration-text.ts';

it.each([
  [-5, '0ms'],
  [0, '0ms'],
  [850, '850ms'],
  [1000, '1s'],
  [59_600, '1m'],
  [200_000, '3m 20s'],
  [3_600_000, '1h'],
  [3_725_000, '1h 2m'],
  [180_000_000, '2d 2h'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
