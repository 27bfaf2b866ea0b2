import { describe, expect, it } from '@jest/globals';
import { failuresText, indexRanges } from '../../../src/plan/job-run/array-failures.ts';

describe('indexes', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[3, 1, 2, 9], '1-3, 9'],
    [
      [...Array.from({ length: 20 }, (_none, index) => index * 2), 39, 40],
      '0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, and 10 more',
    ],
  ])('%j', (indexes, text) => {
    expect(indexRanges(indexes)).toBe(text);
  });
});

it('failed children are told by how they failed, the most frequent first', () => {
  const child = (index: number, exitCode?: number, reason?: string) => ({
    index,
    jobId: `id:${index}`,
    exitCode,
    reason,
  });
  expect(
    failuresText([child(4, 3, 'exited'), child(1, 9), child(2, 3, 'exited'), child(3, 3, 'exited'), child(8)]),
  ).toEqual(['exit code 3, exited: 2-4', 'exit code 9: 1', 'no reason given: 8']);
});
