import { listNode, scalarNode, type Entry, type Node, type Scalar, type ScalarNode } from '../node.ts';
import { Flattener } from './flatten.ts';
import type { RawList, RawMap, RawNode, RawScalar } from './raw-node.ts';
import { booleanOf, floatOf, integerOf, isTimestamp, isUnusual, keyText } from './resolve-scalar.ts';
import { TAG } from './tags.ts';
import type { Place } from '../source.ts';
import { YamlError } from './yaml-error.ts';

export interface Findings {
  error(error: YamlError): void;
  warning(message: string, hint: string, at: Place): void;
}

const MOST_ERRORS = 50;

const REMOVE_ONE = 'Remove one of the two, or rename it.';

/**
 * Makes values of what was read. An alias becomes the very node that its anchor does.
 * @throws YamlError at the last one of too many
 */
export function construct(root: RawNode, findings: Findings): Node {
  return new Constructor(findings).node(root);
}

class Constructor {
  private readonly findings: Findings;
  private readonly flattener: Flattener;
  private errors = 0;

  constructor(findings: Findings) {
    this.findings = findings;
    this.flattener = new Flattener({
      textOf: (key) => this.keyText(key),
      repeated: (text, earlier, later, map) => this.repeated(text, earlier, later, map),
    });
  }

  /**
   * CircleCI refuses a map with a key that is there twice (seen since 2018: google/startup-os#360). Registry orbs are
   * older than that, and keys of two types, such as 1 and '1', are two for SnakeYAML: there, the last one counts.
   */
  private repeated(text: string, earlier: RawNode, later: RawNode, map: RawMap): void {
    if (earlier.tag === later.tag && later.at.source.orb === undefined) {
      const context = { text: 'while constructing a mapping', index: map.index };
      this.wrong(new YamlError(`found duplicate key ${shown(text)}`, later.index, { context }));
      return;
    }
    const message = `The key ${shown(text)} is here twice, first in line ${earlier.at.line}: only this one counts`;
    this.findings.warning(message, REMOVE_ONE, later.at);
  }

  node(raw: RawNode): Node {
    raw.node ??= this.make(raw);
    return raw.node;
  }

  private make(raw: RawNode): Node {
    switch (raw.kind) {
      case 'scalar':
        return this.scalarNode(raw);
      case 'list':
        return this.list(raw);
      case 'map':
        return this.map(raw);
    }
  }

  private list(raw: RawList): Node {
    if (raw.tag !== TAG.seq) this.wrongTag(raw);
    return listNode(
      raw.items.map((item) => this.node(item)),
      raw.at,
    );
  }

  private map(raw: RawMap): Node {
    if (raw.tag !== TAG.map) this.wrongTag(raw);
    const entries = new Map<string, Entry>();
    for (const [text, { key, value }] of this.pairsOf(raw)) {
      entries.set(text, { keyAt: key.at, value: this.node(value) });
    }
    return { kind: 'map', entries, at: raw.at };
  }

  private pairsOf(raw: RawMap): ReturnType<Flattener['flatten']> {
    try {
      return this.flattener.flatten(raw);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.wrong(error);
      return new Map();
    }
  }

  private keyText(key: RawNode): string | undefined {
    if (key.kind !== 'scalar') {
      const what = key.kind === 'list' ? 'a list' : 'a map';
      this.wrong(new YamlError(`found ${what} where a key must be a text`, key.index));
      return undefined;
    }
    const node = this.node(key);
    if (key.tag === TAG.bool && !/^(?:true|false)$/i.test(key.text)) {
      this.findings.warning(
        `CircleCI's YAML reads the key ${key.text} as ${node.kind === 'scalar' && node.value}`,
        `Put it in quotes: '${key.text}'.`,
        key.at,
      );
    }
    return node.kind === 'scalar' ? keyText(node.value, key.tag === TAG.float) : undefined;
  }

  private scalarNode(raw: RawScalar): ScalarNode {
    const node = scalarNode(this.scalar(raw), raw.at);
    return raw.tag === TAG.float && Number.isInteger(node.value) ? { ...node, float: true } : node;
  }

  private scalar(raw: RawScalar): Scalar {
    const { tag, text } = raw;
    switch (tag) {
      case TAG.str:
        return text;
      case TAG.null:
        return null;
      case TAG.bool:
        return booleanOf(text) ?? null;
      case TAG.int:
        return this.integer(raw);
      case TAG.float:
        return this.orWrong(floatOf(text), raw, 'a float');
      case TAG.timestamp:
        if (!isTimestamp(text)) this.wrong(new YamlError(`Unexpected timestamp: ${text}`, raw.index, { bare: true }));
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

  private integer(raw: RawScalar): number | bigint | null {
    const value = this.orWrong(integerOf(raw.text), raw, 'an int');
    if (value !== null && isUnusual(raw.text)) {
      const message = `CircleCI's YAML reads ${shown(raw.text)} as the number ${value}`;
      this.findings.warning(message, `Put it in quotes if it is a text: '${shown(raw.text)}'.`, raw.at);
    }
    return value;
  }

  private orWrong<T>(value: T | undefined, raw: RawScalar, expected: string): T | null {
    if (value !== undefined) return value;
    if (raw.text.replaceAll('_', '') === '') {
      const context = { text: `while constructing ${expected}`, index: raw.index };
      this.wrong(new YamlError('found empty value', raw.index, { context }));
      return null;
    }
    this.wrong(new YamlError(`can't read ${shown(raw.text)} as ${expected}`, raw.index));
    return null;
  }

  /** @throws YamlError the last one that is worth reading */
  private wrong(error: YamlError): void {
    this.errors++;
    if (this.errors >= MOST_ERRORS) throw error;
    this.findings.error(error);
  }

  private wrongTag({ tag, index }: RawNode): void {
    this.wrong(new YamlError(`could not determine a constructor for the tag ${encoded(tag)}`, index));
  }
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** A tag as SnakeYAML prints it. */
function encoded(tag: string): string {
  return tag.replace(/[^\w.!~*'()@:$&,;=[\]/-]+/g, (text) => encodeURIComponent(text));
}
