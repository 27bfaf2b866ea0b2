import { scalarNode, type Node, type ScalarNode } from '../node.ts';
import type { Place } from '../source.ts';
import type { Variables } from '../variables.ts';
import type { ExpressionValue, Found, LookUp } from './evaluate-expression.ts';
import { Pattern } from './pattern.ts';

/** Finds the variables of a scope for an expression. */
export function lookUpIn(variables: Variables): LookUp {
  return (name) => {
    const node = variables.lookUp(name);
    return node && expressionValueOf(node);
  };
}

/**
 * What a value of the config is to an expression: null is undefined, numbers lose their fraction (expressions have 64-bit
 * integers only, and CircleCI's implementation truncates), lists and maps are nothing that it knows.
 */
export function expressionValueOf(node: Node): Found {
  if (node.kind !== 'scalar') return { unusable: `a ${node.kind}` };
  const { value } = node;
  if (value === null) return { value: undefined };
  if (typeof value === 'string' || typeof value === 'boolean') return { value };
  if (typeof value === 'number' && !Number.isFinite(value)) return { unusable: String(value) };
  const integer = BigInt(typeof value === 'number' ? Math.trunc(value) : value);
  return BigInt.asIntN(64, integer) === integer ? { value: integer } : { unusable: 'a number of more than 64 bits' };
}

/** The value of an expression as a value of the config. A pattern becomes its text, in slashes. */
export function nodeOfValue(value: ExpressionValue, at: Place): ScalarNode {
  if (value === undefined) return scalarNode(null, at);
  if (value instanceof Pattern) return scalarNode(`/${value.source}/`, at);
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return scalarNode(Number(value), at);
  return scalarNode(value, at);
}
