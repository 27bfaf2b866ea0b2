import type { ListNode, MapNode, Node } from '../node.ts';
import { scalarText } from './scalar-text.ts';

const STEP = '  ';

/**
 * From this length on a key is written as `? key`, as SnakeYAML and PyYAML do: with the five characters of the tag `!!str`,
 * which they count, a key has to be shorter than 128.
 */
const LONG_KEY = 123;

/** All line breaks of YAML 1.1. A key that has one is written as `? key`. */
const LINE_BREAK = /[\n\u0085\u2028\u2029]/;

/**
 * A node as YAML in the style in which CircleCI prints a compiled config: block style, the dash of a list in a map not
 * indented, lines never folded, characters beyond ASCII as they are. Shared nodes are written out each time. It ends with a
 * line break.
 */
export function emitYaml(node: Node): string {
  const emitter = new Emitter();
  emitter.write(node, node.kind === 'scalar' ? STEP : '');
  return emitter.text;
}

class Emitter {
  private readonly parts: string[] = [];
  /** Keys come again and again: their texts are made once. */
  private readonly keys = new Map<string, string>();

  get text(): string {
    return this.parts.join('');
  }

  /**
   * Writes a node that begins where the current line has got to.
   * @param indent of its further lines
   */
  write(node: Node, indent: string): void {
    if (node.kind === 'scalar') this.parts.push(scalarText(node.value, indent, node.float), '\n');
    else if (isEmpty(node)) this.parts.push(node.kind === 'list' ? '[]\n' : '{}\n');
    else if (node.kind === 'list') this.writeItems(node, indent);
    else this.writeEntries(node, indent);
  }

  private writeItems(list: ListNode, indent: string): void {
    let first = true;
    for (const item of list.items) {
      this.parts.push(first ? '- ' : `${indent}- `);
      this.write(item, indent + STEP);
      first = false;
    }
  }

  private writeEntries(map: MapNode, indent: string): void {
    let first = true;
    for (const [key, { value }] of map.entries) {
      if (!first) this.parts.push(indent);
      first = false;
      if (isSimpleKey(key)) {
        this.parts.push(this.keyText(key), ':');
        this.writeBehindKey(value, indent);
      } else {
        this.parts.push('? ', scalarText(key, indent + STEP), '\n', indent, ': ');
        this.write(value, indent + STEP);
      }
    }
  }

  /** A scalar or an empty collection goes on the line of the key, everything else on lines of its own. */
  private writeBehindKey(value: Node, indent: string): void {
    if (value.kind === 'scalar' || isEmpty(value)) {
      this.parts.push(' ');
      this.write(value, indent + STEP);
    } else {
      const inner = value.kind === 'list' ? indent : indent + STEP;
      this.parts.push('\n', inner);
      this.write(value, inner);
    }
  }

  private keyText(key: string): string {
    let text = this.keys.get(key);
    if (text === undefined) {
      text = scalarText(key, '');
      this.keys.set(key, text);
    }
    return text;
  }
}

function isEmpty(node: ListNode | MapNode): boolean {
  return node.kind === 'list' ? node.items.length === 0 : node.entries.size === 0;
}

function isSimpleKey(key: string): boolean {
  return key !== '' && key.length < LONG_KEY && !LINE_BREAK.test(key);
}
