import { nearestName } from '../../core/nearest-name.ts';
import type { Parameter } from '../library.ts';
import { scalarNode, type Node, type Scalar, type ScalarNode } from '../node.ts';
import type { Fact } from '../problem.ts';
import { argumentType } from '../problem-texts.ts';
import { scalarText } from '../template/text-of.ts';
import { expectedType, numberForText } from './parameter-texts.ts';
import { valuePreview, valueType } from './value-type.ts';

/** What became of a value that was given for a parameter. */
export type ArgumentValue =
  /** The value, of the right type now; perhaps with something to tell. */
  | { readonly node: Node; readonly warning?: Fact }
  /** The value is empty: as if it had not been given. */
  | { readonly empty: true }
  | { readonly error: Fact };

/** Names of environment variables in shells: POSIX.1-2017, 3.235. */
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function isEnvironmentName(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && ENVIRONMENT_NAME.test(node.value);
}

/**
 * Checks a value, all of whose tags are replaced, against the type of a parameter. CircleCI is strict about values as they
 * are written and as parameters hand them on (integer 60 is no string: eddiewebb/circleci-queue#18), but it casts what
 * comes from a pipeline value or an expression: `<< pipeline.number >>` is a fine integer and a fine string.
 */
export function argumentValue(parameter: Parameter, given: Node): ArgumentValue {
  const node = isComputed(given) ? cast(parameter, given) : given;
  const type = valueType(node);
  if (type === 'null') return { empty: true };
  if (accepts(parameter, node)) return { node };
  if (parameter.type === 'string' && type === 'float') {
    return { node, warning: numberForText(parameter.name, valuePreview(node)) };
  }
  const actual = `"${valuePreview(node)}" (type ${type})`;
  return { error: argumentType(parameter.name, expectedType(parameter), actual, hints(parameter, node)) };
}

function accepts(parameter: Parameter, node: Node): boolean {
  const type = valueType(node);
  switch (parameter.type) {
    case 'string':
    case 'boolean':
    case 'integer':
      return type === parameter.type;
    case 'steps':
      return type === 'list';
    case 'executor':
      return type === 'string' || (node.kind === 'map' && node.entries.has('name'));
    case 'enum':
      return node.kind === 'scalar' && (parameter.values?.includes(scalarText(node)) ?? true);
    case 'env_var_name':
      return isEnvironmentName(node);
  }
}

/** A value of a parameter, whose type has been checked where it was given. */
const PARAMETER = /^\s*(?:parameters|pipeline\.parameters|matrix)\.[A-Za-z0-9_-]+\s*$/;

function isComputed(node: Node): boolean {
  return node.insertions?.some(({ expression }) => !PARAMETER.test(expression)) ?? false;
}

function cast(parameter: Parameter, node: Node): Node {
  if (node.kind !== 'scalar') return node;
  const value = castScalar(parameter, node);
  if (value === node.value) return node;
  return { ...scalarNode(value, node.at), ...(node.insertions && { insertions: node.insertions }) };
}

function castScalar(parameter: Parameter, node: ScalarNode): Scalar {
  const { value } = node;
  if (parameter.type === 'string') return scalarText(node);
  if (typeof value !== 'string') return value;
  if (parameter.type === 'integer') return integerOf(value) ?? value;
  if (parameter.type === 'boolean') return booleanOf(value) ?? value;
  return value;
}

/** The integer that a text is; undefined for all other texts. */
export function integerOf(text: string): number | bigint | undefined {
  if (!/^[+-]?\d{1,18}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

export function booleanOf(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

function hints(parameter: Parameter, node: Node): readonly string[] {
  const type = valueType(node);
  const value = valuePreview(node);
  if (parameter.type === 'string' && (type === 'integer' || type === 'boolean')) {
    return [
      type === 'boolean'
        ? 'YAML reads yes, no, on, off, true and false as booleans: put a text in quotes.'
        : `Put the value in quotes: "${value}".`,
    ];
  }
  if (parameter.type === 'integer' && type === 'string' && integerOf(value) !== undefined) {
    return [`Write the number without quotes: ${value}.`];
  }
  if (parameter.type === 'boolean' && type === 'string' && booleanOf(value) !== undefined) {
    return [`Write the value without quotes: ${value}.`];
  }
  if (parameter.type === 'steps') return ['Steps are always a list, also when there is only one.'];
  if (parameter.type === 'executor') return ['Give the name of an executor, or a map with name and its arguments.'];
  if (parameter.type === 'env_var_name') {
    return ['Give the name of an environment variable, such as AWS_ROLE_ARN, without $.'];
  }
  const near = parameter.type === 'enum' ? nearestName(value, parameter.values ?? []) : undefined;
  return near === undefined ? [] : [`Did you mean ${near}?`];
}
