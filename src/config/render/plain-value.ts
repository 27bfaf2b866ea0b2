import type { JsonValue } from '../../core/json.ts';
import type { Node, Scalar } from '../node.ts';

/** A node as JSON has it. What JSON has no number for is text: integers beyond 2^53 that a double can't hold, `.inf`, `.nan`. */
export function plainValue(node: Node): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return plainScalar(node.value);
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainValue(value)]));
  }
}

function plainScalar(value: Scalar): JsonValue {
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value < 0 ? '-.inf' : '.inf';
  }
  return value;
}
