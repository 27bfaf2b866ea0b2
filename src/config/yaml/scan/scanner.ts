import { END, SPACE, isBlank } from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanAnchorName } from './anchor-name.ts';
import { scanBlockScalar } from './block-scalar.ts';
import { scanDirective } from './directive.ts';
import { canBeginPlain, cannotBegin, scanPlain } from './plain-scalar.ts';
import { scanQuoted } from './quoted-scalar.ts';
import { scanTag } from './tag.ts';
import { SimpleKeys, type SimpleKey } from './simple-keys.ts';
import { TokenQueue } from './token-queue.ts';
import { makeToken, type Token, type TokenKind } from './token.ts';
import { YamlError } from '../yaml-error.ts';

/**
 * Makes tokens of a YAML 1.1 text, no more of them than needed, so that the first error in the text is the one that is
 * found. Works as SnakeYAML's: where blocks begin and end is told by tokens of their own, and a key is known by the `:`
 * behind it, upon which tokens are put in before it.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly tokens = new TokenQueue();
  private next: Token | undefined;
  private ended = false;
  private flowLevel = 0;
  /** The column of the innermost block, counted from 0; -1 outside of all. */
  private indent = -1;
  private readonly indents: number[] = [];
  private readonly keys = new SimpleKeys();
  /** Says that the next token may begin a key, a list item or a block. */
  private allowKey = true;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The next token, which stays: the grammar asks for it again and again. */
  peek(): Token {
    if (this.next !== undefined) return this.next;
    while (this.needsMore()) this.fetch();
    return (this.next = this.tokens.first);
  }

  take(): Token {
    const token = this.peek();
    this.tokens.drop();
    this.next = undefined;
    return token;
  }

  private needsMore(): boolean {
    if (this.ended) return false;
    if (this.tokens.isEmpty) return true;
    this.keys.removeStale(this.cursor);
    return this.keys.nextTokenNumber === this.tokens.firstNumber;
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.keys.removeStale(cursor);
    this.closeBlocks(cursor.column);
    const code = cursor.peek();
    const atLineStart = cursor.column === 0;
    if (code === END) this.fetchEnd();
    else if (code === 0x25 && atLineStart) this.fetchDirective();
    else if (atLineStart && cursor.atDocumentMarker()) this.fetchDocumentMarker(code);
    else if (code === 0x2d && isBlank(cursor.peek(1))) this.fetchItem();
    else if (code === 0x3f && (this.flowLevel !== 0 || isBlank(cursor.peek(1)))) this.fetchComplexKey();
    else if (code === 0x3a && (this.flowLevel !== 0 || isBlank(cursor.peek(1)))) this.fetchValue();
    else if (!this.fetchIndicator(code)) this.fetchPlain(code);
  }

  private fetchIndicator(code: number): boolean {
    switch (code) {
      case 0x5b:
        return this.fetchFlowStart('[');
      case 0x7b:
        return this.fetchFlowStart('{');
      case 0x5d:
        return this.fetchFlowEnd(']');
      case 0x7d:
        return this.fetchFlowEnd('}');
      case 0x2c:
        return this.fetchComma();
      case 0x2a:
        return this.fetchAnchor('<alias>');
      case 0x26:
        return this.fetchAnchor('<anchor>');
      case 0x21:
        return this.fetchTag();
      case 0x22:
      case 0x27:
        return this.fetchQuoted();
      case 0x7c:
      case 0x3e:
        return this.flowLevel === 0 && this.fetchBlockScalar();
      default:
        return false;
    }
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      cursor.skip(SPACE);
      if (cursor.peek() === 0x23) cursor.skipLine();
      if (cursor.takeLineBreak() === '') return;
      if (this.flowLevel === 0) this.allowKey = true;
    }
  }

  /** Adds a token at the cursor. */
  private add(kind: TokenKind): void {
    const { index, line, column } = this.cursor;
    this.tokens.push(makeToken(kind, index, line, column));
  }

  /** Adds a token that is an indicator of some length. */
  private addIndicator(kind: TokenKind, length = 1): void {
    this.add(kind);
    this.cursor.index += length;
  }

  /** Puts a token in before one that was seen earlier. */
  private insertBefore({ tokenNumber, index, line, column }: SimpleKey, kind: TokenKind): void {
    this.tokens.insert(tokenNumber, makeToken(kind, index, line, column));
  }

  /** The next token may be a key: the next `:` decides. */
  private rememberKey(): void {
    const { cursor, flowLevel } = this;
    const { index, line, column } = cursor;
    const required = flowLevel === 0 && this.indent === column;
    if (!this.allowKey) {
      if (required) throw new YamlError(NO_KEY_HERE, index, { bare: true });
      return;
    }
    this.keys.remove(flowLevel, cursor);
    const tokenNumber = this.tokens.nextNumber;
    this.keys.add({ flowLevel, tokenNumber, index, line, column, required });
  }

  private openBlock(column: number): boolean {
    if (this.indent >= column) return false;
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }

  /** Ends all blocks that begin right of a column. */
  private closeBlocks(column: number): void {
    if (this.flowLevel !== 0) return;
    while (this.indent > column) {
      this.indent = this.indents.pop()!;
      this.add('<block end>');
    }
  }

  private fetchEnd(): void {
    this.closeBlocks(-1);
    this.keys.remove(this.flowLevel, this.cursor);
    this.allowKey = false;
    this.keys.clear();
    this.add('<stream end>');
    this.ended = true;
  }

  private fetchDirective(): void {
    this.closeBlocks(-1);
    this.keys.remove(this.flowLevel, this.cursor);
    this.allowKey = false;
    const { index, line, column } = this.cursor;
    const directive = scanDirective(this.cursor);
    this.tokens.push(makeToken('<directive>', index, line, column, '', false, directive));
  }

  private fetchDocumentMarker(code: number): void {
    this.closeBlocks(-1);
    this.keys.remove(this.flowLevel, this.cursor);
    this.allowKey = false;
    this.addIndicator(code === 0x2d ? '<document start>' : '<document end>', 3);
  }

  private fetchFlowStart(kind: '[' | '{'): true {
    this.rememberKey();
    this.flowLevel++;
    this.allowKey = true;
    this.addIndicator(kind);
    return true;
  }

  private fetchFlowEnd(kind: ']' | '}'): true {
    this.keys.remove(this.flowLevel, this.cursor);
    this.flowLevel--;
    this.allowKey = false;
    this.addIndicator(kind);
    return true;
  }

  private fetchComma(): true {
    this.allowKey = true;
    this.keys.remove(this.flowLevel, this.cursor);
    this.addIndicator(',');
    return true;
  }

  private fetchItem(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.allowKey) throw new YamlError('sequence entries are not allowed here', cursor.index);
      if (this.openBlock(cursor.column)) this.add('<block sequence start>');
    }
    this.allowKey = true;
    this.keys.remove(this.flowLevel, cursor);
    this.addIndicator('-');
  }

  private fetchComplexKey(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.allowKey) throw new YamlError('mapping keys are not allowed here', cursor.index);
      if (this.openBlock(cursor.column)) this.add('<block mapping start>');
    }
    this.allowKey = this.flowLevel === 0;
    this.keys.remove(this.flowLevel, cursor);
    this.addIndicator('?');
  }

  private fetchValue(): void {
    const { cursor, flowLevel } = this;
    const key = this.keys.take(flowLevel);
    if (key !== undefined) {
      this.insertBefore(key, '?');
      if (flowLevel === 0 && this.openBlock(key.column)) this.insertBefore(key, '<block mapping start>');
      this.allowKey = false;
    } else {
      if (flowLevel === 0) {
        if (!this.allowKey) throw new YamlError('mapping values are not allowed here', cursor.index);
        if (this.openBlock(cursor.column)) this.add('<block mapping start>');
      }
      this.allowKey = flowLevel === 0;
    }
    this.addIndicator(':');
  }

  private fetchAnchor(kind: '<alias>' | '<anchor>'): true {
    this.rememberKey();
    this.allowKey = false;
    const { index, line, column } = this.cursor;
    const name = scanAnchorName(this.cursor, kind === '<alias>' ? 'alias' : 'anchor');
    this.tokens.push(makeToken(kind, index, line, column, name));
    return true;
  }

  private fetchTag(): true {
    this.rememberKey();
    this.allowKey = false;
    const { index, line, column } = this.cursor;
    const tag = scanTag(this.cursor);
    this.tokens.push(makeToken('<tag>', index, line, column, '', false, tag));
    return true;
  }

  private fetchBlockScalar(): true {
    this.allowKey = true;
    this.keys.remove(this.flowLevel, this.cursor);
    const { index, line, column } = this.cursor;
    const text = scanBlockScalar(this.cursor, this.indent);
    this.tokens.push(makeToken('<scalar>', index, line, column, text));
    return true;
  }

  private fetchQuoted(): true {
    this.rememberKey();
    this.allowKey = false;
    const { index, line, column } = this.cursor;
    const text = scanQuoted(this.cursor);
    this.tokens.push(makeToken('<scalar>', index, line, column, text));
    return true;
  }

  private fetchPlain(code: number): void {
    const { cursor } = this;
    if (!canBeginPlain(cursor, code, this.flowLevel !== 0)) throw cannotBegin(cursor);
    this.rememberKey();
    const { index, line, column } = cursor;
    const { text, crossedLine } = scanPlain(cursor, this.indent + 1, this.flowLevel !== 0);
    this.allowKey = crossedLine;
    this.tokens.push(makeToken('<scalar>', index, line, column, text, true));
  }
}

const NO_KEY_HERE = 'A simple key is required only if it is the first token in the current line';
