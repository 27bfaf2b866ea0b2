import { offsetOf } from '../line-starts.ts';
import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import type { Variables } from '../variables.ts';
import { ExpressionError } from './expression-error.ts';
import { expressionProblem } from './expression-texts.ts';
import { lookUpIn } from './expression-value.ts';
import { evaluateExpression, unknownVariable, type ExpressionValue } from './evaluate-expression.ts';
import { parseExpression, referencesIn } from './parse-expression.ts';
import type { Meter } from './pattern.ts';

/**
 * The value of the expression that a text is. What is wrong with it is reported and gives undefined. A name that does not
 * exist, but was not needed either, is a warning: CircleCI evaluates no more than it needs.
 * @param hints what to do if it is wrong, instead of what would be told
 */
export function evaluateText(
  text: string,
  at: Place,
  { variables, report, meter }: { variables: Variables | undefined; report: Report; meter?: Meter },
  hints?: readonly string[],
): ExpressionValue {
  // A template that could not be filled in, which has been reported.
  if (text.includes('<<') && report.hasErrors) return undefined;
  const names = variables?.names() ?? [];
  try {
    const expression = parseExpression(text, meter);
    const lookUp = variables ? lookUpIn(variables) : () => undefined;
    const value = evaluateExpression(expression, lookUp, meter);
    for (const token of referencesIn(expression).filter(({ lexeme }) => !lookUp(lexeme))) {
      report.warning(expressionProblem(unknownVariable(token), text, names), placeInText(text, token.charPos, at));
    }
    return value;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const fact = expressionProblem(error, text, names);
    report.error(hints ? { ...fact, hints } : fact, placeInText(text, error.charPos, at));
    return undefined;
  }
}

/** Where a character of a text is, if the text stands in one line as it is written; otherwise where the text starts. */
function placeInText(text: string, offset: number, at: Place): Place {
  if (text.includes('\n')) return at;
  const start = offsetOf(at);
  const { text: all } = at.source;
  const quote = all.startsWith(text, start) ? 0 : 1;
  return all.startsWith(text, start + quote) ? { ...at, column: at.column + quote + offset } : at;
}

/** Whether a text that is taken as it is looks like an expression that somebody wants evaluated. */
export function looksLikeExpression(text: string): boolean {
  if (text.length > 2048 || !/(?:pipeline|parameters)\./.test(text)) return false;
  try {
    return referencesIn(parseExpression(text)).some(({ lexeme }) => /^(?:pipeline|parameters)\./.test(lexeme));
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}
