import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../src/core/json.ts';
import { listNode, scalarNode, type Node } from '../../src/config/node.ts';
import { sameValue, ValueComparison } from '../../src/config/same-value.ts';
import { nodeOf, nowhere } from './support/node-of.ts';

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

describe('a comparison of what is written', () => {
  it('tells a whole float from an integer, as they are printed differently', () => {
    const whole = scalarNode(1, nowhere);
    expect(new ValueComparison().isSame(whole, { ...whole, float: true })).toBe(false);
  });

  it('finds .nan the same as .nan, which for a condition is equal to nothing', () => {
    expect(new ValueComparison().isSame(scalarNode(NaN, nowhere), scalarNode(NaN, nowhere))).toBe(true);
    expect(sameValue(scalarNode(NaN, nowhere), scalarNode(NaN, nowhere))).toBe(false);
  });

  it('does not remember as the same what was in values that differ', () => {
    const comparison = new ValueComparison();
    const left = nodeOf([[1], 2]);
    const right = nodeOf([[0], 2]);
    expect([comparison.isSame(left, right), comparison.isSame(left, right)]).toEqual([false, false]);
  });

  it('finds what is there and what is not different', () => {
    const comparison = new ValueComparison();
    expect([comparison.isSame(undefined, undefined), comparison.isSame(nodeOf(null), undefined)]).toEqual([
      true,
      false,
    ]);
  });
});
