import { describe, expect, it } from '@jest/globals';
import { caseNames, howToWriteAnew } from '../support/case-file.ts';
import { checkCase } from '../support/checked-case.ts';
import { largeCases, toldOfLarge } from '../support/large-cases.ts';

const folder = import.meta.dirname;

describe('each of these configs is told', () => {
  it.each(caseNames(folder))('%s', (name) => {
    const { expected, found } = checkCase(folder, name);
    expect({ told: found.told, howToWriteAnew }).toEqual({ told: expected.told, howToWriteAnew });
    expect(found.told).not.toBe('');
  });
});

describe('is told', () => {
  it.each(largeCases)('$name', (each) => {
    expect(toldOfLarge(each)).toBe(each.told);
  });
});
