import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import { listNode, member, scalarNode, type Insertion, type Node } from '../../../src/config/node.ts';
import type { Library } from '../../../src/config/library.ts';
import { Report } from '../../../src/config/problem.ts';
import { plainValue } from '../../../src/config/render/plain-value.ts';
import type { Place } from '../../../src/config/source.ts';
import { renderNode } from '../../../src/config/template/render-node.ts';
import { variables, type Variables } from '../../../src/config/variables.ts';
import type { JsonValue } from '../../../src/core/json.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

const STEPS = [{ run: 'make' }, 'checkout'];

const values: Readonly<Record<string, JsonValue>> = {
  'parameters.name': 'web',
  'parameters.empty': '',
  'parameters.yes': true,
  'parameters.no': false,
  'parameters.count': 3,
  'parameters.zero': 0,
  'parameters.ratio': 1.14,
  'parameters.steps': STEPS,
  'parameters.executor': { name: 'linux', size: 'large' },
  'parameters.tag-like': '<< parameters.name >>',
  'parameters.escaped-like': String.raw`\<<EOF`,
  'pipeline.number': 7,
  'pipeline.git.tag': null,
  'pipeline.git.branch': 'main',
  'pipeline.parameters.a:b/c': 'odd',
};

function scope(given: Readonly<Record<string, JsonValue>> = values): Variables {
  return variables(new Map(Object.entries(given).map(([name, value]) => [name, nodeOf(value)])));
}

function render(node: Node, inScope: Variables = scope()): Node {
  const report = new Report();
  const rendered = renderNode(node, inScope, report, new Budget());
  expect(report.problems).toEqual([]);
  return rendered;
}

function valueOf(template: JsonValue): unknown {
  return plainValue(render(nodeOf(template)));
}

describe('a value that is only one tag keeps its type (observed rule 15)', () => {
  it.each<[template: string, value: JsonValue]>([
    ['<< parameters.name >>', 'web'],
    ['<<parameters.name>>', 'web'],
    ['<< parameters.yes >>', true],
    ['<< parameters.count >>', 3],
    ['<< parameters.ratio >>', 1.14],
    ['<< parameters.steps >>', STEPS],
    ['<< parameters.executor >>', { name: 'linux', size: 'large' }],
    ['<< pipeline.number >>', 7],
    ['<< pipeline.git.tag >>', null],
    ['<< pipeline.parameters.a:b/c >>', 'odd'],
    ['<< (parameters.steps) >>', STEPS],
    ['<< pipeline.number > 5 >>', true],
    ['<< pipeline.git.tag or 12 >>', 12],
    ['<< pipeline.git.branch == "main" and 10 or 1 >>', 10],
    ['<< not parameters.yes >>', false],
    ['<< pipeline.git.tag == "v1" >>', null],
    ['<< 5 >>', 5],
    ['<< "text" >>', 'text'],
    ['<< /v.*/ >>', '/v.*/'],
  ])('%s', (template, value) => {
    expect(valueOf(template)).toEqual(value);
  });
});

describe('a value inside of text is text', () => {
  it.each<[template: string, text: string]>([
    ['app-<< parameters.name >>', 'app-web'],
    ['<< parameters.name >> ', 'web '],
    ['<< parameters.yes >>/<< parameters.no >>', 'true/false'],
    ['<< parameters.count >>-<< parameters.ratio >>', '3-1.14'],
    ['tag: << pipeline.git.tag >>.', 'tag: .'],
    ['<< pipeline.number >><< pipeline.number >>', '77'],
    ['is << pipeline.git.branch == "main" >>', 'is true'],
    ['${<< parameters.name >>}', '${web}'],
  ])('%s', (template, text) => {
    expect(valueOf(template)).toBe(text);
  });

  it('a list inside of text is JSON, with a warning', () => {
    const report = new Report();
    const rendered = renderNode(nodeOf('x << parameters.steps >>'), scope(), report, new Budget());
    expect(plainValue(rendered)).toBe(`x ${JSON.stringify(STEPS)}`);
    expect(report.problems).toMatchObject([{ severity: 'warning', code: 'collection-in-text' }]);
  });
});

describe('sections (observed rule 16)', () => {
  it.each<[name: string, shown: boolean]>([
    ['parameters.name', true],
    ['parameters.yes', true],
    ['parameters.count', true],
    ['parameters.steps', true],
    ['parameters.executor', true],
    ['parameters.empty', false],
    ['parameters.no', false],
    ['parameters.zero', false],
    ['pipeline.git.tag', false],
  ])('%s counts as %s', (name, shown) => {
    expect(valueOf(`a<<# ${name} >>b<</ ${name} >>c`)).toBe(shown ? 'abc' : 'ac');
    expect(valueOf(`a<<^ ${name} >>b<</ ${name} >>c`)).toBe(shown ? 'ac' : 'abc');
  });

  it('tags and sections within a section', () => {
    const text =
      '<<#parameters.yes>>-W <<parameters.name>><<#parameters.no>>never<</parameters.no>>!<</parameters.yes>>';
    expect(valueOf(text)).toBe('-W web!');
  });

  it('what is after a section that does not count, is there', () => {
    expect(valueOf('<<#parameters.no>>a<<#parameters.yes>>b<</parameters.yes>>c<</parameters.no>>d')).toBe('d');
  });

  it('a section tag alone on its line vanishes with its line break', () => {
    expect(valueOf('make\n  <<# parameters.yes >>\nmake all\n  <</ parameters.yes >>\ndone\n')).toBe(
      'make\nmake all\ndone\n',
    );
  });

  it('a tag alone on its line leaves the line', () => {
    // As in the captured output of circleci/node@4.7.0.
    expect(valueOf('if x; then\n  << parameters.empty >>\nelse\n')).toBe('if x; then\n  \nelse\n');
  });
});

describe(String.raw`\<< becomes << (observed rule 17)`, () => {
  it.each([
    [String.raw`cat \<<EOF`, 'cat <<EOF'],
    [String.raw`cat \<<EOF > << parameters.name >>`, 'cat <<EOF > web'],
    [String.raw`\\<< parameters.name >>`, String.raw`\web`],
  ])('%s', (template, text) => {
    expect(valueOf(template)).toBe(text);
  });

  it('what is put in is not looked at again', () => {
    expect(valueOf('<< parameters.tag-like >>')).toBe('<< parameters.name >>');
    expect(valueOf('x << parameters.tag-like >>')).toBe('x << parameters.name >>');
    expect(valueOf('x << parameters.escaped-like >>')).toBe(String.raw`x \<<EOF`);
  });

  it('what has been rendered is not rendered again', () => {
    const once = render(nodeOf({ a: String.raw`\\<< parameters.tag-like >>`, b: [String.raw`\<<EOF`] }));
    expect(render(once)).toBe(once);
    expect(render(listNode([once], nowhere))).toEqual(listNode([once], nowhere));
  });
});

describe('templates in a tree', () => {
  it('are replaced in keys and values at any depth', () => {
    const template = { 'key-<< parameters.name >>': [{ a: '<< parameters.yes >>' }, ['<< parameters.count >> x']] };
    expect(valueOf(template)).toEqual({ 'key-web': [{ a: true }, ['3 x']] });
  });

  it('a key that is only one tag is text', () => {
    expect(valueOf({ '<< parameters.count >>': 'x' })).toEqual({ '3': 'x' });
  });

  it('keys keep their order and their places', () => {
    const keyAt: Place = { ...nowhere, line: 7 };
    const node = nodeOf({ b: 1, '<< parameters.name >>': 2, a: 3 }, keyAt);
    const rendered = render(node);
    expect(Object.keys(plainValue(rendered) as object)).toEqual(['b', 'web', 'a']);
    expect(rendered.kind === 'map' && rendered.entries.get('web')?.keyAt).toBe(keyAt);
  });

  it('what has no templates stays the same object', () => {
    const plain = nodeOf({ a: [1, 'b', { c: null }] });
    expect(render(plain)).toBe(plain);
  });

  it('parts without templates are shared', () => {
    const node = nodeOf({ plain: { deep: ['x'] }, changed: ['<< parameters.name >>', { other: 1 }] });
    const rendered = render(node);
    expect(rendered).not.toBe(node);
    expect(member(rendered, 'plain')).toBe(member(node, 'plain'));
    const [before, after] = [member(node, 'changed'), member(rendered, 'changed')];
    expect(after?.kind === 'list' && after.items[1]).toBe(before?.kind === 'list' && before.items[1]);
  });

  it('lists and maps keep their places', () => {
    const at: Place = { ...nowhere, line: 3 };
    expect(render(nodeOf(['<< parameters.name >>'], at)).at).toBe(at);
  });

  it('a part that YAML aliases repeat is rendered once', () => {
    const shared = nodeOf({ name: '<< parameters.name >>' });
    const rendered = render(listNode([shared, shared], nowhere));
    expect(rendered.kind === 'list' && rendered.items[0]).toBe(rendered.kind === 'list' && rendered.items[1]);
  });

  it('is rendered anew with other values', () => {
    const node = nodeOf({ a: '<< parameters.name >>', b: '\\<<' });
    expect(plainValue(render(node, scope({ 'parameters.name': 'one' })))).toEqual({ a: 'one', b: '<<' });
    expect(plainValue(render(node, scope({ 'parameters.name': 'two' })))).toEqual({ a: 'two', b: '<<' });
  });
});

describe('closed nodes', () => {
  const home: Library = {
    reference: '',
    variables: scope({}),
    commands: new Map(),
    jobs: new Map(),
    executors: new Map(),
    orbs: new Map(),
  };

  it.each<[string, Node]>([
    ['a closed text', { ...scalarNode('<< x >>', nowhere), home }],
    ['a closed list', { ...listNode([scalarNode('<< x >>', nowhere)], nowhere), home }],
  ])('%s stays as it is', (_name, node) => {
    expect(render(node)).toBe(node);
    const list = listNode([node], nowhere);
    expect(render(list)).toBe(list);
  });

  it('without variables everything stays as it is', () => {
    const node = nodeOf(['<< x >>']);
    const report = new Report();
    expect(renderNode(node, undefined, report, new Budget())).toBe(node);
    expect(report.problems).toEqual([]);
  });

  it('an argument that is put in stays closed', () => {
    const argument: Node = { ...nodeOf(STEPS), home };
    const rendered = render(nodeOf(['<< parameters.steps >>']), variables(new Map([['parameters.steps', argument]])));
    expect(rendered).toMatchObject({ items: [{ home }] });
  });
});

describe('insertions tell where a value came from', () => {
  const source = {
    name: 'orb.yml',
    text: ['run: << parameters.name >>', 'text: "a << parameters.name >>, << pipeline.number > 1 >>"'].join('\n'),
  };
  const place = (line: number, column: number): Place => ({ source, line, column });
  const argument = scalarNode('web', { source: { name: 'config.yml', text: '' }, line: 12, column: 9 });
  const inScope = variables(
    new Map<string, Node>([
      ['parameters.name', argument],
      ['pipeline.number', scalarNode(7, nowhere)],
    ]),
  );

  it('a value that is only one tag is the argument, at its own place', () => {
    const rendered = render(scalarNode('<< parameters.name >>', place(1, 6)), inScope);
    const insertion: Insertion = { expression: 'parameters.name', at: place(1, 6), value: argument };
    expect(rendered).toEqual({ ...argument, insertions: [insertion] });
  });

  it('a value that is passed on tells all its ways', () => {
    const passed = render(scalarNode('<< parameters.name >>', place(1, 6)), inScope);
    const again = render(
      scalarNode('<< parameters.name >>', place(1, 6)),
      variables(new Map([['parameters.name', passed]])),
    );
    expect(again.insertions).toEqual([
      { expression: 'parameters.name', at: place(1, 6), value: argument },
      { expression: 'parameters.name', at: place(1, 6), value: passed },
    ]);
  });

  it('a text is at the place of the template, with one insertion for each tag', () => {
    const rendered = render(scalarNode('a << parameters.name >>, << pipeline.number > 1 >>', place(2, 7)), inScope);
    const insertions: Insertion[] = [
      { expression: 'parameters.name', at: place(2, 10), value: argument },
      { expression: 'pipeline.number > 1', at: place(2, 33), value: null },
    ];
    expect(rendered).toEqual({ ...scalarNode('a web, true', place(2, 7)), insertions });
  });

  it('a value that is evaluated is at the place of the template', () => {
    const rendered = render(scalarNode('<< parameters.name == "web" >>', place(1, 6)), inScope);
    const insertion: Insertion = { expression: 'parameters.name == "web"', at: place(1, 6), value: null };
    expect(rendered).toEqual({ ...scalarNode(true, place(1, 6)), insertions: [insertion] });
  });

  it('tags in a section that does not count have put nothing in', () => {
    const rendered = render(nodeOf('<<^ parameters.name >><< parameters.name >><</ parameters.name >>x'), inScope);
    expect(rendered.insertions).toBeUndefined();
  });
});
