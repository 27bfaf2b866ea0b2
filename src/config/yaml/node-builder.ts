import type { Place, Source } from '../source.ts';
import type { RawList, RawMap, RawNode, RawScalar } from './raw-node.ts';
import { implicitTag } from './resolve-scalar.ts';
import { TAG } from './tags.ts';
import type { Token } from './scan/token.ts';
import { YamlError } from './yaml-error.ts';

/**
 * How deep collections may be in each other, aliases followed. Newer SnakeYAML stops at 50, older ones never do; configs
 * need a dozen.
 */
const DEEPEST = 100;

/** A value takes some 300 bytes, however short it is. A config of the size that CircleCI accepts has a tenth of these. */
const MOST_VALUES = 500_000;

export interface Properties {
  readonly anchor: string | undefined;
  /** The whole tag; `!` says that there is none. */
  readonly tag: string | undefined;
}

const NO_PROPERTIES: Properties = { anchor: undefined, tag: undefined };

/** Makes raw nodes, and knows their anchors and how deep they are. */
export class NodeBuilder {
  private readonly source: Source;
  private readonly anchors = new Map<string, RawNode>();
  private depth = 0;
  private values = 0;
  /** The first alias that would make a value hold itself, which is an error if the syntax has none. */
  circle: YamlError | undefined;

  constructor(source: Source) {
    this.source = source;
  }

  /** @param first where its anchor and tag begin */
  scalar(token: Token, first: Token, { anchor, tag }: Properties): RawScalar {
    const resolved = tag === undefined ? (token.plain ? implicitTag(token.text) : TAG.str) : tag;
    const node: RawScalar = {
      kind: 'scalar',
      tag: resolved === '!' ? implicitTag(token.text) : resolved,
      text: token.text,
      at: this.placeOf(first),
      index: first.index,
      node: undefined,
    };
    return this.built(node, anchor);
  }

  /** The value of nothing, at a token. */
  empty(token: Token, properties = NO_PROPERTIES): RawScalar {
    return this.emptyAt(token.index, this.placeOf(token), properties);
  }

  /** The value of nothing, behind an indicator. */
  emptyAfter({ index, line, column }: Token): RawScalar {
    return this.emptyAt(index + 1, { source: this.source, line, column: column + 1 }, NO_PROPERTIES);
  }

  private emptyAt(index: number, at: Place, { anchor, tag = TAG.null }: Properties): RawScalar {
    const node: RawScalar = { kind: 'scalar', tag: tag === '!' ? TAG.null : tag, text: '', at, index, node: undefined };
    return this.built(node, anchor);
  }

  /** @param fill reads its items */
  list(first: Token, { anchor, tag = TAG.seq }: Properties, fill: (list: RawList) => void): RawList {
    const node: RawList = {
      kind: 'list',
      tag: tag === '!' ? TAG.seq : tag,
      at: this.placeOf(first),
      index: first.index,
      node: undefined,
      items: [],
      height: 1,
      open: true,
    };
    this.read(node, anchor, fill);
    for (const item of node.items) this.raise(node, item);
    return node;
  }

  /** @param fill reads its keys and values */
  map(first: Token, { anchor, tag = TAG.map }: Properties, fill: (map: RawMap) => void): RawMap {
    const node: RawMap = {
      kind: 'map',
      tag: tag === '!' ? TAG.map : tag,
      at: this.placeOf(first),
      index: first.index,
      node: undefined,
      pairs: [],
      height: 1,
      open: true,
    };
    this.read(node, anchor, fill);
    for (const { key, value } of node.pairs) {
      this.raise(node, key);
      this.raise(node, value);
    }
    return node;
  }

  alias(token: Token): RawNode {
    const node = this.anchors.get(token.text);
    if (node === undefined) throw new YamlError(`found undefined alias ${token.text}`, token.index);
    if (node.kind !== 'scalar' && node.open) {
      this.circle ??= new YamlError(`found alias ${token.text} inside of what it stands for`, token.index);
    }
    return node;
  }

  private read<T extends RawList | RawMap>(node: T, anchor: string | undefined, fill: (node: T) => void): void {
    this.built(node, anchor);
    if (this.depth >= DEEPEST) throw tooDeep(node);
    this.depth++;
    fill(node);
    this.depth--;
    node.open = false;
  }

  private built<T extends RawNode>(node: T, anchor: string | undefined): T {
    this.values++;
    if (this.values > MOST_VALUES) {
      throw new YamlError(`the text has more than ${MOST_VALUES} values`, node.index, { bare: true });
    }
    if (anchor !== undefined) this.anchors.set(anchor, node);
    return node;
  }

  private raise(node: RawList | RawMap, part: RawNode): void {
    if (part.kind === 'scalar' || part.height < node.height) return;
    node.height = part.height + 1;
    if (node.height > DEEPEST) throw tooDeep(node);
  }

  private placeOf({ line, column }: Token): Place {
    return { source: this.source, line, column };
  }
}

function tooDeep(node: RawNode): YamlError {
  return new YamlError(`Nesting Depth exceeded max ${DEEPEST}`, node.index, { bare: true });
}
