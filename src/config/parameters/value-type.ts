import type { Node, ScalarNode } from '../node.ts';
import { scalarText } from '../template/text-of.ts';

/** What YAML made of a value, in the names that CircleCI gives to the types. */
export type ValueType = 'string' | 'integer' | 'float' | 'boolean' | 'null' | 'list' | 'map';

export function valueType(node: Node): ValueType {
  if (node.kind !== 'scalar') return node.kind;
  return scalarType(node);
}

function scalarType({ value, float }: ScalarNode): ValueType {
  if (value === null) return 'null';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string' | 'boolean';
  return typeof value === 'bigint' || (Number.isInteger(value) && !float) ? 'integer' : 'float';
}

/** Whether a value may be something else once its tags are replaced, so that its type can't be known yet. */
export function mayHoldTag(node: Node): boolean {
  return (
    node.kind === 'scalar' && typeof node.value === 'string' && node.home === undefined && node.value.includes('<<')
  );
}

/** The text of a scalar, as CircleCI shows it in messages; lists and maps as JSON, cut to one short line. */
export function valuePreview(node: Node): string {
  const text = preview(node, 0);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function preview(node: Node, depth: number): string {
  if (node.kind === 'scalar') {
    return depth === 0 || typeof node.value !== 'string' ? scalarText(node) : JSON.stringify(node.value);
  }
  if (depth > 3) return '…';
  if (node.kind === 'list') {
    return `[${node.items
      .slice(0, 5)
      .map((item) => preview(item, depth + 1))
      .join(', ')}]`;
  }
  const entries = [...node.entries].slice(0, 5);
  return `{${entries.map(([key, { value }]) => `${JSON.stringify(key)}: ${preview(value, depth + 1)}`).join(', ')}}`;
}
