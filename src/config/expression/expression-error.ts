/** What is wrong with an expression, in the names of CircleCI's own implementation; those of ours are at the end. */
export type ExpressionErrorType =
  | 'Scanner/UNEXPECTED_CHARACTER'
  | 'Scanner/INCOMPLETE_EQUALS'
  | 'Scanner/INVALID_NUMERIC_LITERAL'
  | 'Scanner/UNTERMINATED_STRING'
  | 'Scanner/UNTERMINATED_PATTERN'
  | 'Scanner/INVALID_PATTERN_CHARACTER'
  | 'Scanner/INVALID_PATTERN'
  | 'Scanner/PATTERN_TOO_LONG'
  | 'Parser/EXPECTED_EXPRESSION'
  | 'Parser/EXPECTED_RIGHT_PAREN'
  | 'Parser/UNEXPECTED_ADDITIONAL_INPUT'
  | 'Parser/UNKNOWN_BUILTIN_FUNCTION'
  | 'Interpreter/EXPECTED_NUMERIC_OPERAND'
  | 'Interpreter/EXPECTED_STRING_OPERAND'
  | 'Interpreter/EXPECTED_PATTERN_OPERAND'
  | 'Interpreter/UNKNOWN_VARIABLE'
  | 'Parser/NESTED_TOO_DEEPLY'
  | 'Interpreter/UNUSABLE_VALUE';

/** Where an expression is wrong. */
export interface Spot {
  /** The offending token; for errors of the scanner, the character. Empty at the end of the text. */
  readonly lexeme: string;
  /** Offset in UTF-16 units, from 0. */
  readonly charPos: number;
  /** Absent where there is no token yet. */
  readonly tokenType?: string;
}

/** An expression that cannot be read or evaluated. */
export class ExpressionError extends Error {
  readonly errorType: ExpressionErrorType;
  readonly lexeme: string;
  readonly charPos: number;
  readonly tokenType: string | undefined;
  /** What to do about it, a full sentence. */
  readonly hint: string | undefined;

  /** @param message one line that ends in a colon: the line of the expression and a caret are to follow */
  constructor(errorType: ExpressionErrorType, { lexeme, charPos, tokenType }: Spot, message: string, hint?: string) {
    super(message);
    this.errorType = errorType;
    this.lexeme = lexeme;
    this.charPos = charPos;
    this.tokenType = tokenType;
    this.hint = hint;
  }
}
