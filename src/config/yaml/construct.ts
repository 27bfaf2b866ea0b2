import { listNode, mapNode, scalarNode, type Entry, type Node, type Scalar } from '../node.ts';
import { Flattener } from './flatten.ts';
import type { RawList, RawMap, RawNode, RawScalar } from './raw-node.ts';
import { booleanOf, floatOf, integerOf, keyText } from './resolve-scalar.ts';
import { TAG } from './tags.ts';
import type { Place } from '../source.ts';
import { YamlError } from './yaml-error.ts';

export interface Findings {
  error(error: YamlError): void;
  warning(message: string, hint: string, at: Place): void;
}

/** Makes values of what was read. An alias becomes the very node that its anchor does. */
export function construct(root: RawNode, findings: Findings): Node {
  return new Constructor(findings).node(root);
}

class Constructor {
  private readonly findings: Findings;
  private readonly flattener: Flattener;

  constructor(findings: Findings) {
    this.findings = findings;
    this.flattener = new Flattener({
      textOf: (key) => this.keyText(key),
      repeated: (text, earlier, later) => {
        const message = `The key ${text} is here twice, the first time in line ${earlier.at.line}: only this one counts`;
        findings.warning(message, 'Remove one of the two, or rename it.', later.at);
      },
    });
  }

  node(raw: RawNode): Node {
    raw.node ??= this.make(raw);
    return raw.node;
  }

  private make(raw: RawNode): Node {
    switch (raw.kind) {
      case 'scalar':
        return scalarNode(this.scalar(raw), raw.at);
      case 'list':
        return this.list(raw);
      case 'map':
        return this.map(raw);
    }
  }

  private list(raw: RawList): Node {
    if (raw.tag === TAG.omap) return this.orderedMap(raw);
    if (raw.tag !== TAG.seq) this.wrongTag(raw);
    return listNode(
      raw.items.map((item) => this.node(item)),
      raw.at,
    );
  }

  private map(raw: RawMap): Node {
    if (raw.tag !== TAG.map) this.wrongTag(raw);
    const entries: [string, Entry][] = [];
    for (const [text, { key, value }] of this.pairsOf(raw)) {
      entries.push([text, { keyAt: key.at, value: this.node(value) }]);
    }
    return mapNode(entries, raw.at);
  }

  private pairsOf(raw: RawMap): ReturnType<Flattener['flatten']> {
    try {
      return this.flattener.flatten(raw);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.findings.error(error);
      return new Map();
    }
  }

  /** A list of maps of one pair each, which together are a map. */
  private orderedMap(raw: RawList): Node {
    const context = { text: 'while constructing an ordered map', index: raw.index };
    const entries: [string, Entry][] = [];
    for (const item of raw.items) {
      const pair = item.kind === 'map' && item.pairs.length === 1 ? item.pairs[0] : undefined;
      if (pair === undefined) {
        this.findings.error(new YamlError('expected a mapping of length 1', item.index, { context }));
        continue;
      }
      const text = this.keyText(pair.key);
      if (text !== undefined) entries.push([text, { keyAt: pair.key.at, value: this.node(pair.value) }]);
    }
    return mapNode(entries, raw.at);
  }

  private keyText(key: RawNode): string | undefined {
    if (key.kind !== 'scalar') {
      const what = key.kind === 'list' ? 'a list' : 'a map';
      this.findings.error(new YamlError(`found ${what} where a key must be a text`, key.index));
      return undefined;
    }
    const node = this.node(key);
    return node.kind === 'scalar' ? keyText(node.value, key.tag === TAG.float) : undefined;
  }

  private scalar(raw: RawScalar): Scalar {
    const { tag, text } = raw;
    switch (tag) {
      case TAG.str:
        return text;
      case TAG.null:
        return null;
      case TAG.bool:
        return this.orWrong(booleanOf(text), raw, 'a boolean');
      case TAG.int:
        return this.orWrong(integerOf(text), raw, 'an integer');
      case TAG.float:
        return this.orWrong(floatOf(text), raw, 'a number');
      case TAG.timestamp:
        this.findings.warning(
          `CircleCI's YAML reads ${text} as a date, not as a text`,
          `Put it in quotes: '${text}'.`,
          raw.at,
        );
        return text;
      default:
        this.wrongTag(raw);
        return text;
    }
  }

  private orWrong<T>(value: T | undefined, raw: RawScalar, expected: string): T | null {
    if (value !== undefined) return value;
    this.findings.error(new YamlError(`${raw.text} is not ${expected}, as its tag says`, raw.index));
    return null;
  }

  private wrongTag({ tag, index }: RawNode): void {
    this.findings.error(new YamlError(`could not determine a constructor for the tag ${tag}`, index));
  }
}
