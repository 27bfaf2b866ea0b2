import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { listNode, scalarNode, type Node } from '../../../src/config/node.ts';
import { sameValue } from '../../../src/config/expression/same-value.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

describe('two values', () => {
  it.each<[JsonValue, JsonValue, boolean]>([
    ['a', 'a', true],
    ['1', 1, false],
    [1, true, false],
    [0, false, false],
    [null, '', false],
    [null, null, true],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [['a'], 'a', false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(sameValue(nodeOf(left), nodeOf(right))).toBe(same);
  });

  it('that aliases blow up to 2^60 scalars are compared as what is written', () => {
    function bomb(): Node {
      let node: Node = scalarNode('x', nowhere);
      for (let level = 0; level < 60; level++) node = listNode([node, node], nowhere);
      return node;
    }
    expect(sameValue(bomb(), bomb())).toBe(true);
  });

  it('that are nested without end are compared without a stack', () => {
    function tower(): Node {
      let node: Node = scalarNode('x', nowhere);
      for (let level = 0; level < 100_000; level++) node = listNode([node], nowhere);
      return node;
    }
    expect(sameValue(tower(), tower())).toBe(true);
  });
});
