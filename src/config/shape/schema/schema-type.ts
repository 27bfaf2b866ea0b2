import type { Node } from '../../node.ts';
import type { SchemaType } from './schema-texts.ts';

/** What a value is, in the names that CircleCI's schema check uses. */
export function schemaType(node: Node): SchemaType {
  if (node.kind === 'map') return 'Mapping';
  if (node.kind === 'list') return 'Sequence';
  const { value } = node;
  if (value === null) return 'Null';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'boolean') return 'Boolean';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'Integer' : 'Number';
}
