import { describe, expect, it } from '@jest/globals';
import { expressionValueOf, nodeOfValue } from '../../../src/config/expression/expression-value.ts';
import { Pattern } from '../../../src/config/expression/pattern.ts';
import { scalarNode, type Scalar } from '../../../src/config/node.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

describe('a value of the config in an expression', () => {
  it.each<[Scalar, unknown]>([
    ['text', { value: 'text' }],
    ['', { value: '' }],
    [true, { value: true }],
    [null, { value: undefined }],
    [42, { value: 42n }],
    [-1.9, { value: -1n }],
    [9007199254740993n, { value: 9007199254740993n }],
    [2n ** 63n, { unusable: 'a number of more than 64 bits' }],
    [1e300, { unusable: 'a number of more than 64 bits' }],
    [NaN, { unusable: 'NaN' }],
  ])('%s is %j', (value, found) => {
    expect(expressionValueOf(scalarNode(value, nowhere))).toEqual(found);
  });

  it.each([
    [['a'], 'a list'],
    [{ a: 1 }, 'a map'],
  ])('%j is %s, which has no meaning there', (value, unusable) => {
    expect(expressionValueOf(nodeOf(value))).toEqual({ unusable });
  });
});

describe('the value of an expression in the config', () => {
  it.each([
    ['a text', 'text', 'text'],
    ['a boolean', false, false],
    ['a number', 12n, 12],
    ['a number that no double holds', 9007199254740993n, 9007199254740993n],
    ['undefined', undefined, null],
    ['a pattern', new Pattern('a+'), '/a+/'],
  ])('for %s', (_, value, scalar) => {
    expect(nodeOfValue(value, nowhere)).toEqual(scalarNode(scalar, nowhere));
  });
});
