import type { Fact } from '../../problem.ts';
import { shown } from '../workflow-texts.ts';

/* What is said about matrices: sources as in workflow-texts.ts. */

/** Language server. */
export function matrixTooLarge(alias: string, count: number, limit: number): Fact {
  return {
    code: 'matrix-too-large',
    message: `The ${shown(alias)} build matrix expands to ${count} jobs. Matrices cannot generate more than ${limit} jobs.`,
  };
}

/** Language server. */
export function matrixWithoutJobs(parameter: string): Fact {
  return {
    code: 'matrix-without-jobs',
    message: `Matrix parameter '${parameter}' is null; the matrix will produce 0 jobs`,
  };
}

export function matrixWithoutValues(parameter: string): Fact {
  return {
    code: 'matrix-without-jobs',
    message: `Matrix parameter '${parameter}' has no values; the matrix makes no jobs`,
  };
}

export function matrixAllExcluded(alias: string, count: number): Fact {
  return {
    code: 'matrix-without-jobs',
    message: `The matrix ${shown(alias)} makes no jobs: exclude leaves out ${count === 1 ? 'its only combination' : `each of its ${count} combinations`}`,
  };
}

/** The documentation and the JSON schema require them; what CircleCI says or does is not known. */
export function matrixWithoutParameters(alias: string): Fact {
  return {
    code: 'matrix-without-parameters',
    message: `The matrix ${shown(alias)} has no parameters: here it makes one job, as if there were no matrix; CircleCI may refuse it`,
    hints: ['Write under parameters of the matrix which values each parameter of the job takes.'],
  };
}

export function matrixNotList(parameter: string): Fact {
  return {
    code: 'matrix-not-list',
    message: `Matrix parameter '${parameter}' is not a list of values`,
    hints: [`Write \`${parameter}: [value]\`, also for one value only.`],
  };
}

/** discuss.circleci.com/t/37882 */
export function excludeIsLiteral(text: string): Fact {
  return {
    code: 'matrix-exclude-literal',
    message: `CircleCI compares '${shown(text)}' in matrix.exclude as it is written, without replacing what it stands for`,
    hints: ['Write the value itself.'],
  };
}
