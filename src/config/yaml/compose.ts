import type { Source } from '../source.ts';
import { NodeBuilder, type Properties } from './node-builder.ts';
import type { RawList, RawMap, RawNode } from './raw-node.ts';
import { Scanner } from './scan/scanner.ts';
import { DEFAULT_HANDLES } from './tags.ts';
import type { Token, TokenKind } from './scan/token.ts';
import { YamlError, type ErrorContext } from './yaml-error.ts';

/**
 * Reads the only document of a text.
 * @returns undefined when there is none
 * @throws YamlError
 */
export function compose(source: Source): RawNode | undefined {
  const composer = new Composer(source);
  const root = composer.document();
  if (composer.builder.circle !== undefined) throw composer.builder.circle;
  return root;
}

const EMPTY_DOCUMENT: ReadonlySet<TokenKind> = new Set([
  '<directive>',
  '<document start>',
  '<document end>',
  '<stream end>',
]);

/** YAML 1.1's grammar over tokens, one method for each kind of collection. */
class Composer {
  private readonly scanner: Scanner;
  readonly builder: NodeBuilder;
  private readonly handles = new Map<string, string>();

  constructor(source: Source) {
    this.scanner = new Scanner(source.text);
    this.builder = new NodeBuilder(source);
  }

  document(): RawNode | undefined {
    if (this.isNext('<stream end>')) return undefined;
    const root =
      this.isNext('<directive>') || this.isNext('<document start>') ? this.explicitDocument() : this.node('block');
    if (root === undefined) return undefined;
    while (this.isNext('<document end>')) this.scanner.take();
    if (this.isNext('<stream end>')) return root;
    const { index } = this.scanner.peek();
    if (!this.startDocument()) return root;
    const context = { text: 'expected a single document in the stream', index: root.index };
    throw new YamlError('but found another document', index, { context });
  }

  private explicitDocument(): RawNode | undefined {
    if (!this.startDocument()) return undefined;
    const isEmpty = EMPTY_DOCUMENT.has(this.scanner.peek().kind);
    return isEmpty ? this.builder.empty(this.scanner.peek()) : this.node('block');
  }

  /** Takes directives and `---`; false where there are only directives, and then nothing. */
  private startDocument(): boolean {
    let hasVersion = false;
    while (this.isNext('<directive>')) {
      const { detail: directive, index } = this.scanner.take();
      if (directive?.name === 'YAML') {
        if (hasVersion) throw new YamlError('found duplicate YAML directive', index);
        hasVersion = true;
        if (directive.major !== 1) {
          throw new YamlError('found incompatible YAML document (version 1.* is required)', index);
        }
      } else if (directive?.name === 'TAG') {
        if (this.handles.has(directive.handle)) throw new YamlError(`duplicate tag handle ${directive.handle}`, index);
        this.handles.set(directive.handle, directive.prefix);
      }
    }
    const token = this.scanner.peek();
    if (token.kind === '<stream end>') return false;
    if (token.kind !== '<document start>') {
      throw new YamlError(`expected '<document start>', but found '${token.kind}'`, token.index);
    }
    this.scanner.take();
    return true;
  }

  /** @param where in a block, the items of a list may be as far left as the key of the map that it is the value of */
  private node(where: 'block' | 'block value' | 'flow'): RawNode {
    const first = this.scanner.peek();
    if (first.kind === '<alias>') return this.builder.alias(this.scanner.take());
    const properties = this.properties();
    const token = this.scanner.peek();
    switch (token.kind) {
      case '<scalar>':
        return this.builder.scalar(this.scanner.take(), first, properties);
      case '[':
        return this.builder.list(first, properties, (list) => this.flowItems(list));
      case '{':
        return this.builder.map(first, properties, (map) => this.flowPairs(map));
      case '-':
        if (where === 'block value') return this.builder.list(first, properties, (list) => this.indentlessItems(list));
        break;
      case '<block sequence start>':
        if (where !== 'flow') return this.builder.list(first, properties, (list) => this.blockItems(list));
        break;
      case '<block mapping start>':
        if (where !== 'flow') return this.builder.map(first, properties, (map) => this.blockPairs(map));
        break;
      default:
    }
    if (properties.anchor !== undefined || properties.tag !== undefined) return this.builder.empty(first, properties);
    const context = { text: `while parsing a ${where === 'flow' ? 'flow' : 'block'} node`, index: first.index };
    throw new YamlError(`expected the node content, but found '${token.kind}'`, token.index, { context });
  }

  /** Takes an anchor and a tag, in either order. */
  private properties(): Properties {
    const start = this.scanner.peek().index;
    let anchor: string | undefined;
    let tag: Token | undefined;
    if (this.isNext('<anchor>')) {
      anchor = this.scanner.take().text;
      if (this.isNext('<tag>')) tag = this.scanner.take();
    } else if (this.isNext('<tag>')) {
      tag = this.scanner.take();
      if (this.isNext('<anchor>')) anchor = this.scanner.take().text;
    }
    return { anchor, tag: tag && this.wholeTag(tag, start) };
  }

  private wholeTag({ detail: tag, index }: Token, start: number): string {
    if (tag?.name !== 'tag') return '!';
    if (tag.handle === undefined) return tag.suffix;
    const prefix = this.handles.get(tag.handle) ?? DEFAULT_HANDLES.get(tag.handle);
    if (prefix !== undefined) return prefix + tag.suffix;
    const context = { text: 'while parsing a node', index: start };
    throw new YamlError(`found undefined tag handle ${tag.handle}`, index, { context });
  }

  private blockItems(list: RawList): void {
    const start = this.scanner.take();
    while (this.isNext('-')) {
      const dash = this.scanner.take();
      list.items.push(
        this.isNext('-') || this.isNext('<block end>') ? this.builder.emptyAfter(dash) : this.node('block'),
      );
    }
    this.endBlock({ text: 'while parsing a block collection', index: start.index });
  }

  /** The items of a list that is not indented, the value of a key; its end is where no item follows. */
  private indentlessItems(list: RawList): void {
    while (this.isNext('-')) {
      const dash = this.scanner.take();
      const isEmpty = this.isNext('-') || this.endsPart();
      list.items.push(isEmpty ? this.builder.emptyAfter(dash) : this.node('block'));
    }
  }

  private blockPairs(map: RawMap): void {
    const start = this.scanner.take();
    while (this.isNext('?')) {
      const key = this.blockPart(this.scanner.take());
      map.pairs.push({ key, value: this.blockValue() });
    }
    this.endBlock({ text: 'while parsing a block mapping', index: start.index });
  }

  private blockValue(): RawNode {
    if (this.isNext(':')) return this.blockPart(this.scanner.take());
    // SnakeYAML takes a text behind `? key` for its value, even without the `:`.
    return this.isNext('<scalar>') ? this.node('block value') : this.builder.empty(this.scanner.peek());
  }

  /** What follows the indicator of a key or a value. */
  private blockPart(indicator: Token): RawNode {
    return this.endsPart() ? this.builder.emptyAfter(indicator) : this.node('block value');
  }

  private endBlock(context: ErrorContext): void {
    const token = this.scanner.peek();
    if (token.kind !== '<block end>') {
      throw new YamlError(`expected <block end>, but found '${token.kind}'`, token.index, { context });
    }
    this.scanner.take();
  }

  private flowItems(list: RawList): void {
    const start = this.scanner.take();
    for (let isFirst = true; !this.isNext(']'); isFirst = false) {
      if (!isFirst) {
        this.takeComma({ text: 'while parsing a flow sequence', index: start.index }, ']');
        if (this.isNext(']')) break;
      }
      list.items.push(this.isNext('?') ? this.singlePair() : this.node('flow'));
    }
    this.scanner.take();
  }

  /** The map of one pair that `[a: b]` has for an item. */
  private singlePair(): RawNode {
    const start = this.scanner.peek();
    return this.builder.map(start, { anchor: undefined, tag: undefined }, (map) => {
      const key = this.flowPart(this.scanner.take(), ']');
      const value = this.isNext(':')
        ? this.flowPart(this.scanner.take(), ']')
        : this.builder.empty(this.scanner.peek());
      map.pairs.push({ key, value });
    });
  }

  private flowPairs(map: RawMap): void {
    const start = this.scanner.take();
    for (let isFirst = true; !this.isNext('}'); isFirst = false) {
      if (!isFirst) {
        this.takeComma({ text: 'while parsing a flow mapping', index: start.index }, '}');
        if (this.isNext('}')) break;
      }
      map.pairs.push(this.flowPair());
    }
    this.scanner.take();
  }

  private flowPair(): RawMap['pairs'][number] {
    if (!this.isNext('?')) {
      const key = this.node('flow');
      return { key, value: this.builder.empty(this.scanner.peek()) };
    }
    const key = this.flowPart(this.scanner.take(), '}');
    const value = this.isNext(':') ? this.flowPart(this.scanner.take(), '}') : this.builder.empty(this.scanner.peek());
    return { key, value };
  }

  /** What follows the indicator of a key or a value. */
  private flowPart(indicator: Token, end: ']' | '}'): RawNode {
    const isEmpty = this.isNext(',') || this.isNext(end) || (indicator.kind === '?' && this.isNext(':'));
    return isEmpty ? this.builder.emptyAfter(indicator) : this.node('flow');
  }

  private takeComma(context: ErrorContext, end: ']' | '}'): void {
    const token = this.scanner.peek();
    if (token.kind !== ',') {
      throw new YamlError(`expected ',' or '${end}', but got ${token.kind}`, token.index, { context });
    }
    this.scanner.take();
  }

  private endsPart(): boolean {
    const { kind } = this.scanner.peek();
    return kind === '?' || kind === ':' || kind === '<block end>';
  }

  private isNext(kind: TokenKind): boolean {
    return this.scanner.peek().kind === kind;
  }
}
