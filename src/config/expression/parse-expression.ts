import { ExpressionError, type ExpressionErrorType } from './expression-error.ts';
import type { Meter, Pattern } from './pattern.ts';
import { scanTokens, type Token, type TokenType } from './tokens.ts';

export type Expression = Literal | Identifier | Truth | Chain;

export interface Literal {
  readonly kind: 'literal';
  readonly value: bigint | string | boolean | Pattern;
}

export interface Identifier {
  readonly kind: 'identifier';
  readonly token: Token;
}

/** One or more `not` before an operand: its truth, or the opposite of it. */
export interface Truth {
  readonly kind: 'truth';
  readonly negated: boolean;
  readonly operand: Expression;
}

/** Operands joined by operators of one precedence, to be evaluated from left to right. */
export interface Chain {
  readonly kind: 'chain';
  readonly first: Expression;
  readonly rest: readonly Link[];
}

export interface Link {
  readonly operator: Token;
  readonly operand: Expression;
}

/** The operators, the weakest first. */
const precedence: readonly (readonly TokenType[])[] = [
  ['OR'],
  ['AND'],
  ['EQUAL', 'NOT_EQUAL', 'BUILTIN'],
  ['GREATER', 'GREATER_EQUAL', 'LESS', 'LESS_EQUAL'],
];
const comparison = 3;

/** Parentheses within parentheses; what is written by a person has three or four. */
const deepest = 200;

/**
 * Reads an expression of CircleCI's expression language: `pipeline.git.branch == "main" and not parameters.skip`
 * (github.com/CircleCI-Public/expr).
 * @throws ExpressionError of a `Scanner/` or `Parser/` type
 */
export function parseExpression(text: string, meter?: Meter): Expression {
  return new Parser(scanTokens(text, meter)).parse();
}

/** The first mention of each name that an expression refers to, in its order, whether or not evaluating it would come to them. */
export function referencesIn(expression: Expression): Token[] {
  const mentions = new Map<string, Token>();
  collect(expression, mentions);
  return [...mentions.values()];
}

function collect(expression: Expression, mentions: Map<string, Token>): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'identifier': {
      const { token } = expression;
      if (!mentions.has(token.lexeme)) mentions.set(token.lexeme, token);
      return;
    }
    case 'truth':
      collect(expression.operand, mentions);
      return;
    case 'chain':
      collect(expression.first, mentions);
      for (const { operand } of expression.rest) collect(operand, mentions);
  }
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): Expression {
    const expression = this.chain(0);
    const { next } = this;
    if (next.type === 'EOF') return expression;
    if (this.isUnknownFunction()) {
      throw at('Parser/UNKNOWN_BUILTIN_FUNCTION', next, 'Unknown infix function:');
    }
    const message = `Unexpected additional input, found "${next.lexeme}", expected EOF:`;
    throw at('Parser/UNEXPECTED_ADDITIONAL_INPUT', next, message);
  }

  /** A name where an operator should be, with an operand behind it, is an operator that is misspelt. */
  private isUnknownFunction(): boolean {
    if (!this.take(['IDENTIFIER'])) return false;
    try {
      this.chain(comparison);
      return true;
    } catch (error) {
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  }

  private chain(level: number): Expression {
    const operators = precedence[level];
    if (!operators) return this.negation();
    const first = this.chain(level + 1);
    const rest: Link[] = [];
    for (let operator = this.take(operators); operator; operator = this.take(operators)) {
      rest.push({ operator, operand: this.chain(level + 1) });
    }
    return rest.length === 0 ? first : { kind: 'chain', first, rest };
  }

  private negation(): Expression {
    let count = 0;
    while (this.take(['NOT'])) count++;
    const operand = this.operand();
    return count === 0 ? operand : { kind: 'truth', negated: count % 2 === 1, operand };
  }

  private operand(): Expression {
    const token = this.next;
    if (token.type === 'LEFT_PAREN') return this.group(token);
    if (this.take(['TRUE', 'FALSE'])) return { kind: 'literal', value: token.type === 'TRUE' };
    if (this.take(['IDENTIFIER'])) return { kind: 'identifier', token };
    if (token.value !== undefined) {
      this.position++;
      return { kind: 'literal', value: token.value };
    }
    throw at('Parser/EXPECTED_EXPRESSION', token, `Expected expression, found "${token.lexeme}":`);
  }

  private group(open: Token): Expression {
    if (this.depth === deepest) {
      throw at('Parser/NESTED_TOO_DEEPLY', open, `Parentheses nested more than ${deepest} deep:`);
    }
    this.position++;
    this.depth++;
    const expression = this.chain(0);
    if (!this.take(['RIGHT_PAREN'])) {
      throw at('Parser/EXPECTED_RIGHT_PAREN', this.next, "Expected ')' after expression:");
    }
    this.depth--;
    return expression;
  }

  private get next(): Token {
    return this.tokens[this.position] ?? { type: 'EOF', lexeme: '', charPos: 0 };
  }

  private take(types: readonly TokenType[]): Token | undefined {
    const { next } = this;
    if (!types.includes(next.type)) return undefined;
    this.position++;
    return next;
  }
}

function at(type: ExpressionErrorType, token: Token, message: string): ExpressionError {
  const { lexeme, charPos, type: tokenType } = token;
  return new ExpressionError(type, { lexeme, charPos, tokenType }, message);
}
