import { describe, expect, it } from '@jest/globals';
import {
  evaluateExpression,
  isTruthy,
  type ExpressionValue,
  type Found,
} from '../../../src/config/expression/evaluate-expression.ts';
import { parseExpression } from '../../../src/config/expression/parse-expression.ts';

const known = new Map<string, Found>([
  ['branch', { value: 'main' }],
  ['number', { value: 7n }],
  ['tag', { value: undefined }],
  ['steps', { unusable: 'a list' }],
]);

function evaluate(text: string): ExpressionValue {
  return evaluateExpression(parseExpression(text), (name) => known.get(name));
}

describe('an expression', () => {
  it.each<[string, ExpressionValue]>([
    ['branch == "main" and 10 or 1', 10n],
    ['branch == "other" and 10 or 1', 1n],
    ['tag or branch', 'main'],
    ['true or unknown', true],
    ['true or unknown or unknown', true],
    ['false and unknown or branch', 'main'],
    ['true or unknown and unknown', true],
    ['not not branch', true],
    ['not not not tag', true],
    ['1 == 1 == true', true],
    ['branch CONTAINS "ai"', true],
    ['number >= 9223372036854775807', false],
    ['/a/ == /a/', true],
    ['/a/ != /b/', true],
    ['tag matches /.*/', undefined],
    ['tag == tag', undefined],
  ])('%s is %s', (text, value) => {
    expect(evaluate(text)).toBe(value);
  });

  it.each([
    ['unknown', 'Interpreter/UNKNOWN_VARIABLE'],
    ['true and unknown', 'Interpreter/UNKNOWN_VARIABLE'],
    ['steps or true', 'Interpreter/UNUSABLE_VALUE'],
    ['branch == "main" > 3', 'Interpreter/EXPECTED_NUMERIC_OPERAND'],
    ['branch matches "main"', 'Interpreter/EXPECTED_PATTERN_OPERAND'],
    ['number contains "7"', 'Interpreter/EXPECTED_STRING_OPERAND'],
  ])('%s is %s', (text, errorType) => {
    expect(() => evaluate(text)).toThrow(expect.objectContaining({ errorType }));
  });

  it.each<[ExpressionValue, boolean]>([
    [0n, true],
    ['', true],
    [true, true],
    [false, false],
    [undefined, false],
  ])('of the value %j counts as %s', (value, truth) => {
    expect(isTruthy(value)).toBe(truth);
  });
});
