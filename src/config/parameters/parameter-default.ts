import type { Parameter } from '../library.ts';
import type { Node } from '../node.ts';
import type { Fact } from '../problem.ts';
import { scalarText } from '../template/text-of.ts';
import { isEnvironmentName } from './argument-value.ts';
import { expectedType, unsupportedDefault, unusualDefault, wrongDefault } from './parameter-texts.ts';
import { mayHoldTag, valuePreview, valueType } from './value-type.ts';

/**
 * What is wrong with the default of a parameter; undefined when nothing is. A default with `<< >>` has its type only once
 * it is used. Numbers with a fraction and maps are left alone: CircleCI's own language server, which follows the compiler
 * here, does so too; see defaultWarning.
 */
export function defaultProblem(parameter: Parameter, value: Node): Fact | undefined {
  const type = valueType(value);
  if (mayHoldTag(value) || type === 'float' || type === 'map') return undefined;
  if (type === 'list' && parameter.type !== 'steps') return unsupportedDefault();
  if (fits(parameter, value)) return undefined;
  return wrongDefault(parameter.name, valuePreview(value), type, expectedType(parameter), hints(parameter, value));
}

/**
 * What to tell of a number with a fraction, or a map, as the default of a parameter of another type: CircleCI does not look at
 * it where it is declared. For a string, a number is told where it is used.
 */
export function defaultWarning(parameter: Parameter, value: Node): Fact | undefined {
  const type = valueType(value);
  if (type !== 'float' && type !== 'map') return undefined;
  const isRight = type === 'map' ? isExecutor(parameter, value) : parameter.type === 'string' || fits(parameter, value);
  if (isRight) return undefined;
  return unusualDefault(parameter.name, valuePreview(value), type, expectedType(parameter));
}

function isExecutor({ type }: Parameter, value: Node): boolean {
  return type === 'executor' && value.kind === 'map' && value.entries.has('name');
}

function fits(parameter: Parameter, value: Node): boolean {
  const type = valueType(value);
  switch (parameter.type) {
    case 'string':
    case 'executor':
      return type === 'string';
    case 'boolean':
    case 'integer':
      return type === parameter.type;
    case 'steps':
      return type === 'list';
    case 'enum':
      return value.kind === 'scalar' && (parameter.values?.includes(scalarText(value)) ?? true);
    case 'env_var_name':
      return isEnvironmentName(value);
  }
}

function hints(parameter: Parameter, value: Node): readonly string[] {
  const type = valueType(value);
  if (parameter.type === 'string' && type === 'boolean') {
    return ['YAML reads yes, no, on, off, true and false as booleans: put a text in quotes.'];
  }
  if (parameter.type === 'string' && type === 'integer') return [`Put the value in quotes: "${valuePreview(value)}".`];
  if (type === 'string' && (parameter.type === 'boolean' || parameter.type === 'integer')) {
    return ['Write the value without quotes.'];
  }
  if (parameter.type === 'enum') return ['The default must be one of the values of enum.'];
  return [];
}
