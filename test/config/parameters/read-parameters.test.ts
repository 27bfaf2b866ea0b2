import { describe, expect, it } from '@jest/globals';
import { readParameters, type ParameterOwner } from '../../../src/config/parameters/read-parameters.ts';
import { Report } from '../../../src/config/problem.ts';
import type { JsonValue } from '../../../src/core/json.ts';
import { nodeOf } from '../support/node-of.ts';
import { errorTexts, warningTexts } from '../support/problems.ts';

function read(value: JsonValue, owner: ParameterOwner = 'command') {
  const report = new Report();
  const parameters = readParameters(nodeOf(value), owner, report);
  return { parameters, errors: errorTexts(report), warnings: warningTexts(report), report };
}

const owners: readonly ParameterOwner[] = ['pipeline', 'command', 'job', 'executor'];

describe('types that each owner may declare', () => {
  const everywhere: readonly JsonValue[] = [
    { type: 'string', default: 'x' },
    { type: 'boolean', default: false },
    { type: 'integer', default: 1 },
    { type: 'enum', enum: ['a', 'b'], default: 'a' },
  ];
  const elementsOnly: readonly JsonValue[] = [
    { type: 'steps', default: [] },
    { type: 'env_var_name', default: 'TOKEN' },
    { type: 'executor', default: 'node' },
  ];

  it.each(owners.flatMap((owner) => everywhere.map((declaration) => ({ owner, declaration }))))(
    '$owner takes $declaration.type',
    ({ owner, declaration }) => {
      expect(read({ p: declaration }, owner)).toMatchObject({ errors: [], warnings: [] });
    },
  );

  it.each(['command', 'job'].flatMap((owner) => elementsOnly.map((declaration) => ({ owner, declaration }))))(
    '$owner takes $declaration.type',
    ({ owner, declaration }) => {
      expect(read({ p: declaration }, owner as ParameterOwner)).toMatchObject({ errors: [], warnings: [] });
    },
  );

  it.each(elementsOnly)('pipeline refuses %j', (declaration) => {
    expect(read({ p: declaration }, 'pipeline').errors).toEqual([
      'ERROR IN CONFIG FILE:\n[#/parameters/p/type] Input not a valid enum value\nenum:\n  - string\n  - boolean\n  - integer\n  - enum',
    ]);
  });

  it('a steps parameter of an executor is a warning, for nobody knows whether CircleCI refuses it', () => {
    expect(read({ p: { type: 'steps' } }, 'executor')).toMatchObject({
      errors: [],
      warnings: ['Parameters of type steps are not documented for executors'],
    });
  });
});

describe('a declaration', () => {
  it('gives name, type, default and values', () => {
    const { parameters } = read({
      os: { type: 'enum', enum: ['linux', 'macos'], default: 'linux', description: 'OS' },
    });
    expect(parameters.get('os')).toMatchObject({
      name: 'os',
      type: 'enum',
      values: ['linux', 'macos'],
      default: { kind: 'scalar', value: 'linux' },
    });
  });

  it('that is absent or empty declares nothing', () => {
    expect(readParameters(undefined, 'job', new Report()).size).toBe(0);
    expect(read(null).parameters.size).toBe(0);
  });

  it('a null default means that the argument is required', () => {
    expect(read({ p: { type: 'string', default: null } }).parameters.get('p')?.default).toBeUndefined();
  });

  it('numbers and booleans in an enum are compared as texts', () => {
    expect(read({ p: { type: 'enum', enum: [1, true, 'x'], default: 1 } })).toMatchObject({ errors: [] });
  });

  it.each<[string, JsonValue, string]>([
    ['parameters that are no map', ['a'], '[#/parameters] expected type: Mapping, found: Sequence'],
    ['a parameter that is no map', { p: 'string' }, '[#/parameters/p] expected type: Mapping, found: String'],
    ['no type', { p: { default: 'x' } }, '[#/parameters/p] required key [type] not found'],
    ['a type that is no text', { p: { type: 1 } }, '[#/parameters/p/type] expected type: String, found: Integer'],
    ['an enum without values', { p: { type: 'enum' } }, '[#/parameters/p] required key [enum] not found'],
    [
      'values of an enum that are no list',
      { p: { type: 'enum', enum: 'a, b' } },
      '[#/parameters/p/enum] expected type: Sequence, found: String',
    ],
    [
      'a value of an enum that is a map',
      { p: { type: 'enum', enum: [{ a: 1 }] } },
      '[#/parameters/p/enum/0] Values of an enum are texts',
    ],
    [
      'an unknown key',
      { p: { type: 'string', defalt: 'x' } },
      '[#/parameters/p] extraneous key [defalt] is not permitted\nPermitted keys:\n  - type\n  - default\n  - description\n  - enum',
    ],
  ])('%s is an error', (_name, value, message) => {
    expect(read(value).errors).toEqual([`ERROR IN CONFIG FILE:\n${message}`]);
  });

  it('a misspelt key is told the nearest one', () => {
    expect(read({ p: { type: 'string', defalt: 'x' } }).report.problems[0]?.hints).toEqual(['Did you mean default?']);
  });

  it('is kept in spite of its mistakes, so that its uses are none', () => {
    const { parameters } = read({ p: { default: [] }, q: { type: 'strin', default: true }, r: 3 });
    expect([...parameters.values()].map(({ name, type }) => [name, type])).toEqual([
      ['p', 'steps'],
      ['q', 'boolean'],
      ['r', 'string'],
    ]);
  });

  it('with a wrong default keeps it, so that calls without the argument are no mistakes', () => {
    expect(read({ p: { type: 'integer', default: '1' } }).parameters.get('p')?.default).toMatchObject({ value: '1' });
  });

  it('pipeline parameters need a default', () => {
    expect(read({ p: { type: 'string' } }, 'pipeline').errors).toEqual([
      'ERROR IN CONFIG FILE:\n[#/parameters/p] required key [default] not found',
    ]);
    expect(read({ p: { type: 'string', default: null } }, 'pipeline')).toMatchObject({
      errors: [],
      warnings: ["The pipeline parameter 'p' has an empty default"],
    });
  });

  it('values of a parameter that is no enum are a warning', () => {
    expect(read({ p: { type: 'string', enum: ['a'] } })).toMatchObject({
      errors: [],
      warnings: ["The values of 'enum' mean nothing for parameter 'p', whose type is string"],
    });
  });
});

describe('defaults', () => {
  const wrong = (value: string, type: string, expected: string) =>
    `Parameter error: default value of parameter 'k' is '${value}' (type ${type}): expected type ${expected}`;

  it.each<[JsonValue, string]>([
    [{ type: 'boolean', default: 'on' }, wrong('on', 'string', 'boolean')],
    [{ type: 'boolean', default: 1 }, wrong('1', 'integer', 'boolean')],
    [{ type: 'string', default: false }, wrong('false', 'boolean', 'string')],
    [{ type: 'string', default: 60 }, wrong('60', 'integer', 'string')],
    [{ type: 'integer', default: '3' }, wrong('3', 'string', 'integer')],
    [
      { type: 'enum', enum: ['darwin', 'linux'], default: 'windows' },
      wrong('windows', 'string', 'enum ("darwin" "linux")'),
    ],
    [{ type: 'env_var_name', default: 'my token' }, wrong('my token', 'string', 'env_var_name')],
    [{ type: 'env_var_name', default: '' }, wrong('', 'string', 'env_var_name')],
    [{ type: 'steps', default: 'checkout' }, wrong('checkout', 'string', 'steps')],
    [{ type: 'executor', default: 1 }, wrong('1', 'integer', 'executor')],
    [
      { type: 'string', default: ['a'] },
      'Unsupported parameter default value, allowed types are "string", "integer", and "boolean"',
    ],
  ])('%j is an error', (declaration, message) => {
    expect(read({ k: declaration }).errors).toEqual([message]);
  });

  it.each<JsonValue>([
    { type: 'boolean', default: '<< pipeline.git.branch.is_default >>' },
    { type: 'integer', default: '<< pipeline.number >>' },
    { type: 'enum', enum: ['a'], default: '<< pipeline.parameters.x >>' },
    { type: 'string', default: 3.8 },
    { type: 'executor', default: { name: 'node', tag: '18' } },
    { type: 'steps', default: [{ run: 'make' }] },
  ])('%j is accepted', (declaration) => {
    expect(read({ k: declaration }).errors).toEqual([]);
  });
});

describe('names', () => {
  const reserved =
    '"name", "pre-steps", "post-steps", "filters", "requires", "context", "type", "override-with", and "upstream" are reserved parameter names in build jobs';

  it.each(['name', 'pre-steps', 'post-steps', 'filters', 'requires', 'context', 'type', 'override-with', 'upstream'])(
    '%s is reserved in jobs',
    (name) => {
      expect(read({ [name]: { type: 'string' } }, 'job').errors).toEqual([reserved]);
    },
  );

  it('name is reserved in commands, the others are not', () => {
    expect(read({ name: { type: 'string' } }, 'command').errors).toEqual(["Restricted parameter: 'name'"]);
    expect(read({ type: { type: 'string' }, context: { type: 'string' } }, 'command').errors).toEqual([]);
  });

  it.each(['executor', 'pipeline'] as const)('name is free in a %s', (owner) => {
    expect(read({ name: { type: 'string', default: '' } }, owner).errors).toEqual([]);
  });

  it('matrix in a job is a warning: the workflow takes the key itself', () => {
    expect(read({ matrix: { type: 'string' } }, 'job')).toMatchObject({
      errors: [],
      warnings: ["A job's parameter named 'matrix' can't be given in a workflow, which reads the key matrix itself"],
    });
  });

  it('names that break the documented rule are a warning, for such names are in use', () => {
    expect(read({ GHA_Event: { type: 'string' } }, 'command')).toMatchObject({
      errors: [],
      warnings: ['The parameter name "GHA_Event" is not of the documented form'],
    });
    expect(read({ GHA_Event: { type: 'string', default: '' } }, 'pipeline').warnings).toEqual([]);
  });
});
