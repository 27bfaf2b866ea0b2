import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import type { CompileOptions } from '../../../src/config/compile.ts';
import type { MapNode } from '../../../src/config/node.ts';
import { orbVariables, pipelineVariables } from '../../../src/config/parameters/pipeline-variables.ts';
import { Report } from '../../../src/config/problem.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { nodeOf } from '../support/node-of.ts';
import { errorTexts } from '../support/problems.ts';

function read(parameters: JsonObject | undefined, options: CompileOptions = {}) {
  const report = new Report();
  const root = nodeOf(parameters ? { version: 2.1, parameters } : { version: 2.1 }) as MapNode;
  const found = pipelineVariables(root, options, { report, budget: new Budget() });
  const value = (name: string) => {
    const node = found.lookUp(name);
    return node?.kind === 'scalar' ? node.value : node;
  };
  return { value, found, report, errors: errorTexts(report) };
}

describe('pipeline values', () => {
  it.each([
    ['pipeline.number', 1],
    ['pipeline.project.type', 'github'],
    ['pipeline.id', '00000000-0000-0000-0000-000000000001'],
    ['pipeline.git.branch', ''],
    ['pipeline.git.branch.is_default', false],
    ['pipeline.event.github.pull_request.number', 111],
    ['pipeline.deploy.target_version', ''],
    ['pipeline.project.slug', null],
  ])('%s is %j, as config process has it', (name, expected) => {
    expect(read(undefined).value(name)).toBe(expected);
  });

  it('fields of events that nobody lists are empty', () => {
    expect(read(undefined).value('pipeline.event.github.pull_request.user.login')).toBeNull();
    expect(read(undefined).value('pipeline.trigger_parameters.bitbucket_dc.ref')).toBeNull();
  });

  it('others are unknown', () => {
    expect(read(undefined).value('pipeline.git.brnach')).toBeUndefined();
    expect(read(undefined).value('parameters.x')).toBeUndefined();
  });

  it('can be given', () => {
    const { value, errors } = read(undefined, {
      pipelineValues: { 'git.branch': 'main', number: 42, 'event.github.action': 'opened', 'git.tag': null },
    });
    expect(errors).toEqual([]);
    expect(value('pipeline.git.branch')).toBe('main');
    expect(value('pipeline.number')).toBe(42);
    expect(value('pipeline.event.github.action')).toBe('opened');
    expect(value('pipeline.git.tag')).toBeNull();
  });

  it('given as texts have the type of the value', () => {
    const { value } = read(undefined, {
      pipelineValues: { number: '42', 'git.branch.is_default': 'true', 'git.tag': '42' },
    });
    expect(value('pipeline.number')).toBe(42);
    expect(value('pipeline.git.branch.is_default')).toBe(true);
    expect(value('pipeline.git.tag')).toBe('42');
  });

  it('that do not exist cannot be given', () => {
    const { report } = read(undefined, { pipelineValues: { 'git.brnach': 'main' } });
    expect(report.problems).toMatchObject([
      { message: 'There is no pipeline value named pipeline.git.brnach', hints: ['Did you mean git.branch?'] },
    ]);
  });

  it('are all named for suggestions', () => {
    const names = read({ x: { type: 'string', default: '' } }).found.names();
    expect(names).toContain('pipeline.git.branch');
    expect(names).toContain('pipeline.parameters.x');
  });
});

describe('pipeline parameters', () => {
  const declared: JsonObject = {
    text: { type: 'string', default: 'x' },
    flag: { type: 'boolean', default: false },
    count: { type: 'integer', default: 1 },
    stage: { type: 'enum', enum: ['dev', 'prod'], default: 'dev' },
  };

  it('have their defaults', () => {
    const { value, errors } = read(declared);
    expect(errors).toEqual([]);
    expect(['text', 'flag', 'count', 'stage'].map((name) => value(`pipeline.parameters.${name}`))).toEqual([
      'x',
      false,
      1,
      'dev',
    ]);
  });

  it('can be given', () => {
    const { value, errors } = read(declared, {
      pipelineParameters: { text: 'y', flag: true, count: 3, stage: 'prod' },
    });
    expect(errors).toEqual([]);
    expect(['text', 'flag', 'count', 'stage'].map((name) => value(`pipeline.parameters.${name}`))).toEqual([
      'y',
      true,
      3,
      'prod',
    ]);
  });

  it('given as texts are converted', () => {
    const { value, errors } = read(declared, { pipelineParameters: { text: 'true', flag: 'true', count: '3' } });
    expect(errors).toEqual([]);
    expect(value('pipeline.parameters.text')).toBe('true');
    expect(value('pipeline.parameters.flag')).toBe(true);
    expect(value('pipeline.parameters.count')).toBe(3);
  });

  it.each([
    [{ flag: 'yes' }, 'Type error for argument flag: expected type: boolean, actual value: "yes" (type string)'],
    [{ count: 'x' }, 'Type error for argument count: expected type: integer, actual value: "x" (type string)'],
    [{ text: 39001 }, 'Type error for argument text: expected type: string, actual value: "39001" (type integer)'],
    [
      { stage: 'test' },
      'Type error for argument stage: expected type: enum ("dev" "prod"), actual value: "test" (type string)',
    ],
    [{ GHA_Actor: 'x', GHA_Event: 'y' }, 'Unexpected argument(s): GHA_Actor, GHA_Event'],
  ])('%j is an error', (pipelineParameters, message) => {
    expect(read(declared, { pipelineParameters }).errors).toEqual([message]);
  });

  it('that are misspelt are told the nearest name', () => {
    const { report } = read(declared, { pipelineParameters: { stgae: 'dev' } });
    expect(report.problems[0]?.hints).toEqual(['Did you mean stage instead of stgae?']);
  });

  it('a default may use pipeline values', () => {
    const { value, errors } = read({ n: { type: 'integer', default: '<< pipeline.number >>' } });
    expect(errors).toEqual([]);
    expect(value('pipeline.parameters.n')).toBe(1);
  });

  it('a default cannot use other pipeline parameters', () => {
    const { errors } = read({ ...declared, other: { type: 'string', default: '<< pipeline.parameters.text >>' } });
    expect(errors).toHaveLength(1);
  });

  it('names of the language mean nothing special', () => {
    const { errors } = read(declared, {
      pipelineParameters: { constructor: 'x' } as unknown as Record<string, string>,
    });
    expect(errors).toEqual(['Unexpected argument(s): constructor']);
    expect(read({ toString: { type: 'string', default: 'd' } }).value('pipeline.parameters.toString')).toBe('d');
  });

  describe('limits', () => {
    const count = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`p${index}`, { type: 'string', default: '' }]));
    const values = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`p${index}`, 'x']));

    it('100 entries', () => {
      expect(read(count(101), { pipelineParameters: values(100) }).errors).toEqual([]);
      expect(read(count(101), { pipelineParameters: values(101) }).errors).toEqual([
        '101 pipeline parameters are given; CircleCI takes at most 100',
      ]);
    });

    it('512 characters of a value', () => {
      expect(read(declared, { pipelineParameters: { text: 'x'.repeat(512) } }).errors).toEqual([]);
      expect(read(declared, { pipelineParameters: { text: 'x'.repeat(513) } }).errors).toEqual([
        'The value of the pipeline parameter "text" has 513 characters; at most 512 are allowed',
      ]);
    });

    it('128 characters of a name', () => {
      const name = 'n'.repeat(129);
      expect(read({ [name]: { type: 'string', default: '' } }, { pipelineParameters: { [name]: 'x' } }).errors).toEqual(
        [`The name of the pipeline parameter "${'n'.repeat(40)}" has 129 characters; at most 128 are allowed`],
      );
    });
  });
});

describe('variables for orbs', () => {
  it('hold pipeline values and no pipeline parameters', () => {
    const root = nodeOf({ parameters: { x: { type: 'string', default: 'd' } } }) as MapNode;
    const found = orbVariables(root, { pipelineValues: { number: 9 } }, new Report());
    expect(found.lookUp('pipeline.number')).toMatchObject({ value: 9 });
    expect(found.lookUp('pipeline.parameters.x')).toBeUndefined();
  });
});
