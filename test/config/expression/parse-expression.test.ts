import { describe, expect, it } from '@jest/globals';
import { ExpressionError } from '../../../src/config/expression/expression-error.ts';
import { parseExpression, referencesIn } from '../../../src/config/expression/parse-expression.ts';

function errorTypeOf(text: string): string | undefined {
  try {
    parseExpression(text);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.errorType;
    throw error;
  }
}

function namesIn(text: string): string[] {
  return referencesIn(parseExpression(text)).map(({ lexeme }) => lexeme);
}

describe('the names in an expression', () => {
  it.each([
    ['pipeline.git.branch == "main"', ['pipeline.git.branch']],
    ['not (a-b and c_d.e-f) or x?', ['a-b', 'c_d.e-f', 'x?']],
    ['a == a and b or a', ['a', 'b']],
    ['true or pipeline.parameters.never-needed', ['pipeline.parameters.never-needed']],
    ['And or Or', ['And', 'Or']],
    ['"pipeline.id" matches /parameters.x/', []],
    ['NOT TRUE OR "a" STARTS-WITH "b"', []],
  ])('of %s', (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

describe('literals', () => {
  it.each([
    ['"a \\"quoted\\" text"', 'a "quoted" text'],
    ['"C:\\\\temp"', 'C:\\temp'],
    ['"a\\nb"', 'a\\nb'],
    ['"\\\\\\""', '\\"'],
    ['9223372036854775807', 9223372036854775807n],
    ['0007', 7n],
    [' \t\r\n12 ', 12n],
  ])('%j is %j', (text, value) => {
    expect(parseExpression(text)).toEqual({ kind: 'literal', value });
  });

  it('a pattern loses the backslash of an escaped slash, and no other', () => {
    expect(parseExpression('/release\\/v\\d+/')).toMatchObject({ value: { source: 'release/v\\d+' } });
  });

  it.each([
    ['"a\\"', 'Scanner/UNTERMINATED_STRING'],
    ['"a\\', 'Scanner/UNTERMINATED_STRING'],
    ['/a\\/', 'Scanner/UNTERMINATED_PATTERN'],
    ['=', 'Scanner/INCOMPLETE_EQUALS'],
    ['a.', 'Scanner/UNEXPECTED_CHARACTER'],
    ['a == b matches matches', 'Parser/EXPECTED_EXPRESSION'],
    ['()', 'Parser/EXPECTED_EXPRESSION'],
    ['(a b)', 'Parser/EXPECTED_RIGHT_PAREN'],
  ])('%s is %s', (text, errorType) => {
    expect(errorTypeOf(text)).toBe(errorType);
  });
});

describe('large expressions', () => {
  it.each([
    ['parentheses', `${'('.repeat(201)}true${')'.repeat(201)}`],
    ['parentheses that are never closed', '('.repeat(100_000)],
    ['parentheses behind operators', 'a and (b or '.repeat(100_000)],
  ])('with %s nested too deeply are refused', (_, text) => {
    expect(errorTypeOf(text)).toBe('Parser/NESTED_TOO_DEEPLY');
  });

  it.each([
    ['200 parentheses', `${'('.repeat(200)}a${')'.repeat(200)}`],
    ['parentheses side by side', `(a)${' or (a)'.repeat(10_000)}`],
    ['not', `${'not '.repeat(100_000)}a`],
    ['or', `a${' or a'.repeat(100_000)}`],
    ['comparisons', `a${' == a'.repeat(100_000)}`],
  ])('with %s are read', (_, text) => {
    expect(namesIn(text)).toEqual(['a']);
  });

  it('with a number of a million digits are refused', () => {
    expect(errorTypeOf('9'.repeat(1_000_000))).toBe('Scanner/INVALID_NUMERIC_LITERAL');
  });
});
