import type { Param } from './declaration.ts';

/**
 * What stands in the orb's environment for a parameter that is not given. CircleCI knows no unset parameter: every one
 * that may be left out has a default, which is empty, or 0 where an integer can not be 0.
 */
export function orbAbsence(param: Param): '' | '0' {
  return param.type === 'integer' && !param.required && param.default === undefined ? '0' : '';
}
