import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { howToWriteAnew } from '../support/case-file.ts';
import { checkPacking, packingCases } from '../support/packing-case.ts';

const folder = join(import.meta.dirname, 'packing');

describe('packing each of these orbs is told', () => {
  it.each(packingCases(folder))('%s', (name) => {
    const { expected, found } = checkPacking(folder, name);
    expect({ told: found, howToWriteAnew }).toEqual({ told: expected, howToWriteAnew });
    expect(found).not.toBe('');
  });
});
