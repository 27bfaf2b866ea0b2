import { ExpressionError, type ExpressionErrorType } from './expression-error.ts';
import type { Chain, Expression, Identifier } from './parse-expression.ts';
import { Pattern, type Meter } from './pattern.ts';
import type { Token } from './tokens.ts';

/** Integers have 64 bits. Undefined is the value of a variable that is known and empty. */
export type ExpressionValue = bigint | string | boolean | Pattern | undefined;

/** What a variable stands for; `unusable` says what it is when expressions know no such thing: `a list`. */
export type Found = { readonly value: ExpressionValue } | { readonly unusable: string };

/** Finds a variable by its whole name; undefined when there is none. */
export type LookUp = (name: string) => Found | undefined;

/**
 * The value of an expression. `and` and `or` give one of their operands and evaluate no more than they need; all other
 * operators give undefined when an operand is.
 * @throws ExpressionError of an `Interpreter/` type
 */
export function evaluateExpression(expression: Expression, lookUp: LookUp, meter?: Meter): ExpressionValue {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'identifier':
      return valueOf(expression, lookUp);
    case 'truth':
      return isTruthy(evaluateExpression(expression.operand, lookUp, meter)) !== expression.negated;
    case 'chain':
      return evaluateChain(expression, lookUp, meter);
  }
}

/** Everything counts as true but false and undefined: 0 and the empty text are true. */
export function isTruthy(value: ExpressionValue): boolean {
  return value !== undefined && value !== false;
}

/** The error of a name that nothing stands for. */
export function unknownVariable(token: Token): ExpressionError {
  const message = `Referred to a variable "${token.lexeme}" that does not exist:`;
  return wrong('Interpreter/UNKNOWN_VARIABLE', token, message);
}

function valueOf({ token }: Identifier, lookUp: LookUp): ExpressionValue {
  const found = lookUp(token.lexeme);
  if (!found) throw unknownVariable(token);
  if ('unusable' in found) {
    const message = `The value of "${token.lexeme}" is ${found.unusable}, which has no meaning in an expression:`;
    throw wrong('Interpreter/UNUSABLE_VALUE', token, message);
  }
  return found.value;
}

function evaluateChain({ first, rest }: Chain, lookUp: LookUp, meter?: Meter): ExpressionValue {
  let left = evaluateExpression(first, lookUp, meter);
  for (const { operator, operand } of rest) {
    if (operator.type === 'AND' && !isTruthy(left)) continue;
    if (operator.type === 'OR' && isTruthy(left)) continue;
    const right = evaluateExpression(operand, lookUp, meter);
    left = operator.type === 'AND' || operator.type === 'OR' ? right : operate(operator, left, right, meter);
  }
  return left;
}

function operate(operator: Token, left: ExpressionValue, right: ExpressionValue, meter?: Meter): ExpressionValue {
  if (left === undefined || right === undefined) return undefined;
  switch (operator.type) {
    case 'EQUAL':
      return isEqual(left, right);
    case 'NOT_EQUAL':
      return !isEqual(left, right);
    case 'BUILTIN':
      return call(operator, left, right, meter);
    default:
      return compare(operator, left, right);
  }
}

/** Values of different types are never equal. */
function isEqual(left: ExpressionValue, right: ExpressionValue): boolean {
  if (left instanceof Pattern && right instanceof Pattern) return left.source === right.source;
  return left === right;
}

function compare(operator: Token, left: ExpressionValue, right: ExpressionValue): boolean {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') {
    const message = `Expected numeric operands to "${operator.lexeme}" operator:`;
    throw wrong('Interpreter/EXPECTED_NUMERIC_OPERAND', operator, message);
  }
  switch (operator.type) {
    case 'GREATER':
      return left > right;
    case 'GREATER_EQUAL':
      return left >= right;
    case 'LESS':
      return left < right;
    default:
      return left <= right;
  }
}

function call(operator: Token, left: ExpressionValue, right: ExpressionValue, meter?: Meter): boolean {
  const name = operator.lexeme.toLowerCase();
  if (name === 'matches') {
    if (!(right instanceof Pattern)) {
      const message = `Expected the right operand to "${operator.lexeme}" operator to be a pattern:`;
      throw wrong('Interpreter/EXPECTED_PATTERN_OPERAND', operator, message);
    }
    if (typeof left === 'string') return right.matches(left, meter);
  } else if (typeof left === 'string' && typeof right === 'string') {
    return name === 'contains' ? left.includes(right) : left.startsWith(right);
  }
  const message = `Expected string operands to "${operator.lexeme}" operator:`;
  throw wrong('Interpreter/EXPECTED_STRING_OPERAND', operator, message);
}

function wrong(type: ExpressionErrorType, token: Token, message: string): ExpressionError {
  const { lexeme, charPos, type: tokenType } = token;
  return new ExpressionError(type, { lexeme, charPos, tokenType }, message);
}
