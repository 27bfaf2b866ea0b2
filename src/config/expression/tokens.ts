import { ExpressionError, type ExpressionErrorType } from './expression-error.ts';
import { InvalidPattern, Pattern, type Meter } from './pattern.ts';

export type TokenType =
  | 'AND'
  | 'OR'
  | 'NOT'
  | 'TRUE'
  | 'FALSE'
  | 'NUMBER'
  | 'STRING'
  | 'PATTERN'
  | 'IDENTIFIER'
  | 'BUILTIN'
  | 'LEFT_PAREN'
  | 'RIGHT_PAREN'
  | 'EQUAL'
  | 'NOT_EQUAL'
  | 'GREATER'
  | 'GREATER_EQUAL'
  | 'LESS'
  | 'LESS_EQUAL'
  | 'EOF';

export interface Token {
  readonly type: TokenType;
  /** As it is written. Empty for the end. */
  readonly lexeme: string;
  /** Offset in UTF-16 units, from 0. */
  readonly charPos: number;
  /** What a number, a string or a pattern stands for. */
  readonly value?: bigint | string | Pattern;
}

/** The longest pattern between slashes, in characters (CircleCI-Public/expr; 128 until summer 2026). */
export const longestPattern = 256;

const largestNumber = 2n ** 63n - 1n;

/** Capitals count as well, but not a mixture of both. */
const words: ReadonlyMap<string, TokenType> = new Map<string, TokenType>(
  (
    [
      ['and', 'AND'],
      ['or', 'OR'],
      ['not', 'NOT'],
      ['true', 'TRUE'],
      ['false', 'FALSE'],
      ['contains', 'BUILTIN'],
      ['starts-with', 'BUILTIN'],
      ['matches', 'BUILTIN'],
    ] as const
  ).flatMap(([word, type]) => [[word, type] as const, [word.toUpperCase(), type] as const]),
);

const signs: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['(', 'LEFT_PAREN'],
  [')', 'RIGHT_PAREN'],
  ['!', 'NOT'],
  ['!=', 'NOT_EQUAL'],
  ['==', 'EQUAL'],
  ['>', 'GREATER'],
  ['>=', 'GREATER_EQUAL'],
  ['<', 'LESS'],
  ['<=', 'LESS_EQUAL'],
]);

const blank = /[ \t\r\n]+/y;
const number = /[0-9]+/y;
const word = /[a-zA-Z][\w?-]*(?:\.[\w?-]+)*/y;
const sign = /[!=<>]=|[()!<>]/y;

/**
 * The tokens of an expression; the last one is EOF.
 * @throws ExpressionError of a `Scanner/` type
 */
export function scanTokens(text: string, meter?: Meter): Token[] {
  const tokens: Token[] = [];
  let position = lengthAt(blank, text, 0);
  while (position < text.length) {
    const token = tokenAt(text, position, meter);
    tokens.push(token);
    position += token.lexeme.length;
    position += lengthAt(blank, text, position);
  }
  tokens.push({ type: 'EOF', lexeme: '', charPos: text.length });
  return tokens;
}

function tokenAt(text: string, charPos: number, meter?: Meter): Token {
  const first = text.charAt(charPos);
  if (first === '"') return stringAt(text, charPos);
  if (first === '/') return patternAt(text, charPos, meter);

  const wordLength = lengthAt(word, text, charPos);
  if (wordLength > 0) {
    const lexeme = text.slice(charPos, charPos + wordLength);
    return { type: words.get(lexeme) ?? 'IDENTIFIER', lexeme, charPos };
  }
  const digits = lengthAt(number, text, charPos);
  if (digits > 0) return numberToken(text.slice(charPos, charPos + digits), charPos);

  const lexeme = text.slice(charPos, charPos + lengthAt(sign, text, charPos));
  const type = signs.get(lexeme);
  if (type) return { type, lexeme, charPos };
  if (first === '=') {
    const found = charPos + 1 < text.length ? characterAt(text, charPos + 1) : '\0';
    throw wrong(
      'Scanner/INCOMPLETE_EQUALS',
      found,
      charPos + 1,
      `Incomplete token, expected "==", found ${quoted(found)}:`,
    );
  }
  const character = characterAt(text, charPos);
  throw wrong('Scanner/UNEXPECTED_CHARACTER', character, charPos, `Unexpected character ${quoted(character)}:`);
}

function numberToken(lexeme: string, charPos: number): Token {
  // Nineteen digits are the most; a number of a million digits would take long to convert.
  const significant = lexeme.replace(/^0+(?=.)/, '');
  const value = significant.length > 19 ? largestNumber + 1n : BigInt(significant);
  if (value > largestNumber) {
    const message = 'Invalid numeric literal, numbers can range from 0 to 2^63 - 1:';
    throw wrong('Scanner/INVALID_NUMERIC_LITERAL', lexeme.charAt(0), charPos, message);
  }
  return { type: 'NUMBER', lexeme, charPos, value };
}

/** A backslash escapes a quote or a backslash; before anything else it stands for itself. */
function stringAt(text: string, charPos: number): Token {
  let value = '';
  for (let position = charPos + 1; position < text.length; position++) {
    const character = text.charAt(position);
    if (character === '"') {
      return { type: 'STRING', lexeme: text.slice(charPos, position + 1), charPos, value };
    }
    const next = text.charAt(position + 1);
    if (character === '\\' && (next === '"' || next === '\\')) {
      value += next;
      position++;
    } else {
      value += character;
    }
  }
  throw wrong('Scanner/UNTERMINATED_STRING', '"', charPos, 'Unterminated string starting here:');
}

/** Only `\/` is an escape of the expression; all others are left to RE2. */
function patternAt(text: string, charPos: number, meter?: Meter): Token {
  let source = '';
  for (let position = charPos + 1; position < text.length; position++) {
    const character = text.charAt(position);
    if (character === '/') {
      const lexeme = text.slice(charPos, position + 1);
      return { type: 'PATTERN', lexeme, charPos, value: patternValue(source, charPos, meter) };
    }
    const next = text.charAt(position + 1);
    if (character === '\\' && next === '/') {
      source += next;
      position++;
    } else if (character > '\u00ff' || (character === '\\' && (next === 'u' || next === 'x'))) {
      const message = 'Invalid pattern character, only ASCII and Latin-1 are allowed in patterns:';
      throw wrong('Scanner/INVALID_PATTERN_CHARACTER', characterAt(text, position), position, message);
    } else {
      source += character;
    }
  }
  throw wrong('Scanner/UNTERMINATED_PATTERN', '/', charPos, 'Unterminated pattern starting here:');
}

function patternValue(source: string, charPos: number, meter?: Meter): Pattern {
  if (source.length > longestPattern) {
    const message = `Pattern length exceeded, limit is ${longestPattern} characters:`;
    throw wrong('Scanner/PATTERN_TOO_LONG', '/', charPos, message);
  }
  try {
    return new Pattern(source, meter);
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    throw wrong('Scanner/INVALID_PATTERN', '/', charPos, 'Syntax error in pattern:', error.hint);
  }
}

/** How much of the text the sticky expression takes from there on. */
function lengthAt(sticky: RegExp, text: string, position: number): number {
  sticky.lastIndex = position;
  return sticky.test(text) ? sticky.lastIndex - position : 0;
}

function characterAt(text: string, position: number): string {
  return String.fromCodePoint(text.codePointAt(position) ?? 0);
}

/** As Go prints it, in which CircleCI's compiler is written: what can't be seen is escaped. */
function quoted(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return `'${character}'`;
  const digits = code.toString(16);
  return code < 0x80 ? `'\\x${digits.padStart(2, '0')}'` : `'\\u${digits.padStart(4, '0')}'`;
}

function wrong(type: ExpressionErrorType, lexeme: string, charPos: number, message: string, hint?: string) {
  return new ExpressionError(type, { lexeme, charPos }, message, hint);
}
