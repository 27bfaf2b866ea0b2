import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';
import { listNode, mapNode, member, scalarNode, type Node } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import type { Source } from '../../../src/config/source.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { renderNode } from '../../../src/config/template/render-node.ts';
import { variables } from '../../../src/config/variables.ts';

const inScope = variables(
  new Map<string, Node>(
    ['parameters.version', 'parameters.node-version', 'pipeline.number', 'pipeline.parameters.deploy', 'matrix.os'].map(
      (name) => [name, scalarNode('x', nowhere)],
    ),
  ),
);

function problemsOf(node: Node, names = inScope) {
  const report = new Report();
  const rendered = renderNode(node, names, report, new Budget());
  return { rendered, problems: report.problems };
}

/** Messages and hints of a text's problems. */
function told(text: string): { message: string; hints: readonly string[] | undefined }[] {
  return problemsOf(nodeOf(text)).problems.map(({ message, hints }) => ({ message, hints }));
}

describe('names that mean nothing', () => {
  it.each<[text: string, message: string, hint: string]>([
    [
      'Arguments referenced without declared parameters: << parameters.verison >>',
      'Arguments referenced without declared parameters: parameters.verison',
      'Did you mean parameters.version?',
    ],
    ['<< version >>', 'Unknown variable(s): version', 'Did you mean parameters.version?'],
    ['<< deploy >>', 'Unknown variable(s): deploy', 'Did you mean pipeline.parameters.deploy?'],
    ['<< number >>', 'Unknown variable(s): number', 'Did you mean pipeline.number?'],
    ['<< os >>', 'Unknown variable(s): os', 'Did you mean matrix.os?'],
    ['<< pipeline.numbr >>', 'Unknown variable(s): pipeline.numbr', 'Did you mean pipeline.number?'],
    [
      '<< pipeline.parameters.something-else >>',
      'Unknown variable(s): pipeline.parameters.something-else',
      'Declare it under `parameters` at the top of the config.',
    ],
    [
      '<< parameters.something-else >>',
      'Arguments referenced without declared parameters: parameters.something-else',
      'What is declared here: parameters.version, parameters.node-version.',
    ],
    ['<<# parameters.verison >>x<</ parameters.verison >>', undeclared('verison'), 'Did you mean parameters.version?'],
    ['<< not parameters.verison >>', undeclared('verison'), 'Did you mean parameters.version?'],
    ['<< true or parameters.verison >>', undeclared('verison'), 'Did you mean parameters.version?'],
    [
      '<<^parameters.version>><<parameters.verison>><</parameters.version>>',
      undeclared('verison'),
      'Did you mean parameters.version?',
    ],
    [
      'cat <<EOF >>file',
      'Unknown variable(s): EOF',
      'Write `\\<<EOF`: CircleCI takes `<<` for the start of a tag, and removes the backslash.',
    ],
  ])('%s', (text, message, hint) => {
    expect(told(text)).toEqual([{ message, hints: [hint] }]);
  });

  it('tells that a caller’s parameters are not seen', () => {
    const { problems } = problemsOf(nodeOf('<< parameters.x >>'), variables(new Map()));
    expect(problems[0]?.hints).toEqual([
      'Nothing declares parameters here: a command, job or executor sees its own only, not those of its caller.',
    ]);
  });

  it('tells what whoever gives the variables knows of the name', () => {
    const hintFor = (name: string): string => `${name} means something elsewhere.`;
    const { problems } = problemsOf(nodeOf('<< secrets.x >>'), { ...variables(new Map()), hintFor });
    expect(problems[0]?.hints).toEqual(['secrets.x means something elsewhere.']);
  });

  it('all of a tree are told in one go', () => {
    const { problems } = problemsOf(nodeOf({ a: '<< one >> << two >>', '<< three >>': ['<< four == five >>'] }));
    expect(problems.map(({ message }) => message)).toEqual(
      ['one', 'two', 'three', 'four', 'five'].map((name) => `Unknown variable(s): ${name}`),
    );
  });
});

function undeclared(name: string): string {
  return `Arguments referenced without declared parameters: parameters.${name}`;
}

describe('expressions that are wrong', () => {
  it.each<[text: string, message: string]>([
    ['<< a and and b >>', 'Expected expression, found "and":\na and and b\n      ^^^'],
    ['<< (pipeline.number >>', `Expected ')' after expression:\n(pipeline.number\n                ^`],
    ['<< pipeline.number & 1 >>', `Unexpected character '&':\npipeline.number & 1\n                ^`],
    [
      '<< pipeline.number == "open >>',
      'Unterminated string starting here:\npipeline.number == "open\n                   ^',
    ],
    ['<< pipeline.number > 1 >>', 'Expected numeric operands to ">" operator:\npipeline.number > 1\n                ^'],
  ])('%s', (text, message) => {
    expect(told(text).map((problem) => problem.message)).toEqual([message]);
  });

  it('a list is no operand', () => {
    const list = variables(new Map<string, Node>([['parameters.steps', listNode([], nowhere)]]));
    const { problems } = problemsOf(nodeOf('<< parameters.steps == "x" >>'), list);
    expect(problems[0]?.message).toMatch(/^The value of "parameters.steps" is a list/);
  });

  it.each([
    ['<<include(scripts/greet.sh)>>', 'Only packing an orb replaces `<<include(file)>>`: compile the packed orb.'],
    [
      'cat <<EOF\n$X\nEOF\necho a >> b',
      'Write `\\<<EOF`: CircleCI takes `<<` for the start of a tag, and removes the backslash.',
    ],
  ])('a tag that is meant for others: %p', (text, hint) => {
    expect(told(text)).toMatchObject([{ hints: [hint] }]);
  });
});

describe('a template that is wrong', () => {
  it.each(['<< unknown >>', 'cat <<EOF', '<< a and >>', 'ok: << parameters.version >>, not ok: << unknown >>'])(
    'stays as it is: %s',
    (text) => {
      const node = nodeOf({ a: [text] });
      expect(problemsOf(node).rendered).toBe(node);
    },
  );

  it('as a key, stays as it is', () => {
    const node = nodeOf({ '<< unknown >>': 'x' });
    expect(problemsOf(node).rendered).toBe(node);
  });

  it('does not keep others from being rendered', () => {
    const { rendered } = problemsOf(nodeOf({ a: '<< unknown >>', b: '<< parameters.version >>' }));
    expect(member(rendered, 'b')).toMatchObject({ value: 'x' });
  });

  it('is told again in the next scope', () => {
    const node = nodeOf({ a: '<< unknown >>' });
    expect(problemsOf(node).problems).toHaveLength(1);
    expect(problemsOf(node).problems).toHaveLength(1);
  });
});

describe('the place of a problem, in every style of YAML', () => {
  it.each([
    ['plain', 'run: echo << unknown >>'],
    ['plain, on several lines', 'run: echo\n  a << unknown >>'],
    ['single quotes', `run: 'it''s << unknown >>'`],
    ['double quotes', String.raw`run: "\ta\x20\\<< b << unknown >>"`],
    ['double quotes, on several lines', 'run: "a\\\n  b\n\n  << unknown >>"'],
    ['literal', 'run: |\n  make\n\n    << unknown >>\n'],
    ['literal behind other tags', 'run: |\n  << matrix.os >> \\<< << matrix.os >>\n  << unknown >>\n'],
    ['literal with an indicator', 'a:\n  run: |2-\n\n      << unknown >>\n\n'],
    ['folded', 'run: >-\n  a\n  b << unknown >>'],
    ['lines that end in CR LF', 'run: |\r\n  make\r\n  << unknown >>\r\n'],
    ['a byte order mark', '\ufeffrun: << unknown >>'],
    ['an anchor', 'run: &name !!str << unknown >>'],
    ['a flow sequence', 'run: [a, "<< unknown >>"]'],
    ['a key', 'run:\n  "a << unknown >>": b'],
  ])('%s', (_style, text) => {
    const source: Source = { name: 'config.yml', text };
    const { problems } = problemsOf(readYaml(source, new Report()) ?? nodeOf(null));
    const lines = text.replace('\ufeff', '').slice(0, text.replace('\ufeff', '').indexOf('unknown')).split('\n');
    expect(problems.map(({ at }) => at)).toEqual([
      { source, line: lines.length, column: (lines.at(-1) ?? '').length + 1 },
    ]);
  });

  const source: Source = {
    name: 'config.yml',
    text: [
      '<< unknown >>: x', // 1
      'a: cat <<EOF', // 2
      'b: << pipeline.number == "b" and and >>', // 3
      'c: << matrix.os', // 4
      '  and "x" > 1 >>', // 5
      'd: |', // 6
      '  cat <<A', // 7
      '  cat <<B', // 8
      'e: <<# matrix.os >>x<</ parameters.version >>', // 9
    ].join('\n'),
  };
  const at = (line: number, column: number) => ({ source, line, column });

  it.each<[what: string, node: Node, line: number, column: number]>([
    ['a key', mapNode([['<< unknown >>', { keyAt: at(1, 1), value: scalarNode('x', at(1, 16)) }]], at(1, 1)), 1, 4],
    ['a tag that is not closed', scalarNode('cat <<EOF', at(2, 4)), 2, 8],
    ['a part of an expression', scalarNode('<< pipeline.number == "b" and and >>', at(3, 4)), 3, 34],
    ['what is wrong only with these values', scalarNode('<< matrix.os and "x" > 1 >>', at(4, 4)), 4, 4],
    ['the first of two', scalarNode('cat <<A\ncat <<B\n', at(6, 4)), 7, 7],
    ['a section', scalarNode('<<# matrix.os >>x<</ parameters.version >>', at(9, 4)), 9, 21],
    ['what the source does not have', scalarNode('<<A <<B <<C <<D <<E', at(8, 1)), 8, 7],
  ])('%s', (_what, node, line, column) => {
    expect(problemsOf(node).problems[0]?.at).toEqual(at(line, column));
  });

  it('each of several in one text has its own', () => {
    const { problems } = problemsOf(scalarNode('cat <<A\ncat <<B\n', at(6, 4)));
    expect(problems.map((problem) => problem.at)).toEqual([at(7, 7), at(8, 7)]);
  });

  it('is where the text starts, when it cannot be found', () => {
    const [problem] = problemsOf(scalarNode('<< unknown >>', nowhere)).problems;
    expect(problem?.at).toEqual(nowhere);
  });
});
