import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import type { ResolvedOrb } from '../../../src/config/compile.ts';
import { Report } from '../../../src/config/problem.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { importAll, COMMAND, errors, libraryOf } from './support/import-all.ts';

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
