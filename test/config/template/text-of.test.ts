import { describe, expect, it } from '@jest/globals';
import { listNode, scalarNode, type Node, type Scalar } from '../../../src/config/node.ts';
import { textOf } from '../../../src/config/template/text-of.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

describe('a value inside of text (facts 3.2, observed rule 15)', () => {
  it.each<[value: Scalar, text: string]>([
    ['a b', 'a b'],
    ['', ''],
    [true, 'true'],
    [false, 'false'],
    [1, '1'],
    [-0, '0'],
    [9007199254740991, '9007199254740991'],
    [123456789012345678901234567890n, '123456789012345678901234567890'],
    [null, ''],
    // Double.toString of Java 17.
    [1.14, '1.14'],
    [0.001, '0.001'],
    [0.00012, '1.2E-4'],
    [0.0001, '1.0E-4'],
    [12345678.5, '1.23456785E7'],
    [1e21, '1.0E21'],
    [-2.5, '-2.5'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [NaN, 'NaN'],
  ])('%p is %p', (value, text) => {
    expect(textOf(scalarNode(value, nowhere))).toBe(text);
  });

  it('lists and maps are JSON', () => {
    const node = nodeOf([{ run: { command: 'say "hi"', retries: 2 } }, 'checkout', [], {}, null, true]);
    expect(textOf(node)).toBe('[{"run":{"command":"say \\"hi\\"","retries":2}},"checkout",[],{},null,true]');
  });

  it('a list whose aliases stand for a tree without end has no text', () => {
    let bomb: Node = scalarNode('x', nowhere);
    for (let depth = 0; depth < 90; depth += 1) bomb = listNode([bomb, bomb], nowhere);
    expect(textOf(bomb)).toBeUndefined();
  });
});
