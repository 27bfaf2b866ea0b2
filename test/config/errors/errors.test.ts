import { describe, expect, it } from '@jest/globals';
import { caseNames, howToWriteAnew } from '../support/case-file.ts';
import { checkCase } from '../support/checked-case.ts';

const folder = import.meta.dirname;

describe('each of these configs is told', () => {
  it.each(caseNames(folder))('%s', (name) => {
    const { expected, found } = checkCase(folder, name);
    expect({ told: found.told, howToWriteAnew }).toEqual({ told: expected.told, howToWriteAnew });
    expect(found.told).not.toBe('');
  });
});
