import { describe, expect, it } from '@jest/globals';
import { Budget, TooLarge } from '../../../src/config/budget.ts';
import { listNode, scalarNode, type Node } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import { renderNode } from '../../../src/config/template/render-node.ts';
import { variables } from '../../../src/config/variables.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

function render(template: Node, values: Readonly<Record<string, Node>>, budget = new Budget()): Node {
  return renderNode(template, variables(new Map(Object.entries(values))), new Report(), budget);
}

describe('rendering is bounded', () => {
  it('text that doubles with every call is too large', () => {
    const template = nodeOf('<< x >><< x >>');
    const budget = new Budget();
    let value: Node = nodeOf('0123456789');
    expect(() => {
      for (let call = 0; call < 100; call += 1) value = render(template, { x: value }, budget);
    }).toThrow(TooLarge);
  });

  it('a single text is bounded without a budget as well', () => {
    const template = nodeOf('<< x >>'.repeat(10_000));
    expect(() => render(template, { x: nodeOf('0123456789'.repeat(1000)) })).toThrow(TooLarge);
  });

  it('patterns of expressions count', () => {
    const expressions = Array.from({ length: 1000 }, (_, index) => `<< x matches /(a{100}){9}${index}/ >>`);
    expect(() => render(nodeOf(expressions), { x: nodeOf('a') }, new Budget(10_000))).toThrow(TooLarge);
  });

  it('a tree that YAML aliases make endless is rendered in its real size', () => {
    let node: Node = nodeOf(['<< x >>', { '<< x >>': 1 }]);
    for (let depth = 0; depth < 90; depth += 1) node = listNode([node, node], nowhere);
    const rendered = render(node, { x: nodeOf('y') });
    expect(rendered.kind === 'list' && rendered.items[0]).toBe(rendered.kind === 'list' && rendered.items[1]);
  });

  it('a list inside of text that YAML aliases make endless is too large', () => {
    let bomb: Node = nodeOf('y');
    for (let depth = 0; depth < 90; depth += 1) bomb = listNode([bomb, bomb], nowhere);
    const report = new Report();
    renderNode(nodeOf('a << x >>'), variables(new Map([['x', bomb]])), report, new Budget());
    expect(report.problems.map(({ code }) => code)).toContain('too-large');
  });

  it('100 000 nested sections', () => {
    const text = `${'<<#x>>'.repeat(100_000)}deep${'<</x>>'.repeat(100_000)}`;
    expect(render(nodeOf(text), { x: nodeOf(true) })).toEqual(scalarNode('deep', nowhere));
  });

  it('values have places in a source of many lines', () => {
    const lines = 50_000;
    const source = { name: 'config.yml', text: '- << x >>\n'.repeat(lines) };
    const items = Array.from({ length: lines }, (_, line) =>
      scalarNode('<< x >>', { source, line: line + 1, column: 3 }),
    );
    const rendered = render(listNode(items, nowhere), { x: nodeOf('y') });
    expect(rendered.kind === 'list' && rendered.items.at(-1)?.insertions?.[0]?.at).toEqual({
      source,
      line: lines,
      column: 3,
    });
  });
});
