import { describe, expect, it } from '@jest/globals';
import { listNode, scalarNode, type Node } from '../../../src/config/node.ts';
import { variables } from '../../../src/config/variables.ts';
import { referencedNames } from '../../../src/config/template/names.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

function namesIn(node: Node): string[] {
  return referencedNames(node).map(({ name }) => name);
}

describe('the names that a tree refers to', () => {
  it.each<[where: string, text: string, names: string[]]>([
    ['tags', '<< a >>-<< b.c >>', ['a', 'b.c']],
    ['expressions, whatever they come to', '<< not (a == "x" or true) and b.c >>', ['a', 'b.c']],
    ['sections, and what is in them', '<<# a >><< b >><</ a >><<^ c >><</ c >>', ['a', 'b', 'c']],
    ['names that are no expressions', '<< pipeline.parameters.a:b >>', ['pipeline.parameters.a:b']],
    ['not in escapes', String.raw`\<< a >>`, []],
    ['not in templates that are wrong', '<< a >> <<', []],
  ])('in %s', (_where, text, names) => {
    expect(namesIn(nodeOf(text))).toEqual(names);
  });

  it('in keys and values, in their order', () => {
    expect(namesIn(nodeOf({ x: ['<< a >>', { '<< b >>': '<< c >>' }], y: 1, z: '<< a >>' }))).toEqual([
      'a',
      'b',
      'c',
      'a',
    ]);
  });

  it('are where they are written', () => {
    const source = { name: 'config.yml', text: 'run: |\n  make << a.b >>\n' };
    const node = scalarNode('make << a.b >>\n', { source, line: 1, column: 6 });
    expect(referencedNames(node)).toMatchObject([{ name: 'a.b', at: { source, line: 2, column: 11 } }]);
  });

  it('are none in closed nodes', () => {
    const home = {
      reference: '',
      variables: variables(new Map()),
      commands: new Map(),
      jobs: new Map(),
      executors: new Map(),
      orbs: new Map(),
    };
    expect(namesIn(listNode([{ ...nodeOf('<< a >>'), home }], nowhere))).toEqual([]);
  });

  it('are found once in a part that YAML aliases repeat', () => {
    let node: Node = nodeOf('<< a >>');
    for (let depth = 0; depth < 90; depth += 1) node = listNode([node, node], nowhere);
    expect(namesIn(node)).toEqual(['a']);
  });
});
