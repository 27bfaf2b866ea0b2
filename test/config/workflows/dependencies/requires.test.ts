import { describe, expect, it } from '@jest/globals';
import { dedented, workflowsOf } from '../support/workflows-of.ts';

describe('requires', () => {
  it('takes one status, several, or all that there are', () => {
    const { workflows, errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build
            - test
            - deploy: {requires: [build: failed, test: [success, canceled]]}
            - p: {requires: [build: terminal]}
    `);
    expect(errors).toEqual([]);
    expect(workflows).toBe(
      dedented(`
        main:
          jobs:
          - build
          - test
          - deploy:
              requires:
              - build
              - test
              upstream:
                build:
                - failed
                test:
                - success
                - canceled
          - p:
              requires:
              - build
              upstream:
                build:
                - success
                - failed
                - canceled
                - unauthorized
                - not_run
      `),
    );
  });

  it('names every job once, with all statuses that are asked for', () => {
    const { workflows } = workflowsOf(`
      workflows: {main: {jobs: [build, {test: {requires: [build, build: failed]}}]}}
    `);
    expect(workflows).toContain(
      'requires:\n      - build\n      upstream:\n        build:\n        - success\n        - failed\n',
    );
  });

  it('is replaced by upstream', () => {
    const { workflows } = workflowsOf(`
      workflows: {main: {jobs: [build, test, {deploy: {requires: [build], upstream: {test: [failed]}}}]}}
    `);
    expect(workflows).toContain('requires:\n      - test\n      upstream:\n        test:\n        - failed\n');
  });

  it('is not printed when it is empty', () => {
    expect(workflowsOf('workflows: {main: {jobs: [build: {requires: []}]}}\n').workflows).toBe(
      'main:\n  jobs:\n  - build\n',
    );
  });

  it.each([
    ['a matrix by the name of its job', 'p', ['p-a', 'p-b']],
    ['a matrix by its alias', 'all', ['p-c', 'p-d']],
    ['one job of a matrix', 'p-b', ['p-b']],
    ['jobs that are named with a parameter of the pipeline', 'build-staging', ['build-staging']],
  ])('names %s (rule 20)', (_, name, expected) => {
    const { workflows, errors } = workflowsOf(`
      parameters: {target: {type: string, default: staging}}
      workflows:
        main:
          jobs:
            - p: {matrix: {parameters: {v: [a, b]}}}
            - p: {matrix: {alias: all, parameters: {v: [c, d]}}}
            - build: {name: build-<< pipeline.parameters.target >>}
            - deploy: {requires: [${name}]}
    `);
    expect(errors).toEqual([]);
    const list = expected.map((job) => `      - ${job}\n`).join('');
    expect(workflows).toContain(`- deploy:\n      requires:\n${list}      upstream:\n`);
  });

  it('knows the numbers that a matrix with one name for all gives', () => {
    const { errors } = workflowsOf(`
      workflows: {main: {jobs: [{p: {name: c, matrix: {parameters: {v: [a, b]}}}}, {deploy: {requires: [c-2]}}]}}
    `);
    expect(errors).toEqual([]);
  });

  it('may name a matrix that has no jobs', () => {
    const { errors, workflows } = workflowsOf(`
      workflows: {main: {jobs: [{p: {matrix: {parameters: {v: []}}}}, {deploy: {requires: [p]}}]}}
    `);
    expect(errors).toEqual([]);
    expect(workflows).toContain('- deploy\n');
  });

  it('means the other job when a job requires its own name', () => {
    const { workflows, errors } = workflowsOf(`
      workflows: {main: {jobs: [build, {build: {requires: [build]}}]}}
    `);
    expect(errors).toEqual([]);
    expect(workflows).toContain('- build-1\n  - build-2:\n      requires:\n      - build-1\n');
  });

  it.each([
    ['no job', '[build, {test: {requires: [nothing]}}]', 'nothing', '0 other jobs'],
    ['only the job itself', '[{test: {requires: [test]}}]', 'test', '0 other jobs'],
    ['the number that a name gets', '[build, build, {test: {requires: [build-1]}}]', 'build-1', '0 other jobs'],
    ['two jobs', '[build, build, {test: {requires: [build]}}]', 'build', '2 other jobs'],
    [
      'a job and one of a matrix',
      '[{build: {name: p-a}}, {p: {matrix: {parameters: {v: [a]}}}}, {test: {requires: [p-a]}}]',
      'p-a',
      '2 other jobs',
    ],
    [
      'a job and a matrix',
      '[p, {p: {matrix: {parameters: {v: [a]}}}}, {test: {requires: [p]}}]',
      'p',
      '1 other job and 1 matrix',
    ],
  ])('that means %s is an error without scope lines', (_, jobs, name, count) => {
    const { problems } = workflowsOf(`
      workflows:
        main: {jobs: ${jobs}}
    `);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.scopes).toEqual([]);
    expect(problems[0]?.message.split('\n')[0]).toBe(
      `Job 'test' requires '${name}', which is the name of ${count} in workflow 'main'`,
    );
  });

  it('tells what to do about a name of several jobs', () => {
    const { problems } = workflowsOf(`
      workflows: {main: {jobs: [build, build, {test: {requires: [build]}}]}}
    `);
    expect(problems[0]?.message.split('\n')[1]).toBe(
      'You can give a job within a workflow an explicit name by adding a name key',
    );
  });

  it('is wrong at the item, and tells which name is near', () => {
    const { errors, problems } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build
            - test:
                requires:
                  - build
                  - biuld: failed
    `);
    expect(errors).toEqual([
      `8:15 | Job 'test' requires 'biuld', which is the name of 0 other jobs in workflow 'main'`,
    ]);
    expect(problems[0]?.hints).toEqual([`Did you mean 'build'?`]);
  });

  it('knows which statuses there are', () => {
    const { errors } = workflowsOf(`
      workflows:
        main: {jobs: [build, test: {requires: [build: [success, done]]}]}
    `);
    expect(errors).toEqual([`2:59 | Error calling workflow: 'main' | 'done' is not a status that a job can end with`]);
  });

  it('has no lists in its list', () => {
    const { errors } = workflowsOf(`
      workflows:
        main: {jobs: [build, test: {requires: [[build]]}]}
    `);
    expect(errors).toEqual([
      `2:42 | Error calling workflow: 'main' | An item of requires is the name of a job, or a map of one name to one or more statuses`,
    ]);
  });
});

describe('jobs that cannot start', () => {
  it('are told, and that none can', () => {
    const { errors, problems } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build: {requires: [test]}
            - test: {requires: [build]}
    `);
    expect(errors).toEqual([
      '3:5 | At least one job in the workflow must have no dependencies.',
      '4:9 | The following jobs are unreachable: build, test',
    ]);
    expect(problems[1]?.hints).toEqual(['They wait for each other: build requires test requires build.']);
  });

  it('are told alone when others can', () => {
    const { errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - p
            - build: {requires: [p, test]}
            - test: {requires: [build]}
            - deploy: {requires: [test]}
    `);
    expect(errors).toEqual(['5:9 | The following jobs are unreachable: build, test, deploy']);
  });

  it('are not told while names are wrong', () => {
    const { errors } = workflowsOf('workflows: {main: {jobs: [build: {requires: [nothing]}]}}\n');
    expect(errors).toHaveLength(1);
  });

  it('are not made of a chain of thousands of jobs', () => {
    const chain = Array.from(
      { length: 3000 },
      (_, index) => `{hold: {type: approval, name: h${index}, requires: [h${index + 1}]}}`,
    );
    const { errors } = workflowsOf(`workflows: {main: {jobs: [${chain.join(', ')}, {build: {name: h3000}}]}}\n`);
    expect(errors).toEqual([]);
  });
});
