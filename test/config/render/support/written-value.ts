import { listNode, mapNode, scalarNode, type Node } from '../../../../src/config/node.ts';
import { nowhere } from '../../support/node-of.ts';

/** A value as pyyaml-dump.py reads it: JSON, but for maps, whose keys have an order. */
export type WrittenValue = string | number | boolean | null | WrittenValue[] | { entries: [string, WrittenValue][] };

export function nodeOfWritten(value: WrittenValue): Node {
  if (Array.isArray(value)) return listNode(value.map(nodeOfWritten), nowhere);
  if (value === null || typeof value !== 'object') return scalarNode(value, nowhere);
  const entries = value.entries.map(([key, item]) => [key, { keyAt: nowhere, value: nodeOfWritten(item) }] as const);
  return mapNode(entries, nowhere);
}
