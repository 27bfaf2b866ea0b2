import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { evaluateCondition } from '../../../src/config/expression/condition.ts';
import { listNode, scalarNode, type Node, type Scalar } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import { variables } from '../../../src/config/variables.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';

const known = variables(
  new Map([
    ['pipeline.git.branch', scalarNode('main', nowhere)],
    ['pipeline.git.tag', scalarNode(null, nowhere)],
    ['pipeline.parameters.count', scalarNode(0, nowhere)],
  ]),
);

function evaluate(condition: JsonValue | Node, { expressions = false } = {}) {
  const report = new Report();
  const node = isNode(condition) ? condition : nodeOf(condition);
  const result = evaluateCondition(node, { variables: known, report }, { expressions });
  return { result, problems: report.problems };
}

function isNode(value: JsonValue | Node): value is Node {
  return value !== null && typeof value === 'object' && 'kind' in value;
}

/** What a scalar is that `<< x >>` alone became. */
function inserted(value: Scalar): Node {
  const argument = scalarNode(value, nowhere);
  return { ...argument, insertions: [{ expression: 'x', at: nowhere, value: argument }] };
}

/** What a text is that had tags in it. */
function text(value: string, ...values: Scalar[]): Node {
  const insertions = values.map((each) => ({ expression: 'x', at: nowhere, value: scalarNode(each, nowhere) }));
  return { ...scalarNode(value, nowhere), insertions };
}

/** A map of one key, of nodes that JSON has not. */
function statement(key: string, value: Node): Node {
  return { kind: 'map', at: nowhere, entries: new Map([[key, { keyAt: nowhere, value }]]) };
}

describe('a condition', () => {
  it.each<[JsonValue, boolean]>([
    [true, true],
    [1, true],
    [-1, true],
    ['text', true],
    ['false', true],
    [false, false],
    [null, false],
    [0, false],
    ['', false],
    [{}, false],
    [{ and: null }, false],
    [{ or: null }, false],
    [{ not: null }, false],
    [{ equal: null }, false],
    [{ matches: null }, false],
    [{ and: [true, 1, 'a'] }, true],
    [{ and: [true, false] }, false],
    [{ or: [false, 0, 'a'] }, true],
    [{ or: [false, ''] }, false],
    [{ not: true }, false],
    [{ not: false }, true],
    [{ not: { equal: [1, 2] } }, true],
    [{ equal: ['a'] }, true],
    [{ equal: [42, 42, 42] }, true],
    [{ equal: [42, 42, 43] }, false],
    [{ equal: ['1', 1] }, false],
    [{ equal: [{ a: [1] }, { a: [1] }] }, true],
    [{ matches: { pattern: '^feature-.+$', value: 'feature-1' } }, true],
    [{ matches: { pattern: 'feature', value: 'feature-1' } }, false],
    [{ matches: { pattern: '[0-9]+', value: 12 } }, true],
    [{ matches: { pattern: 'true', value: true } }, true],
    [{ matches: { pattern: 12, value: '12' } }, true],
    [{ matches: { pattern: '.*', value: null } }, false],
    [{ and: [{ or: [false, { not: false }] }, { equal: [1, 1] }] }, true],
  ])('%j: %s', (condition, result) => {
    expect(evaluate(condition)).toEqual({ result, problems: [] });
  });

  it('NaN is false', () => {
    expect(evaluate(scalarNode(NaN, nowhere)).result).toBe(false);
  });

  it('a pipeline value without a value is an argument', () => {
    expect(evaluate(statement('not', inserted(null))).result).toBe(true);
  });
});

describe('operands that are not needed', () => {
  const invalid = { matches: { pattern: '(?!x)', value: 'x' } };

  it.each<[string, JsonValue, boolean]>([
    ['behind the first false one of and', { and: [false, invalid] }, false],
    ['behind the first true one of or', { or: [true, invalid] }, true],
  ])('are not seen %s', (_, condition, result) => {
    expect(evaluate(condition)).toEqual({ result, problems: [] });
  });

  it('are seen before it', () => {
    expect(evaluate({ and: [invalid, false] }).problems).toEqual([
      expect.objectContaining({ message: 'Invalid regular expression: (?!x): Invalid pattern.' }),
    ]);
  });
});

describe('a wrong condition', () => {
  it.each<[string, JsonValue, string, string]>([
    ['a list', [{ equal: [1, 1] }], 'Expected a logic statement, found a list', 'Put `and:` or `or:` before the list.'],
    ['a list within and', { and: [['a', 'b']] }, 'Expected a logic statement, found a list', 'Put `and:`'],
    ['an unknown statement', { eqal: [1, 1] }, 'Unknown logic statement: eqal', 'Did you mean equal?'],
    ['an unlike statement', { xyzzy: [1] }, 'Unknown logic statement: xyzzy', 'and, or, not, equal, matches'],
    ['the key of steps', { condition: true }, 'Unknown logic statement: condition', 'Leave out `condition`'],
    ['two statements', { and: [true], or: [true] }, 'has one key, this one has 2: and, or', 'under `and:` or `or:`'],
    ['an empty list for and', { and: [] }, "The list of arguments of 'and' is empty", 'CircleCI refuses'],
    ['an empty list for or', { or: [] }, "The list of arguments of 'or' is empty", 'CircleCI refuses'],
    ['an empty list for equal', { equal: [] }, "The list of arguments of 'equal' is empty", 'CircleCI refuses'],
    [
      'a value for and',
      { and: true },
      "The arguments of 'and' are a list, found a single value",
      'Write `and: [a, b]`',
    ],
    ['a map for equal', { equal: { a: 1 } }, "The arguments of 'equal' are a list, found a map", 'Write `equal:'],
    ['a list for matches', { matches: ['a', 'b'] }, 'found no map', 'Write `matches: {'],
    ['matches without a value', { matches: { pattern: 'a' } }, "'value' is missing", 'Write `matches: {'],
    ['matches without a pattern', { matches: { value: 'a' } }, "'pattern' is missing", 'Write `matches: {'],
    ['matches with more', { matches: { pattern: 'a', value: 'a', flags: 'i' } }, "'flags' is not one of them", 'Write'],
    ['a list as value', { matches: { pattern: 'a', value: ['a'] } }, "'value' is a list", 'Write'],
    ['an empty pattern', { matches: { pattern: null, value: 'a' } }, "'pattern' is empty", 'Write'],
    [
      'a long pattern',
      { matches: { pattern: 'a'.repeat(257), value: 'a' } },
      'limit is 256 characters',
      'Make several',
    ],
  ])('%s', (_, condition, message, hint) => {
    expect(evaluate(condition)).toEqual({
      result: false,
      problems: [
        expect.objectContaining({
          severity: 'error',
          message: expect.stringContaining(message),
          hints: expect.arrayContaining([expect.stringContaining(hint)]),
        }),
      ],
    });
  });

  it('is told in all its parts', () => {
    expect(evaluate({ or: [{ nope: 1 }, { and: [] }] }).problems).toHaveLength(2);
  });

  it.each([
    [100, true, 0],
    [101, false, 1],
  ])('of %i levels', (levels, result, problems) => {
    let condition: JsonValue = true;
    for (let level = 0; level < levels; level++) condition = { and: [condition] };
    const evaluated = evaluate(condition);
    expect([evaluated.result, evaluated.problems.length]).toEqual([result, problems]);
  });
});

describe('a text where expressions stand', () => {
  it.each<[JsonValue, boolean]>([
    ['pipeline.git.branch == "main"', true],
    ['pipeline.git.branch == "develop"', false],
    ['pipeline.git.tag', false],
    ['pipeline.parameters.count', true],
    ['0', true],
    ['', false],
    [true, true],
    [0, false],
    [{ equal: [1, 1] }, true],
  ])('%j: %s', (condition, result) => {
    expect(evaluate(condition, { expressions: true })).toEqual({ result, problems: [] });
  });

  it('that is wrong is an error and false', () => {
    expect(evaluate('pipeline.git.branch = "main"', { expressions: true })).toEqual({
      result: false,
      problems: [expect.objectContaining({ severity: 'error', code: 'expression' })],
    });
  });

  it('always is the name of a variable that does not exist', () => {
    const [problem] = evaluate('always', { expressions: true }).problems;
    expect(problem).toMatchObject({
      message: 'Referred to a variable "always" that does not exist:\nalways\n^^^^^^',
      hints: [expect.stringContaining('Leave out `when`')],
    });
  });
});

describe('a text that was a tag', () => {
  it.each<[Scalar, boolean]>([
    ['1.0 == 2.0', true],
    ['not true', true],
    ['false', true],
    ['', false],
    [null, false],
    [false, false],
    [0, false],
  ])('%j is a value, never an expression: %s', (value, result) => {
    expect(evaluate(inserted(value), { expressions: true })).toEqual({ result, problems: [] });
  });
});

it('a list that came through a tag is true', () => {
  const insertions = [{ expression: 'parameters.steps', at: nowhere, value: null }];
  expect(evaluate({ ...listNode([], nowhere), insertions })).toEqual({ result: true, problems: [] });
});

describe('a text that is always true', () => {
  it.each<[string, Node, boolean]>([
    ['of tags and operators', text('main == "main"', 'main'), true],
    ['of tags and operators in steps', text('main == "main"', 'main'), false],
    ['that is an expression in steps', scalarNode('pipeline.git.branch == "main"', nowhere), false],
    ['in a logic statement', statement('not', scalarNode('parameters.flag', nowhere)), true],
  ])('%s is a warning', (_, condition, expressions) => {
    expect(evaluate(condition, { expressions }).problems).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'always-true' }),
    ]);
  });

  it.each<[string, Node]>([
    ['a value that looks like an expression', inserted('pipeline.git.branch == "main"')],
    ['a text without names', scalarNode('on_success', nowhere)],
    ['a text that is no expression', scalarNode('see pipeline.number for more', nowhere)],
    [
      'the value of an expression in a tag',
      { ...scalarNode('b', nowhere), insertions: [{ expression: 'a or "b"', at: nowhere, value: null }] },
    ],
  ])('%s is none', (_, condition) => {
    expect(evaluate(condition).problems).toEqual([]);
  });
});

describe('what conditions cost', () => {
  it('can be refused', () => {
    const refusal = new RangeError('too much');
    function meter(): never {
      throw refusal;
    }
    const node = nodeOf({ matches: { pattern: '.*', value: 'a' } });
    expect(() =>
      evaluateCondition(node, { variables: known, report: new Report(), meter }, { expressions: true }),
    ).toThrow(refusal);
  });
});
