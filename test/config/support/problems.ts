import type { Problem, Report } from '../../../src/config/problem.ts';

/** The first lines of all errors, for tests that look at texts only. */
export function errorTexts(report: Report): string[] {
  return texts(report, 'error');
}

export function warningTexts(report: Report): string[] {
  return texts(report, 'warning');
}

function texts(report: Report, severity: Problem['severity']): string[] {
  return report.problems.filter((problem) => problem.severity === severity).map(({ message }) => message);
}
