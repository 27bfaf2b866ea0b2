import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import type { Element, Library } from '../../../src/config/library.ts';
import { mapNode, scalarNode, type MapNode, type Node } from '../../../src/config/node.ts';
import { bindArguments } from '../../../src/config/parameters/bind-arguments.ts';
import { readParameters } from '../../../src/config/parameters/read-parameters.ts';
import { Report } from '../../../src/config/problem.ts';
import type { Place } from '../../../src/config/source.ts';
import { variables } from '../../../src/config/variables.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';
import { errorTexts, warningTexts } from '../support/problems.ts';

function library(reference: string, values: JsonObject = {}): Library {
  const nodes = Object.entries(values).map(([name, value]) => [name, nodeOf(value)] as const);
  const empty = new Map();
  return {
    reference,
    variables: variables(new Map(nodes)),
    commands: empty,
    jobs: empty,
    executors: empty,
    orbs: empty,
  };
}

const callSite: Place = { source: nowhere.source, line: 40, column: 9 };
const config = library('', {
  'pipeline.number': 7,
  'pipeline.git.branch': 'main',
  'pipeline.git.tag': null,
  'pipeline.git.branch.is_default': true,
  'pipeline.trigger_parameters.gitlab.total': '12',
  'pipeline.parameters.count': 3,
  'parameters.n': 5,
  'parameters.flag': true,
  'parameters.text': 'true',
});
const orb = library('acme/tools@1.0.0', { 'pipeline.number': 7 });

function bind(parameters: JsonObject, given: JsonObject | undefined, library_: Library = orb) {
  const report = new Report();
  const declared = new Report();
  const element: Element = {
    kind: 'command',
    name: 'greet',
    parameters: readParameters(nodeOf(parameters), 'command', declared),
    body: mapNode([], nowhere),
    library: library_,
    at: nowhere,
  };
  expect(declared.problems).toEqual([]);
  const frame = { library: config, variables: config.variables, report, budget: new Budget(), calls: [] };
  const bound = bindArguments(element, given && (nodeOf(given) as MapNode), { ...frame, at: callSite });
  return { bound, report, errors: errorTexts(report), warnings: warningTexts(report) };
}

function valueOf(node: Node | undefined): unknown {
  if (node?.kind === 'scalar') return node.value;
  return node?.kind === 'list' ? node.items.map(valueOf) : node;
}

describe('values of the right type', () => {
  it.each<[JsonObject, JsonValue, unknown]>([
    [{ type: 'string' }, 'Lev', 'Lev'],
    [{ type: 'string' }, 'one\ntwo\n', 'one\ntwo\n'],
    [{ type: 'string' }, '', ''],
    [{ type: 'boolean' }, false, false],
    [{ type: 'integer' }, 3, 3],
    [{ type: 'enum', enum: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'enum', enum: [1, 2] }, 2, 2],
    [{ type: 'env_var_name' }, 'AWS_ROLE', 'AWS_ROLE'],
    [{ type: 'executor' }, 'node/default', 'node/default'],
    [{ type: 'steps' }, [], []],
  ])('%j takes %j', (declaration, value, expected) => {
    const { bound, report } = bind({ p: declaration }, { p: value });
    expect(report.problems).toEqual([]);
    expect(valueOf(bound?.get('p'))).toEqual(expected);
  });

  it('an executor may be a map with a name and arguments', () => {
    expect(bind({ p: { type: 'executor' } }, { p: { name: 'node', tag: '18' } }).errors).toEqual([]);
  });

  it('come in the order of the declaration', () => {
    const { bound } = bind({ a: { type: 'string' }, b: { type: 'string' } }, { b: '2', a: '1' });
    expect([...(bound?.keys() ?? [])]).toEqual(['a', 'b']);
  });
});

describe('values of a wrong type', () => {
  it.each<[string, JsonObject, JsonValue, string]>([
    ['integer', { type: 'integer' }, '1', 'integer, actual value: "1" (type string)'],
    ['integer', { type: 'integer' }, 1.5, 'integer, actual value: "1.5" (type float)'],
    ['string', { type: 'string' }, 60, 'string, actual value: "60" (type integer)'],
    ['string', { type: 'string' }, true, 'string, actual value: "true" (type boolean)'],
    ['string', { type: 'string' }, { a: 1 }, 'string, actual value: "{"a": 1}" (type map)'],
    ['boolean', { type: 'boolean' }, 'true', 'boolean, actual value: "true" (type string)'],
    ['steps', { type: 'steps' }, '', 'steps, actual value: "" (type string)'],
    ['steps', { type: 'steps' }, { run: 'make' }, 'steps, actual value: "{"run": "make"}" (type map)'],
    ['executor', { type: 'executor' }, ['node'], 'executor, actual value: "["node"]" (type list)'],
    ['executor', { type: 'executor' }, { tag: '18' }, 'executor, actual value: "{"tag": "18"}" (type map)'],
    ['env_var_name', { type: 'env_var_name' }, '$TOKEN', 'env_var_name, actual value: "$TOKEN" (type string)'],
    [
      'enum',
      { type: 'enum', enum: ['production', 'staging'] },
      '$environment',
      'enum ("production" "staging"), actual value: "$environment" (type string)',
    ],
  ])('%s: %j refuses %j', (_type, declaration, value, text) => {
    const { bound, errors } = bind({ version: declaration }, { version: value });
    expect(errors).toEqual([`Type error for argument version: expected type: ${text}`]);
    expect(bound).toBeUndefined();
  });

  it.each<[JsonObject, JsonValue, string]>([
    [{ type: 'string' }, 60, 'Put the value in quotes: "60".'],
    [{ type: 'integer' }, '60', 'Write the number without quotes: 60.'],
    [{ type: 'boolean' }, 'false', 'Write the value without quotes: false.'],
    [{ type: 'enum', enum: ['staging', 'production'] }, 'stagin', 'Did you mean staging?'],
    [{ type: 'steps' }, 'checkout', 'Steps are always a list, also when there is only one.'],
  ])('%j given %j says what to do', (declaration, value, hint) => {
    expect(bind({ p: declaration }, { p: value }).report.problems[0]?.hints).toEqual([hint]);
  });

  it('a number with a fraction for a string is a warning: nobody has seen what CircleCI does', () => {
    const { errors, warnings } = bind({ p: { type: 'string' } }, { p: 3.8 });
    expect(errors).toEqual([]);
    expect(warnings).toEqual(['The argument p is the number 3.8, but the parameter is a string']);
  });

  it('a long value is cut in the message', () => {
    const { errors } = bind({ p: { type: 'boolean' } }, { p: 'x'.repeat(10_000) });
    expect(errors[0]?.length).toBeLessThan(200);
  });
});

describe('values with tags', () => {
  it.each<[string, JsonObject, string, unknown]>([
    ['pipeline.number is an integer', { type: 'integer' }, '<< pipeline.number >>', 7],
    ['pipeline.number is cast to a string', { type: 'string' }, '<< pipeline.number >>', '7'],
    [
      'a boolean pipeline value is cast to a string',
      { type: 'string' },
      '<< pipeline.git.branch.is_default >>',
      'true',
    ],
    ['an empty pipeline value is an empty string', { type: 'string' }, '<< pipeline.git.tag >>', ''],
    ['a text is cast to an integer', { type: 'integer' }, '<< pipeline.trigger_parameters.gitlab.total >>', 12],
    ['an expression is a boolean', { type: 'boolean' }, '<< pipeline.git.branch == "main" >>', true],
    ['a parameter keeps its type', { type: 'integer' }, '<< parameters.n >>', 5],
    ['an enum takes a pipeline value', { type: 'enum', enum: ['main'] }, '<< pipeline.git.branch >>', 'main'],
    ['text around a tag makes a string', { type: 'string' }, 'v<< parameters.n >>', 'v5'],
  ])('%s', (_name, declaration, value, expected) => {
    const { bound, errors } = bind({ p: declaration }, { p: value });
    expect(errors).toEqual([]);
    expect(valueOf(bound?.get('p'))).toBe(expected);
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'an integer parameter is no string',
      { type: 'string' },
      '<< parameters.n >>',
      'string, actual value: "5" (type integer)',
    ],
    [
      'an integer pipeline parameter is no string',
      { type: 'string' },
      '<< pipeline.parameters.count >>',
      'string, actual value: "3" (type integer)',
    ],
    [
      'a string parameter "true" is no boolean',
      { type: 'boolean' },
      '<< parameters.text >>',
      'boolean, actual value: "true" (type string)',
    ],
    [
      'a branch is no integer',
      { type: 'integer' },
      '<< pipeline.git.branch >>',
      'integer, actual value: "main" (type string)',
    ],
  ])('%s', (_name, declaration, value, text) => {
    expect(bind({ p: declaration }, { p: value }).errors).toEqual([
      `Type error for argument p: expected type: ${text}`,
    ]);
  });

  it('of a default mean what they mean in the library of the element', () => {
    const { bound, errors } = bind({ p: { type: 'string', default: 'build-<< pipeline.number >>' } }, undefined);
    expect(errors).toEqual([]);
    expect(valueOf(bound?.get('p'))).toBe('build-7');
  });

  it('a default is checked once its tags are replaced', () => {
    const { errors } = bind({ p: { type: 'boolean', default: '<< pipeline.number >>' } }, undefined);
    expect(errors).toEqual(['Type error for argument p: expected type: boolean, actual value: "7" (type integer)']);
  });
});

describe('closing', () => {
  it('given values belong to the caller, defaults to the element', () => {
    const { bound } = bind({ a: { type: 'string' }, b: { type: 'string', default: 'x' } }, { a: 'y' });
    expect(bound?.get('a')?.home).toBe(config);
    expect(bound?.get('b')?.home).toBe(orb);
  });

  it('what is closed already keeps its home', () => {
    const report = new Report();
    const inner = { ...scalarNode('node', nowhere), home: orb };
    const element: Element = {
      kind: 'job',
      name: 'build',
      parameters: readParameters(nodeOf({ e: { type: 'executor' } }), 'job', report),
      body: mapNode([], nowhere),
      library: orb,
      at: nowhere,
    };
    const given = mapNode([['e', { keyAt: nowhere, value: inner }]], nowhere);
    const frame = { library: config, variables: config.variables, report, budget: new Budget(), calls: [] };
    expect(bindArguments(element, given, { ...frame, at: callSite })?.get('e')?.home).toBe(orb);
  });
});

describe('arguments that are not given', () => {
  it('are the default', () => {
    const { bound, report } = bind({ p: { type: 'string', default: 'World' } }, undefined);
    expect(report.problems).toEqual([]);
    expect(valueOf(bound?.get('p'))).toBe('World');
  });

  it('are all named when they are required, at the call', () => {
    const { bound, report } = bind(
      { a: { type: 'string' }, b: { type: 'integer' }, c: { type: 'string', default: '' } },
      {},
    );
    expect(bound).toBeUndefined();
    expect(report.problems).toMatchObject([
      { severity: 'error', message: 'Missing required argument(s): a, b', at: callSite },
    ]);
  });

  it('of an enum name its values', () => {
    const { report } = bind({ os: { type: 'enum', enum: ['linux', 'macos'] } }, {});
    expect(report.problems[0]?.hints).toEqual(['os is one of linux, macos.']);
  });

  it('an empty argument is the default, with a warning', () => {
    const { bound, warnings, errors } = bind({ p: { type: 'string', default: 'x' } }, { p: null });
    expect(errors).toEqual([]);
    expect(warnings).toEqual(['The argument p is empty: the default of the parameter is taken']);
    expect(valueOf(bound?.get('p'))).toBe('x');
  });

  it('an empty argument that is required is missing', () => {
    expect(bind({ p: { type: 'string' } }, { p: null }).errors).toEqual(['Missing required argument(s): p']);
  });
});

describe('arguments that nobody declared', () => {
  it('are all named', () => {
    const { bound, errors } = bind({ tag: { type: 'string' } }, { tag: 'x', foo: 1, bar: 2 });
    expect(bound).toBeUndefined();
    expect(errors).toEqual(['Unexpected argument(s): foo, bar']);
  });

  it('are told the nearest name', () => {
    const { report } = bind({ image: { type: 'string', default: '' } }, { imgae: 'x' });
    expect(report.problems[0]?.hints).toEqual(['Did you mean image instead of imgae?']);
  });

  it('are told all names when none is near', () => {
    const { report } = bind({ image: { type: 'string', default: '' } }, { quux: 'x' });
    expect(report.problems[0]?.hints).toEqual(['Its parameters are image.']);
  });

  it('come with what else is wrong', () => {
    const { errors } = bind({ a: { type: 'string' }, b: { type: 'integer' } }, { b: 'x', c: 1 });
    expect(errors).toEqual([
      'Unexpected argument(s): c',
      'Type error for argument b: expected type: integer, actual value: "x" (type string)',
      'Missing required argument(s): a',
    ]);
  });
});
