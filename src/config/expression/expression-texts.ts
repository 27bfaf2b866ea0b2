import { nearestName } from '../../core/nearest-name.ts';
import type { Fact } from '../problem.ts';
import { nearestVariable } from '../variables.ts';
import type { ExpressionError } from './expression-error.ts';

/** How much of a long line is shown on either side of where it is wrong, in characters. */
const shownAround = 80;

/**
 * What is wrong with an expression, in CircleCI's form: what, the line of the expression, and a caret under the place.
 * @param names what the expression could refer to
 */
export function expressionProblem(error: ExpressionError, text: string, names: readonly string[] = []): Fact {
  return {
    code: error.errorType === 'Interpreter/UNKNOWN_VARIABLE' ? 'unknown-variable' : 'expression',
    message: [error.message, ...lineWithCaret(text, error.charPos, error.lexeme)].join('\n'),
    hints: error.hint === undefined ? hintsFor(error, text, names) : [error.hint],
  };
}

function lineWithCaret(text: string, charPos: number, lexeme: string): [string, string] {
  const start = Math.max(text.lastIndexOf('\n', charPos - 1) + 1, charPos - shownAround);
  const lineEnd = text.indexOf('\n', charPos);
  const end = Math.min(lineEnd === -1 ? text.length : lineEnd, charPos + shownAround);
  const line = text.slice(start, end).replaceAll(/\p{Cc}/gu, ' ');
  const width = Math.max(1, Math.min(lexeme.length, end - charPos));
  return [line, ' '.repeat(charPos - start) + '^'.repeat(width)];
}

function hintsFor(error: ExpressionError, text: string, names: readonly string[]): string[] {
  const { errorType, lexeme } = error;
  if (errorType === 'Interpreter/UNKNOWN_VARIABLE') return [unknownVariableHint(lexeme, names)];
  if (errorType === 'Parser/UNKNOWN_BUILTIN_FUNCTION') return [unknownFunctionHint(lexeme)];
  if (errorType === 'Parser/UNEXPECTED_ADDITIONAL_INPUT') return ['Put an operator, such as `and`, before it.'];
  if (text.includes('<<')) return ['Here the whole value is an expression: leave out `<<` and `>>`.'];
  const hint = instead.get(lexeme);
  return hint === undefined ? [] : [hint];
}

/** What other languages write, and this one does not. */
const instead: ReadonlyMap<string, string> = new Map([
  ['&', 'Write `and`.'],
  ['|', 'Write `or`.'],
  ["'", 'Texts stand in double quotes.'],
  ['`', 'Texts stand in double quotes.'],
  ['=', 'Equality is `==`.'],
  ['$', 'Environment variables are not known when a config is compiled: use pipeline values and parameters.'],
  ['-', 'Numbers are whole and not negative, and there is no arithmetic.'],
  ['[', 'There are no lists: write `x == "a" or x == "b"`.'],
  ['~', 'A pattern is tried with `matches /…/`.'],
]);

function unknownVariableHint(name: string, names: readonly string[]): string {
  const full = [`pipeline.parameters.${name}`, `pipeline.${name}`, `parameters.${name}`];
  const meant = full.find((candidate) => names.includes(candidate)) ?? misspelt(name, names);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  if (!name.includes('.')) return `Texts stand in double quotes: "${name.slice(0, shownAround)}".`;
  if (name.startsWith('pipeline.parameters.')) return 'Declare it under `parameters` at the top of the config.';
  return 'Pipeline values are listed at https://circleci.com/docs/guides/orchestrate/pipeline-variables/.';
}

/** Comparing texts takes time with the square of their length; no variable has a name of a hundred characters. */
function misspelt(name: string, names: readonly string[]): string | undefined {
  return name.length > 100 ? undefined : nearestVariable(name, names);
}

function unknownFunctionHint(name: string): string {
  const functions = ['matches', 'starts-with', 'contains'];
  const near = name.length > 100 ? undefined : nearestName(name, functions);
  return near === undefined ? `Between two values can stand: ${functions.join(', ')}.` : `Did you mean ${near}?`;
}
