import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import type { Library } from '../../../src/config/library.ts';
import { scalarNode, type Node } from '../../../src/config/node.ts';
import type { ResolvedOrb } from '../../../src/config/compile.ts';
import { importOrbs, type Imports, type OrbImports } from '../../../src/config/orbs/import-orbs.ts';
import { Report } from '../../../src/config/problem.ts';
import { placeText } from '../../../src/config/source.ts';
import { variables } from '../../../src/config/variables.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { nowhere } from '../support/node-of.ts';

const VALUES = variables(
  new Map(
    Object.entries({
      'pipeline.number': 7,
      'pipeline.parameters.version': '1',
      'pipeline.parameters.orb': 'acme/a@1',
    }).map(([name, value]): [string, Node] => [name, scalarNode(value, nowhere)]),
  ),
);

interface Outcome extends Imports {
  readonly report: Report;
  /** What was looked for, in order. */
  readonly asked: string[];
}

/** @param orbs texts by the reference that finds them; `1` resolves to `1.0.0` */
function importAll(
  config: string,
  orbs: Readonly<Record<string, string>> = {},
  options: Partial<OrbImports> = {},
): Outcome {
  const report = new Report();
  const asked: string[] = [];
  const resolve = (reference: string): ResolvedOrb | undefined => {
    asked.push(reference);
    const text = orbs[reference];
    return text === undefined ? undefined : { text, reference: reference.replace(/@1$/, '@1.0.0') };
  };
  const node = readYaml({ name: 'config.yml', text: config }, report);
  const imports = importOrbs(node, {
    variables: VALUES,
    resolve,
    report,
    budget: new Budget(),
    at: nowhere,
    ...options,
  });
  return { ...imports, report, asked };
}

const COMMAND = 'commands: {go: {steps: [checkout]}}';

function errors({ report }: Outcome): string[] {
  return report.problems.map(({ at, message, severity }) => `${severity} ${placeText(at)} ${message}`);
}

function libraryOf({ libraries }: Pick<Imports, 'libraries'>, ...names: readonly string[]): Library | undefined {
  const [first = '', ...rest] = names;
  return rest.reduce<Library | undefined>((library, name) => library?.orbs.get(name), libraries.get(first));
}

describe('orbs of the registry', () => {
  it('are found by their reference and become libraries', () => {
    const outcome = importAll('a: acme/a@1', { 'acme/a@1': COMMAND });
    expect(errors(outcome)).toEqual([]);
    expect(libraryOf(outcome, 'a')?.reference).toBe('acme/a@1.0.0');
    expect([...(libraryOf(outcome, 'a')?.commands.keys() ?? [])]).toEqual(['go']);
  });

  it('are listed in the order of the config, called or not (observed rule 2)', () => {
    const config = 'b: acme/b@1\ninline: {orbs: {n: acme/n@1}}\na: acme/a@2.0.0\nu: https://x.y/z';
    const orbs = { 'acme/a@2.0.0': COMMAND, 'acme/b@1': COMMAND, 'acme/n@1': COMMAND, 'https://x.y/z': COMMAND };
    expect(importAll(config, orbs).imported).toEqual([
      { written: 'acme/b@1', resolved: 'acme/b@1.0.0' },
      { written: 'acme/a@2.0.0', resolved: 'acme/a@2.0.0' },
    ]);
  });

  it('are read once, whoever imports them, by whatever reference', () => {
    const orbs = {
      'acme/a@1': 'orbs: {c: acme/c@1}',
      'acme/b@1': 'orbs: {c: acme/c@1.0.0}',
      'acme/c@1': COMMAND,
      'acme/c@1.0.0': COMMAND,
    };
    const outcome = importAll('a: acme/a@1\nb: acme/b@1\nc: acme/c@1', orbs);
    expect(outcome.asked).toEqual(['acme/a@1', 'acme/c@1', 'acme/b@1']);
    expect(libraryOf(outcome, 'a', 'c')).toBe(libraryOf(outcome, 'c'));
    expect(libraryOf(outcome, 'b', 'c')).toBe(libraryOf(outcome, 'c'));
    expect(outcome.imported[2]).toEqual({ written: 'acme/c@1', resolved: 'acme/c@1.0.0' });
  });

  it('have the place of their own text, and say which orb it is', () => {
    const outcome = importAll('a: acme/a@1', { 'acme/a@1': COMMAND });
    const at = libraryOf(outcome, 'a')?.commands.get('go')?.at;
    expect(at?.source).toEqual({ name: 'acme/a@1.0.0', text: COMMAND, orb: 'acme/a@1' });
  });

  it('that were packed from a folder keep the places of its files', () => {
    const root = readYaml({ name: 'orb/src/@orb.yml', text: COMMAND }, new Report());
    if (root?.kind !== 'map') throw new Error('no map');
    const outcome = importAll('a: acme/a@1', {}, { resolve: (reference) => ({ text: '', reference, root }) });
    expect(libraryOf(outcome, 'a')?.commands.get('go')?.at.source.name).toBe('orb/src/@orb.yml');
  });
});

describe('references', () => {
  it.each([
    ['pipeline parameters', 'a: acme/a@<< pipeline.parameters.version >>', 'acme/a@1'],
    ['pipeline values', 'a: acme/a@1.0.<< pipeline.number >>', 'acme/a@1.0.7'],
    ['a whole reference', 'a: << pipeline.parameters.orb >>', 'acme/a@1'],
  ])('of the config may have %s in them (stages; observed rule 20)', (_, config, reference) => {
    const outcome = importAll(config, { [reference]: COMMAND });
    expect(errors(outcome)).toEqual([]);
    expect(outcome.imported).toMatchObject([{ written: reference }]);
  });

  it('with a name that is not declared are one error', () => {
    const outcome = importAll('a: acme/a@<< pipeline.parameters.versoin >>');
    expect(outcome.report.problems).toMatchObject([
      { code: 'unknown-variables', hints: ['Did you mean pipeline.parameters.version?'] },
    ]);
    expect(libraryOf(outcome, 'a')?.missing).toBe(true);
  });

  it.each([
    ['an inline orb', 'a: {orbs: {b: acme/b@<< pipeline.parameters.version >>}}', {}],
    ['an orb', 'a: acme/a@1', { 'acme/a@1': 'orbs: {b: acme/b@<< pipeline.parameters.version >>}' }],
  ])('of %s may have pipeline values in them, but no pipeline parameters', (_, config, orbs) => {
    const outcome = importAll(config, { ...orbs, 'acme/b@1': COMMAND });
    expect(outcome.report.problems).toMatchObject([{ code: 'unknown-variables' }]);
    const value = Object.fromEntries(
      Object.entries(orbs).map(([name, text]) => [
        name,
        text.replace('pipeline.parameters.version', 'pipeline.number'),
      ]),
    );
    const config7 = config.replace('pipeline.parameters.version', 'pipeline.number');
    expect(errors(importAll(config7, { ...value, 'acme/b@7': COMMAND }))).toEqual([]);
  });

  it("that are malformed are told in CircleCI's words, at their place", () => {
    const outcome = importAll('a: circleci/node:1');
    expect(errors(outcome)).toEqual(["error config.yml:1:4 Invalid orb reference: 'circleci/node:1'"]);
    expect(libraryOf(outcome, 'a')?.missing).toBe(true);
  });

  it.each([
    ['5.2', 'Number'],
    ['null', 'Null'],
    ['[acme/a@1]', 'Sequence'],
  ])('that are no text are an error: %s', (reference, type) => {
    const outcome = importAll(`a: ${reference}`);
    expect(errors(outcome)).toEqual([
      `error config.yml:1:4 ERROR IN CONFIG FILE:\n[#/orbs] expected type: String or Mapping, found: ${type}`,
    ]);
    expect(libraryOf(outcome, 'a')?.missing).toBe(true);
  });
});

describe('variables of orbs', () => {
  it.each([
    ['an inline orb', 'a: {commands: {go: {steps: [checkout]}}}', {}],
    ['an orb of the registry', 'a: acme/a@1', { 'acme/a@1': COMMAND }],
  ])('%s sees pipeline values, and no pipeline parameters', (_, config, orbs) => {
    const seen = libraryOf(importAll(config, orbs), 'a')?.variables;
    expect(seen?.names()).toEqual(['pipeline.number']);
    expect(seen?.lookUp('pipeline.number')).toMatchObject({ value: 7 });
    expect(seen?.lookUp('pipeline.parameters.version')).toBeUndefined();
  });
});

describe('an orb that is not there', () => {
  it('is told once, with how to give it', () => {
    const outcome = importAll('node: circleci/node@99.0.0\nagain: circleci/node@99.0.0');
    expect(outcome.report.problems).toMatchObject([
      {
        message:
          'Cannot find circleci/node@99.0.0 in the orb registry. Check that the namespace, orb name and version are correct.',
        hints: [
          'Nothing is looked up online while compiling. Fetch it once: aws-deploy config fetch-orb circleci/node@99.0.0',
          'Or give a file or the folder of an unpacked orb: --orb node=PATH',
          'Or keep it with the config: .circleci/orbs/circleci/node.yml',
        ],
      },
    ]);
  });

  it('is a library that is missing, and not in the list', () => {
    const outcome = importAll('node: circleci/node@99.0.0');
    expect(libraryOf(outcome, 'node')).toMatchObject({ reference: 'circleci/node@99.0.0', missing: true });
    expect(outcome.imported).toEqual([]);
  });

  it('is told for an orb that another one imports, with the import in the config that leads there', () => {
    const outcome = importAll('a: acme/a@1', { 'acme/a@1': 'orbs: {b: acme/b@1}' });
    expect(outcome.report.problems).toMatchObject([
      {
        at: { source: { name: 'acme/a@1.0.0' }, line: 1, column: 11 },
        scopes: [
          { text: "Error importing orb: 'acme/a@1'", at: { source: { name: 'config.yml' }, line: 1, column: 4 } },
        ],
        hints: expect.arrayContaining(['Or give a file or the folder of an unpacked orb: --orb acme/b=PATH']),
      },
    ]);
  });

  it('is told for a URL orb', () => {
    const outcome = importAll('tools: https://example.com/tools.yml');
    expect(outcome.report.problems).toMatchObject([
      {
        message: 'Cannot find the URL orb https://example.com/tools.yml',
        hints: [/fetch-orb 'https:/, /--orb tools=PATH/].map((hint) => expect.stringMatching(hint)),
      },
    ]);
  });

  it.each([
    ['that is no YAML', 'x: ['],
    ['that is no map', '- x'],
    ['that is empty', ''],
  ])('is one error when there is a text %s', (_, text) => {
    const outcome = importAll('a: acme/a@1\nb: acme/a@1', { 'acme/a@1': text });
    expect(outcome.report.problems).toMatchObject([{ severity: 'error', at: { source: { name: 'acme/a@1.0.0' } } }]);
    expect(libraryOf(outcome, 'a')?.missing).toBe(true);
  });
});

describe('the shape of an orb', () => {
  it.each([
    ['is checked in its own text', { 'acme/a@1': 'jobs: []' }],
    ['is checked in its inline orbs', { 'acme/a@1': 'orbs: {b: {jobs: []}}' }],
  ])('%s, once', (_, orbs) => {
    expect(importAll('a: acme/a@1\nb: acme/a@1', orbs).report.problems).toMatchObject([
      { severity: 'error', at: { source: { name: 'acme/a@1.0.0' } } },
    ]);
  });

  it('is checked for an orb that is given to compile with', () => {
    const orbs = { a: { name: 'local.yml', text: 'jobs: []' } };
    expect(importAll('a: acme/a@1', {}, { orbs }).report.problems).toMatchObject([
      { severity: 'error', at: { source: { name: 'local.yml' } } },
    ]);
  });

  it('is checked for inline orbs', () => {
    expect(importAll('a: &a {jobs: []}\nb: *a').report.problems).toMatchObject([
      { severity: 'error', at: { source: { name: 'config.yml' }, line: 1 } },
    ]);
  });
});

describe('inline orbs', () => {
  it('are libraries, in each other to any depth', () => {
    const outcome = importAll(`a: {orbs: {b: {orbs: {c: {${COMMAND}}}}}}`);
    expect(errors(outcome)).toEqual([]);
    expect([...(libraryOf(outcome, 'a', 'b', 'c')?.commands.keys() ?? [])]).toEqual(['go']);
    expect(libraryOf(outcome, 'a', 'b', 'c')?.reference).toBe('a/b/c');
  });

  it('that are aliases of each other are read once', () => {
    const levels = Array.from(
      { length: 45 },
      (_, level) => `l${level + 1}: &l${level + 1} {orbs: {x: *l${level}, y: *l${level}}}`,
    );
    const outcome = importAll(['l0: &l0 {commands: {}}', ...levels].join('\n'));
    expect(errors(outcome)).toEqual([]);
    expect(libraryOf(outcome, 'l45', 'x', 'y')).toBe(libraryOf(outcome, 'l43'));
  });
});

describe('orbs that are given to compile with', () => {
  const orbs = { a: { name: 'local.yml', text: COMMAND } };

  it.each([
    ['a reference', 'a: acme/a@1'],
    ['an inline orb', 'a: {jobs: {}}'],
  ])('take the place of %s', (_, config) => {
    const outcome = importAll(config, {}, { orbs });
    expect(errors(outcome)).toEqual([]);
    expect(outcome.asked).toEqual([]);
    expect(libraryOf(outcome, 'a')?.commands.get('go')?.at.source).toMatchObject({ name: 'local.yml' });
  });

  it('are listed when the reference says which version it is', () => {
    const outcome = importAll('a: acme/a@1\nb: acme/b@1.2.3', {}, { orbs: { ...orbs, b: orbs.a } });
    expect(outcome.imported).toEqual([{ written: 'acme/b@1.2.3', resolved: 'acme/b@1.2.3' }]);
  });

  it('may be packed already', () => {
    const root = readYaml({ name: 'src/@orb.yml', text: COMMAND }, new Report());
    if (root?.kind !== 'map') throw new Error('no map');
    const outcome = importAll('a: acme/a@1', {}, { orbs: { a: root } });
    expect(libraryOf(outcome, 'a')?.commands.get('go')?.at.source.name).toBe('src/@orb.yml');
  });

  it('do not take the place of orbs that orbs import', () => {
    const outcome = importAll('b: {orbs: {a: acme/a@1}}\na: acme/a@1', { 'acme/a@1': COMMAND }, { orbs });
    expect(libraryOf(outcome, 'b', 'a')?.commands.get('go')?.at.source.name).toBe('acme/a@1.0.0');
  });

  it('for a name that the config does not import are a warning', () => {
    const outcome = importAll('slack: acme/a@1', { 'acme/a@1': COMMAND }, { orbs: { slak: orbs.a } });
    expect(outcome.report.problems).toMatchObject([{ severity: 'warning', hints: ['Did you mean slack?'] }]);
  });

  it('are looked up by own names only', () => {
    const outcome = importAll('constructor: acme/a@1', { 'acme/a@1': COMMAND }, { orbs });
    expect(libraryOf(outcome, 'constructor')?.reference).toBe('acme/a@1.0.0');
  });
});

describe('orbs that import each other', () => {
  it.each([
    ['themselves', { 'acme/a@1': 'orbs: {me: acme/a@1}' }, 'acme/a@1.0.0 -> acme/a@1.0.0'],
    [
      'themselves by another reference',
      { 'acme/a@1': 'orbs: {me: acme/a@1.0.0}', 'acme/a@1.0.0': '' },
      'acme/a@1.0.0 -> acme/a@1.0.0',
    ],
    [
      'in a circle',
      { 'acme/a@1': 'orbs: {b: acme/b@1}', 'acme/b@1': 'orbs: {x: {orbs: {a: acme/a@1}}}' },
      'acme/a@1.0.0 -> acme/b@1.0.0 -> acme/b@1.0.0/x -> acme/a@1.0.0',
    ],
  ])('%s are an error that names them', (_, orbs, circle) => {
    const outcome = importAll('a: acme/a@1', orbs);
    expect(outcome.report.problems).toMatchObject([{ message: `Orbs import each other in a circle: ${circle}` }]);
  });

  it('twice, but in no circle, are none', () => {
    const orbs = {
      'acme/a@1': 'orbs: {b: acme/b@1, c: acme/c@1}',
      'acme/b@1': 'orbs: {c: acme/c@1}',
      'acme/c@1': COMMAND,
    };
    expect(errors(importAll('a: acme/a@1', orbs))).toEqual([]);
  });

  it('without end are an error', () => {
    const resolve = (reference: string): ResolvedOrb => ({ reference, text: `orbs: {n: ${reference}1}` });
    expect(importAll('a: acme/a@1', {}, { resolve }).report.problems).toMatchObject([{ code: 'orbs-too-deep' }]);
  });
});

describe('URL orbs (limits)', () => {
  const url = (number: number): string => `https://x.y/${number}`;
  /** 1 imports 2, 2 imports 3, … */
  function chain(length: number): Record<string, string> {
    const numbers = Array.from({ length }, (_, index) => index + 1);
    return Object.fromEntries(
      numbers.map((each) => [url(each), each === length ? COMMAND : `orbs: {next: "${url(each + 1)}"}`]),
    );
  }

  it('may be five deep', () => {
    expect(errors(importAll(`a: ${url(1)}`, chain(5)))).toEqual([]);
  });

  it.each([
    ['one after the other', `a: ${url(1)}`],
    ['also when the lower ones are known', `low: ${url(2)}\na: ${url(1)}`],
  ])('may be no deeper: %s', (_, config) => {
    expect(importAll(config, chain(6)).report.problems).toMatchObject([
      { code: 'url-orbs-too-deep', message: expect.stringContaining('may not be deeper than 5') },
    ]);
  });

  it('may be 50', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const config = numbers.map((each) => `o${each}: ${url(each)}\np${each}: ${url(each)}`).join('\n');
    expect(errors(importAll(config, Object.fromEntries(numbers.map((each) => [url(each), COMMAND]))))).toEqual([]);
  });

  it('may be no more than 50, those of other orbs counted', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const orbs = Object.fromEntries([...numbers, 50].map((each) => [url(each), COMMAND]));
    const inner = `orbs: {${numbers.map((each) => `o${each}: "${url(each)}"`).join(', ')}}`;
    const outcome = importAll(`a: acme/a@1\nb: ${url(50)}`, { ...orbs, 'acme/a@1': inner });
    expect(errors(outcome)).toEqual([
      'error config.yml:2:4 A config may use no more than 50 URL orbs in total, whether referenced directly or by other orbs.',
    ]);
  });
});

describe('a config without orbs', () => {
  it.each(['', 'x', '[]'])('has none: %j', (text) => {
    expect(importAll(text)).toMatchObject({ libraries: new Map(), imported: [] });
  });
});

it('takes from the budget for every import', () => {
  expect(() =>
    importAll('a: acme/a@1\nb: acme/b@1', { 'acme/a@1': '', 'acme/b@1': '' }, { budget: new Budget(3) }),
  ).toThrow('too large');
});
