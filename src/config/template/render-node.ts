import type { Budget } from '../budget.ts';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Variables } from '../variables.ts';
import { fillKey, fillTemplate, type Filling } from './fill-template.ts';
import { readTemplate } from './read-template.ts';
import { mayHaveTags } from './scan-template.ts';

/** Nodes that rendering leaves as they are: those without templates, and those that have been rendered. */
const settled = new WeakSet<Node>();

/**
 * Puts values in the place of the templates in all keys and values of a tree. A value that is a tag and nothing else
 * becomes the value of the tag with its type, others become text. What is put in is never looked at again, nor is what
 * has been rendered. Parts without templates stay the very same objects; templates that are wrong are reported, and
 * stay as well.
 * @param variables undefined inside of closed nodes, which then stay as they are
 * @param budget bounds the text that values of values of values can grow to
 * @throws TooLarge
 */
export function renderNode(node: Node, variables: Variables | undefined, report: Report, budget: Budget): Node {
  return variables === undefined ? node : new Rendering({ variables, report, budget }).render(node);
}

class Rendering {
  private readonly filling: Filling;
  /** What became of lists and maps with templates: with YAML's aliases they can have many parents. */
  private readonly rendered = new Map<Node, Node>();
  /** How many templates have been met, to tell which parts of the tree have none. */
  private templates = 0;

  constructor(filling: Filling) {
    this.filling = filling;
  }

  render(node: Node): Node {
    if (node.kind === 'scalar') return this.renderScalar(node);
    if (node.home !== undefined || settled.has(node)) return node;
    const known = this.rendered.get(node);
    if (known) {
      this.templates += 1;
      return known;
    }
    const before = this.templates;
    const result = node.kind === 'list' ? this.renderList(node) : this.renderMap(node);
    if (this.templates === before || result !== node) settled.add(result);
    if (this.templates !== before) this.rendered.set(node, result);
    return result;
  }

  private renderScalar(node: ScalarNode): Node {
    const { value, at } = node;
    if (typeof value !== 'string' || !mayHaveTags(value) || node.home !== undefined || settled.has(node)) return node;
    this.templates += 1;
    const filled = fillTemplate(readTemplate(node, value, at, this.filling.budget), at, this.filling);
    if (!filled) return node;
    settled.add(filled);
    return filled;
  }

  private renderList(node: ListNode): Node {
    const items = node.items.map((item) => this.render(item));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }

  private renderMap(node: MapNode): Node {
    const entries = new Map<string, Entry>();
    let changed = false;
    for (const [key, entry] of node.entries) {
      const newKey = mayHaveTags(key) ? this.renderKey(key, entry) : key;
      const value = this.render(entry.value);
      const same = value === entry.value;
      changed ||= newKey !== key || !same;
      entries.set(newKey, same ? entry : { ...entry, value });
    }
    return changed ? { ...node, entries } : node;
  }

  private renderKey(key: string, entry: Entry): string {
    this.templates += 1;
    const template = readTemplate(entry, key, entry.keyAt, this.filling.budget);
    return fillKey(template, entry.keyAt, this.filling) ?? key;
  }
}
