import type { Fact, Report } from '../problem.ts';
import type { Place } from '../source.ts';

/** Who has so many problems is not told those that may be the same in other words. */
const MOST_PROBLEMS = 1000;

/** Reports a mistake in the form of something, unless the check of the file's shape has told of one at the same place. */
export function reportForm(fact: Fact, at: Place, report: Report): void {
  const { problems } = report;
  if (problems.length > MOST_PROBLEMS) return;
  const told = problems.some((problem) => problem.severity === 'error' && samePlace(problem.at, at));
  if (!told) report.error(fact, at);
}

/** Whether a text is a template that could not be rendered, which has been reported. */
export function isLeftOver(text: string | undefined, report: Report): boolean {
  return text?.includes('<<') === true && report.hasErrors;
}

function samePlace(a: Place, b: Place): boolean {
  return a.line === b.line && a.column === b.column && a.source.name === b.source.name;
}
