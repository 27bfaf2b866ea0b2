import { describe, expect, it } from '@jest/globals';
import { fuzz } from './support/fuzz-run.ts';

/**
 * A long session: `FUZZ_ROUNDS=100000 FUZZ_FIRST=5000 npm test -- test/config/fuzz/mutations`; and one mutation again:
 * `FUZZ_ROUNDS=1 FUZZ_FIRST=5123`.
 */
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1500);
const FIRST = Number(process.env['FUZZ_FIRST'] ?? 0);

describe('real configs with random changes', () => {
  it('compile or have errors with places, and all that is printed of them is right', async () => {
    const outcomes = await fuzz(['mutations', String(FIRST), String(ROUNDS)]);
    expect(outcomes.size).toBe(ROUNDS);
    const wrong = [...outcomes].filter(([, outcome]) => outcome !== 'compiled' && outcome !== 'refused');
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('do both', async () => {
    const outcomes = new Set((await fuzz(['mutations', String(FIRST), '100'])).values());
    expect(outcomes).toEqual(new Set(['compiled', 'refused']));
  });
});
