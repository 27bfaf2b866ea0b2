import { describe, expect, it } from '@jest/globals';
import { isLeftOver, reportForm } from '../../../src/config/expand/follow-up.ts';
import { Report } from '../../../src/config/problem.ts';
import { nowhere } from '../support/node-of.ts';

const fact = { code: 'x', message: 'the form is wrong' };
const other = { code: 'y', message: 'told before' };
const elsewhere = { ...nowhere, column: 2 };

function messages(report: Report): string[] {
  return report.problems.map(({ message }) => message);
}

describe('a mistake in the form of something', () => {
  it('is told', () => {
    const report = new Report();
    reportForm(fact, nowhere, report);
    expect(messages(report)).toEqual(['the form is wrong']);
  });

  it('is not told again where another error has been', () => {
    const report = new Report();
    report.error(other, nowhere);
    reportForm(fact, nowhere, report);
    expect(messages(report)).toEqual(['told before']);
  });

  it.each<[string, (report: Report) => void]>([
    ['an error is elsewhere', (report) => report.error(other, elsewhere)],
    ['there is a warning', (report) => report.warning(other, nowhere)],
    [
      'the error is in another file',
      (report) => report.error(other, { ...nowhere, source: { name: 'b.yml', text: '' } }),
    ],
  ])('is told where %s', (_name, before) => {
    const report = new Report();
    before(report);
    reportForm(fact, nowhere, report);
    expect(messages(report)).toEqual(['told before', 'the form is wrong']);
  });
});

describe('a text with a tag', () => {
  it('is left over from a template that could not be rendered, when there are errors', () => {
    const report = new Report();
    report.error(other, nowhere);
    expect([isLeftOver('<< x >>', report), isLeftOver('x', report), isLeftOver(undefined, report)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is an escaped one, when there are none', () => {
    expect(isLeftOver('<< x >>', new Report())).toBe(false);
  });
});
