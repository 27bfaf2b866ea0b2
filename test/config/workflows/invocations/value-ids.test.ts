import { describe, expect, it } from '@jest/globals';
import { listNode, type Node } from '../../../../src/config/node.ts';
import { ValueIds } from '../../../../src/config/workflows/invocations/value-ids.ts';
import type { JsonValue } from '../../../../src/core/json.ts';
import { nodeOf, nowhere } from '../../support/node-of.ts';

describe('ValueIds', () => {
  it.each<[JsonValue, JsonValue, boolean]>([
    [1, 1, true],
    [1, '1', false],
    [true, 'true', false],
    [null, 'null', false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1, [2]], [[1], 2], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }, false],
    [[], {}, false],
    ['[1]', [1], false],
  ])('%j and %j: %s', (one, other, equal) => {
    const ids = new ValueIds();
    expect(ids.of(nodeOf(one)) === ids.of(nodeOf(other))).toBe(equal);
  });

  it('has a number of its own for what is not there', () => {
    const ids = new ValueIds();
    expect(ids.of(nodeOf(null))).not.toBe(ids.ofOptional(undefined));
  });

  it('looks at parts once that are there many times', () => {
    const double = (node: Node): Node => listNode([node, node], nowhere);
    let bomb = nodeOf('x');
    for (let depth = 0; depth < 90; depth++) bomb = double(bomb);
    expect(new ValueIds().of(bomb)).toBe(91);
  });
});
