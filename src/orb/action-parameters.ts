import type { Action } from '../actions/define-action.ts';
import type { Param } from '../params/declaration.ts';
import { orbName, orbVariable } from '../params/names.ts';
import { orbAbsence } from '../params/orb-absence.ts';
import type { Parameter } from './orb-model.ts';
import { parameterValue } from './orb-model.ts';

/** The parameters of an action as the orb offers them, in the order of the declaration. */
export function actionParameters(action: Action): Parameter[] {
  return orbParams(action).map(([name, param]) => orbParameter(`${action.name}: ${name}`, orbName(name), param));
}

/** The environment in which a step hands the parameters of an action to the CLI. */
export function actionEnvironment(action: Action): Record<string, string> {
  return Object.fromEntries(
    orbParams(action).map(([name]) => [orbVariable(name), parameterValue(orbName(name))] as const),
  );
}

function orbParams(action: Action): [string, Param][] {
  return Object.entries(action.params).filter(([, param]) => param.only !== 'cli');
}

/** `where` is for errors of the declaration itself, which stop the generator. */
function orbParameter(where: string, name: string, param: Param): Parameter {
  const { description } = param;
  switch (param.type) {
    case 'integer':
      return integerParameter(where, name, param);
    case 'boolean':
      if (param.default === undefined && !param.required) {
        throw new Error(`${where}: a boolean needs a default, CircleCI knows no unset boolean`);
      }
      return { name, type: 'boolean', description, ...given(param) };
    case 'enum':
      return enumParameter(name, param);
    case 'secret':
      if (param.default === undefined && !param.required) {
        throw new Error(`${where}: a secret needs a default, CircleCI knows no unset env_var_name`);
      }
      return { name, type: 'env_var_name', description, ...given(param) };
    case 'string':
    case 'path':
    case 'duration':
      return {
        name,
        type: 'string',
        description,
        ...(param.required ? given(param) : { default: param.default ?? '' }),
      };
    case 'list':
    case 'map':
    case 'json':
      return { name, type: 'string', description, ...(param.required ? {} : { default: '' }) };
  }
}

function integerParameter(where: string, name: string, param: Param & { type: 'integer' }): Parameter {
  if (param.required || param.default !== undefined) {
    return { name, type: 'integer', description: param.description, ...given(param) };
  }
  const absence = Number(orbAbsence(param));
  if (param.min === undefined || param.min <= absence) {
    throw new Error(`${where}: an integer without a default needs a min above ${absence}, which means not given`);
  }
  return { name, type: 'integer', description: `${param.description} ${absence}: not given.`, default: absence };
}

function enumParameter(name: string, param: Param & { type: 'enum' }): Parameter {
  const { description, values } = param;
  if (param.required || param.default !== undefined)
    return { name, type: 'enum', description, values, ...given(param) };
  return { name, type: 'enum', description, values: ['', ...values], default: '' };
}

function given<T>(param: { default?: T }): { default?: T } {
  return param.default === undefined ? {} : { default: param.default };
}
