import { describe, expect, it } from '@jest/globals';
import { Budget, TooLarge } from '../../../../src/config/budget.ts';
import { textOf } from '../../../../src/config/template/text-of.ts';
import { combinations } from '../../../../src/config/workflows/invocations/matrix.ts';
import { ValueIds } from '../../../../src/config/workflows/invocations/value-ids.ts';
import { Report } from '../../../../src/config/problem.ts';
import { nodeOf, nowhere } from '../../support/node-of.ts';
import { errorTexts, warningTexts } from '../../support/problems.ts';
import type { JsonValue } from '../../../../src/core/json.ts';
import { commandOf, dedented, workflowsOf } from '../support/workflows-of.ts';

function combined(matrix: JsonValue, budget = new Budget()): { made: string[]; report: Report } {
  const node = nodeOf(matrix);
  if (node.kind !== 'map') throw new Error('no map');
  const report = new Report();
  const made = combinations(node, { alias: 'build', at: nowhere, report, budget, ids: new ValueIds() });
  return { made: made.map((values) => [...values.values()].map(textOf).join('-')), report };
}

describe('the combinations of a matrix', () => {
  it.each<[string, JsonValue, string[]]>([
    ['the values of one parameter, in their order', { parameters: { v: ['b', 'a'] } }, ['b', 'a']],
    [
      'the product of several, in the alphabetical order of the parameters (rule 19)',
      { parameters: { version: ['0.1', '0.2'], platform: ['macos', 'linux'] } },
      ['macos-0.1', 'macos-0.2', 'linux-0.1', 'linux-0.2'],
    ],
    [
      'no excluded combination',
      { parameters: { a: [1, 2], b: [3, 4] }, exclude: [{ a: 2, b: 3 }] },
      ['1-3', '1-4', '2-4'],
    ],
    [
      'none that an exclude names in part',
      { parameters: { a: [1, 2], b: [3, 4] }, exclude: [{ b: 3 }] },
      ['1-4', '2-4'],
    ],
    ['those that an exclude names with another type', { parameters: { a: [1, 2] }, exclude: [{ a: '1' }] }, ['1', '2']],
    ['those of which an exclude names other parameters', { parameters: { a: [1] }, exclude: [{ b: 1 }] }, ['1']],
    ['all when an exclude is empty', { parameters: { a: [1] }, exclude: [{}] }, ['1']],
    ['nothing when a list is empty', { parameters: { a: [1, 2], b: [] } }, []],
    ['lists and maps as values', { parameters: { a: [[1, 2], { b: 'c' }] } }, ['[1,2]', '{"b":"c"}']],
  ])('are %s', (_, matrix, expected) => {
    expect(combined(matrix).made).toEqual(expected);
  });

  it('are none when a parameter is null, with a warning', () => {
    const { made, report } = combined({ parameters: { version: null } });
    expect(made).toEqual([]);
    expect(warningTexts(report)).toEqual([`Matrix parameter 'version' is null; the matrix will produce 0 jobs`]);
  });

  it('need lists', () => {
    expect(errorTexts(combined({ parameters: { version: 'one' } }).report)).toEqual([
      `Matrix parameter 'version' is not a list of values`,
    ]);
  });

  it('are at most 10000, which is told before they are made', () => {
    const thousand = Array.from({ length: 1000 }, (_, index) => index);
    const { made, report } = combined({ parameters: { a: thousand, b: thousand, c: thousand } });
    expect(made).toEqual([]);
    expect(errorTexts(report)).toEqual([
      'The build build matrix expands to 1000000000 jobs. Matrices cannot generate more than 10000 jobs.',
    ]);
  });

  it('may be 10000', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index);
    expect(combined({ parameters: { a: hundred, b: hundred } }).made).toHaveLength(10_000);
  });

  it('take from the budget', () => {
    expect(() => combined({ parameters: { a: [1, 2, 3] } }, new Budget(2))).toThrow(TooLarge);
  });

  it('do not replace templates in exclude, with a warning (rule 20)', () => {
    const { made, report } = combined({ parameters: { a: ['x'] }, exclude: [{ a: '<< pipeline.parameters.skip >>' }] });
    expect(made).toEqual(['x']);
    expect(warningTexts(report)).toEqual([
      `CircleCI compares '<< pipeline.parameters.skip >>' in matrix.exclude as it is written, without replacing what it stands for`,
    ]);
  });
});

describe('a job with a matrix', () => {
  it('is named by the job and the value of one parameter (rule 19)', () => {
    const { workflows, jobs } = workflowsOf(`
      workflows: {main: {jobs: [{p: {matrix: {parameters: {v: [b, a]}}}}]}}
    `);
    expect(workflows).toBe('main:\n  jobs:\n  - p-b\n  - p-a\n');
    expect(commandOf(jobs.get('p-a'))).toBe('echo a');
  });

  it('is named by the values in the alphabetical order of their parameters (rule 19)', () => {
    const { names } = workflowsOf(`
      workflows: {main: {jobs: [{pair: {matrix: {parameters: {version: ["1", "2"], os: [linux]}}}}]}}
    `);
    expect(names).toEqual(['pair-linux-1', 'pair-linux-2']);
  });

  it.each([
    ['by its name with the values put in', 'name: c-<< matrix.v >>', ['c-a', 'c-b']],
    ['by its name and a number when the name is one for all', 'name: c', ['c-1', 'c-2']],
    ['by values of a parameter name', 'v: x', ['one', 'two'], '{name: [one, two]}'],
  ])('is named %s', (_, key, expected, parameters = '{v: [a, b]}') => {
    const { names, errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - p:
                ${key}
                matrix: {parameters: ${parameters}}
    `);
    expect(errors).toEqual([]);
    expect(names).toEqual(expected);
  });

  it('keeps its name when only one combination is left', () => {
    const { names } = workflowsOf(`
      workflows: {main: {jobs: [{p: {name: c, matrix: {parameters: {v: [a, b]}, exclude: [{v: b}]}}}]}}
    `);
    expect(names).toEqual(['c']);
  });

  it('knows its values in all its keys', () => {
    const { workflows, jobs, errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build: {name: build-a}
            - p:
                matrix: {parameters: {v: [a]}}
                requires: [build-<< matrix.v >>]
                context: ctx-<< matrix.v >>
                filters: {branches: {only: "<< matrix.v >>"}}
                pre-steps: [run: "echo << matrix.v >>!"]
    `);
    expect(errors).toEqual([]);
    expect(workflows).toContain(
      dedented(`
        - p-a:
            filters:
              branches:
                only: a
            requires:
            - build-a
            upstream:
              build-a:
              - success
            context: ctx-a
      `).replaceAll(/^(?=.)/gm, '  '),
    );
    expect(commandOf(jobs.get('p-a'))).toBe('echo a!');
  });

  it('takes its values from the pipeline', () => {
    const { names } = workflowsOf(`
      parameters: {v: {type: string, default: x}}
      workflows: {main: {jobs: [{p: {matrix: {parameters: {v: [<< pipeline.parameters.v >>, y]}}}}]}}
    `);
    expect(names).toEqual(['p-x', 'p-y']);
  });

  it('may be an approval', () => {
    const { workflows, names } = workflowsOf(`
      workflows: {main: {jobs: [{hold: {type: approval, matrix: {parameters: {env: [a, b]}}}}]}}
    `);
    expect(names).toEqual([]);
    expect(workflows).toBe('main:\n  jobs:\n  - hold-a:\n      type: approval\n  - hold-b:\n      type: approval\n');
  });

  it('refuses values that the job has no parameter for', () => {
    const { errors } = workflowsOf(`
      workflows: {main: {jobs: [{p: {matrix: {parameters: {w: [a]}}}}]}}
    `);
    expect(errors).toEqual([
      `1:54 | Error calling workflow: 'main' | Error calling job: 'p' | Unexpected argument(s): w`,
    ]);
  });

  it('is refused at its key when it is too large', () => {
    const many = JSON.stringify(Array.from({ length: 101 }, (_, index) => String(index)));
    const { errors, names } = workflowsOf(`
      workflows:
        main:
          jobs:
            - pair:
                matrix: {alias: all, parameters: {os: ${many}, version: ${many}}}
    `);
    expect(names).toEqual([]);
    expect(errors).toEqual([
      `5:11 | Error calling workflow: 'main' | The all build matrix expands to 10201 jobs. Matrices cannot generate more than 10000 jobs.`,
    ]);
  });
});
