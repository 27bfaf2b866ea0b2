import type { JsonValue } from '../../../src/core/json.ts';
import { listNode, mapNode, scalarNode, type Node } from '../../../src/config/node.ts';
import type { Place, Source } from '../../../src/config/source.ts';

export const nowhere: Place = { source: { name: 'test.yml', text: '' } satisfies Source, line: 1, column: 1 };

/** Plain data as nodes, all at one place. */
export function nodeOf(value: JsonValue, at: Place = nowhere): Node {
  if (Array.isArray(value))
    return listNode(
      value.map((item) => nodeOf(item, at)),
      at,
    );
  if (value !== null && typeof value === 'object') {
    return mapNode(
      Object.entries(value).map(([key, item]) => [key, { keyAt: at, value: nodeOf(item, at) }] as const),
      at,
    );
  }
  return scalarNode(value, at);
}
