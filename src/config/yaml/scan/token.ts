/** Tokens are named as SnakeYAML's messages name them. */
export type TokenKind =
  | '<alias>'
  | '<anchor>'
  | '<block end>'
  | '<block mapping start>'
  | '<block sequence start>'
  | '<directive>'
  | '<document end>'
  | '<document start>'
  | '<scalar>'
  | '<stream end>'
  | '<tag>'
  | '-'
  | ','
  | '?'
  | ':'
  | '['
  | ']'
  | '{'
  | '}';

export interface Token {
  readonly kind: TokenKind;
  /** In the text, in UTF-16 units. */
  readonly index: number;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The value of a scalar, the name of an anchor or alias. */
  readonly text: string;
  /** Of a scalar: it is not quoted and no block, so its text decides on its type. */
  readonly plain: boolean;
  readonly detail: TagName | Directive | undefined;
}

/** @param column counted from 0 */
export function makeToken(
  kind: TokenKind,
  index: number,
  line: number,
  column: number,
  text = '',
  plain = false,
  detail?: TagName | Directive,
): Token {
  return { kind, index, line, column: column + 1, text, plain, detail };
}

export interface TagName {
  readonly name: 'tag';
  /** Such as `!` or `!!`; undefined when the tag is written out. */
  readonly handle: string | undefined;
  readonly suffix: string;
}

export type Directive =
  | { readonly name: 'YAML'; readonly major: number }
  | { readonly name: 'TAG'; readonly handle: string; readonly prefix: string }
  | { readonly name: 'other' };
