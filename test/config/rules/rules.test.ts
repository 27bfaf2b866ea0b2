import { describe, expect, it } from '@jest/globals';
import { caseNames, howToWriteAnew, readCase } from '../support/case-file.ts';
import { checkCase } from '../support/checked-case.ts';

const folder = import.meta.dirname;
const cases = caseNames(folder).map((name) => ({ name, title: readCase(folder, name).title }));

it('each rule that was observed has a case', () => {
  // The 21st is about packing: test/config/orbs/packing/go-yaml-order.test.ts.
  const rules = Array.from({ length: 20 }, (_, index) => `observed ${index + 1}:`);
  const missing = rules.filter((rule) => !cases.some(({ title }) => title.startsWith(rule)));
  expect(missing).toEqual([]);
});

describe('a config becomes what CircleCI makes of it', () => {
  it.each(cases)('$name: $title', ({ name }) => {
    const { expected, found } = checkCase(folder, name);
    expect({ ...found, howToWriteAnew }).toEqual({ told: expected.told, becomes: expected.becomes, howToWriteAnew });
    expect(found.becomes).toBeDefined();
  });
});
