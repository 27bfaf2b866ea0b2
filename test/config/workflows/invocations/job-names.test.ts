import { describe, expect, it } from '@jest/globals';
import type { Invocation } from '../../../../src/config/workflows/invocations/invocation.ts';
import { printedNames, type Use } from '../../../../src/config/workflows/invocations/job-names.ts';
import { nowhere } from '../../support/node-of.ts';
import { commandOf, workflowsOf } from '../support/workflows-of.ts';

/** `name=definition`, or a name alone for an approval. */
function uses(workflow: string): Use[] {
  return workflow.split(' ').map((text) => {
    const [name = '', definition] = text.split('=');
    const invocation: Invocation = { job: name, name, at: nowhere, origin: 'call', requirements: [] };
    return { invocation, definition };
  });
}

describe('printedNames', () => {
  it.each<[string, string[], string[]]>([
    ['stay when each is used once', ['a=1 b=2'], ['a', 'b']],
    ['are shared by the same call in several workflows (rule 12)', ['a=1', 'a=1'], ['a', 'a']],
    ['are numbered for different calls in one workflow', ['a=1 a=2'], ['a-1', 'a-2']],
    ['are numbered for different calls in several workflows', ['a=1', 'a=2'], ['a-1', 'a-2']],
    ['have one number for the same call', ['a=1', 'a=2', 'a=1 a=2'], ['a-1', 'a-2', 'a-1', 'a-2']],
    ['are numbered for the same call twice in one workflow', ['a=1 a=1'], ['a-1', 'a-2']],
    ['share numbers of calls that come twice', ['a=1 a=1', 'a=1 a=1'], ['a-1', 'a-2', 'a-1', 'a-2']],
    [
      'are numbered by call, and by how often',
      ['t=1 t=2 l=3', 't=2 l=3 l=3'],
      ['t-1', 't-2', 'l-1', 't-2', 'l-1', 'l-2'],
    ],
    ['pass over numbers that are names of others', ['a=1 a=2 a-1=3'], ['a-2', 'a-3', 'a-1']],
    ['of approvals may be used in several workflows', ['a', 'a'], ['a', 'a']],
    ['of approvals are numbered in one workflow', ['a a'], ['a-1', 'a-2']],
    ['of approvals may be those of jobs in other workflows', ['a', 'a=1'], ['a', 'a']],
    ['of approvals make way for jobs of their workflow', ['a a=1'], ['a-2', 'a-1']],
  ])('%s', (_, workflows, expected) => {
    const read = workflows.map(uses);
    const names = printedNames(read);
    expect(read.flat().map(({ invocation }) => names.get(invocation))).toEqual(expected);
  });

  it('numbers thousands of jobs of one name', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `a=${index}`).join(' ');
    const names = [...printedNames([uses(many)]).values()];
    expect(names.at(-1)).toBe('a-20000');
  });
});

describe('the same job in several places', () => {
  it('is one job when its arguments are equal, however they are written (rule 12)', () => {
    const { names, workflows } = workflowsOf(`
      parameters: {v: {type: string, default: x}}
      workflows:
        first: {jobs: [{pair: {os: x, version: "1"}}]}
        second: {jobs: [{pair: {version: "1", os: << pipeline.parameters.v >>}}]}
    `);
    expect(names).toEqual(['pair']);
    expect(workflows).toBe('first:\n  jobs:\n  - pair\nsecond:\n  jobs:\n  - pair\n');
  });

  it.each([
    ['arguments', '{p: {v: a}}', '{p: {v: b}}'],
    ['pre-steps', '{p: {pre-steps: [checkout]}}', '{p: {pre-steps: [run: x]}}'],
    ['post-steps', 'p', '{p: {post-steps: [run: x]}}'],
  ])('gets numbers over all workflows when they differ in %s', (_, one, other) => {
    const { names, workflows } = workflowsOf(`
      workflows:
        first: {jobs: [${one}]}
        second: {jobs: [${other}, ${one}]}
    `);
    expect(names).toEqual(['p-1', 'p-2']);
    expect(workflows).toBe('first:\n  jobs:\n  - p-1\nsecond:\n  jobs:\n  - p-2\n  - p-1\n');
  });

  it('is one job whatever the workflow wants of it besides', () => {
    const { names } = workflowsOf(`
      workflows:
        first: {jobs: [{p: {context: a}}]}
        second: {jobs: [build, {p: {requires: [build], filters: {branches: {only: main}}, serial-group: x}}]}
    `);
    expect(names).toEqual(['p', 'build']);
  });

  it('is compiled with the arguments of its number', () => {
    const { jobs } = workflowsOf('workflows: {main: {jobs: [{p: {v: a}}, {p: {v: b}}]}}\n');
    expect(commandOf(jobs.get('p-2'))).toBe('echo b');
  });

  it('is another job than one that was given its name', () => {
    const { names } = workflowsOf('workflows: {main: {jobs: [build, {test: {name: build}}]}}\n');
    expect(names).toEqual(['build-1', 'build-2']);
  });
});
