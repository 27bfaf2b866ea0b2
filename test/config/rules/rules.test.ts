import { describe, expect, it } from '@jest/globals';
import { caseNames, howToWriteAnew, readCase } from '../support/case-file.ts';
import { checkCase } from '../support/checked-case.ts';

const folder = import.meta.dirname;
const cases = caseNames(folder).map((name) => ({ name, title: readCase(folder, name).title }));

describe('a config becomes what CircleCI makes of it', () => {
  it.each(cases)('$name: $title', ({ name }) => {
    const { expected, found } = checkCase(folder, name);
    expect({ ...found, howToWriteAnew }).toEqual({ told: expected.told, becomes: expected.becomes, howToWriteAnew });
    expect(found.becomes).toBeDefined();
  });
});
