import { describe, expect, it } from '@jest/globals';
import { importAll, COMMAND, errors, libraryOf } from './support/import-all.ts';

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
