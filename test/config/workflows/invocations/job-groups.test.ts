import { describe, expect, it } from '@jest/globals';
import { dedented, workflowsOf } from '../support/workflows-of.ts';

const GROUP = `
job-groups:
  ship:
    jobs:
      - test
      - p: {v: a}
      - deploy: {requires: [test, p]}
`;

function shipping(workflow: string): ReturnType<typeof workflowsOf> {
  return workflowsOf(`${GROUP}${dedented(workflow)}`);
}

describe('a job group', () => {
  it('becomes its jobs between one that starts it and one that ends it', () => {
    const { workflows, names, errors } = shipping(`
      workflows:
        main:
          jobs:
            - build
            - ship: {requires: [build], filters: {branches: {only: main}}}
            - pair: {requires: [ship]}
    `);
    expect(errors).toEqual([]);
    expect(names).toEqual([
      'build',
      'ship/group-start',
      'ship/test',
      'ship/p',
      'ship/deploy',
      'ship/group-end',
      'pair',
    ]);
    expect(workflows).toBe(
      dedented(`
        main:
          jobs:
          - build
          - ship/group-start:
              filters:
                branches:
                  only: main
              requires:
              - build
              upstream:
                build:
                - success
          - ship/test:
              requires:
              - ship/group-start
              upstream:
                ship/group-start:
                - success
          - ship/p:
              requires:
              - ship/group-start
              upstream:
                ship/group-start:
                - success
          - ship/deploy:
              requires:
              - ship/test
              - ship/p
              upstream:
                ship/test:
                - success
                ship/p:
                - success
          - ship/group-end:
              requires:
              - ship/deploy
              upstream:
                ship/deploy:
                - success
          - pair:
              requires:
              - ship/group-end
              upstream:
                ship/group-end:
                - success
      `),
    );
  });

  it('takes a lock with serial-group, and gives it back however it ends', () => {
    const { workflows, jobs } = workflowsOf(`
      job-groups: {ship: {jobs: [test]}}
      workflows: {main: {jobs: [{ship: {serial-group: prod, name: live}}]}}
    `);
    expect([...jobs.keys()]).toEqual([
      'live/serial-group-start',
      'live/test',
      'live/group-end',
      'live/serial-group-end',
    ]);
    const start = jobs.get('live/serial-group-start');
    expect([...(start?.entries ?? [])].map(([key, { value }]) => [key, value])).toMatchObject([
      ['type', { value: 'lock' }],
      ['key', { value: 'prod' }],
    ]);
    expect(workflows).toContain(
      dedented(`
        - live/serial-group-end:
            requires:
            - live/serial-group-start
            - live/group-end
            upstream:
              live/serial-group-start:
              - success
              live/group-end:
              - success
              - failed
              - canceled
              - unauthorized
              - not_run
      `).replaceAll(/^(?=.)/gm, '  '),
    );
  });

  it('may be called again under another name', () => {
    const { names, errors } = workflowsOf(`
      job-groups: {ship: {jobs: [test]}}
      workflows: {main: {jobs: [ship, {ship: {name: live, requires: [ship]}}]}}
    `);
    expect(errors).toEqual([]);
    expect(names).toEqual([
      'ship/group-start',
      'ship/test',
      'ship/group-end',
      'live/group-start',
      'live/test',
      'live/group-end',
    ]);
  });

  it('goes as a whole when its filters leave it out', () => {
    const { workflows, errors } = workflowsOf(
      `
      job-groups: {ship: {jobs: [test]}}
      workflows: {main: {jobs: [build, {ship: {filters: {branches: {only: main}}}}, {p: {requires: [ship]}}]}}
      `,
      { values: { 'git.branch': 'dev' } },
    );
    expect(errors).toEqual([]);
    expect(workflows).toBe('main:\n  jobs:\n  - build\n');
  });

  it.each<[string, string, string, string]>([
    ['twice under one name', 'jobs: [test]', '[ship, ship]', `Job-group 'ship' occurs 2 times in workflow 'main'.`],
    ['with a matrix', 'jobs: [test]', '[{ship: {matrix: {parameters: {v: [a]}}}}]', 'do not support use of `matrix`'],
    ['with a context', 'jobs: [test]', '[{ship: {context: c}}]', 'do not support use of `context`'],
    ['with pre-steps', 'jobs: [test]', '[{ship: {pre-steps: [checkout]}}]', 'do not support use of `pre-steps`'],
    [
      'with arguments',
      'jobs: [test]',
      '[{ship: {b: 1, a: 2}}]',
      'do not support custom parameters, but found: `a`, `b`',
    ],
    [
      'that has a group in it',
      'jobs: [other]',
      '[ship]',
      'Job group "ship" cannot reference job group "other" -- nesting',
    ],
    [
      'that has a serial-group in it',
      'jobs: [{test: {serial-group: x}}]',
      '[ship]',
      'Use of `serial-group` on job inv',
    ],
    ['that has a job twice', 'jobs: [test, test]', '[ship]', `Job 'test' occurs 2 times in job group 'ship'.`],
    [
      'in which a job requires one that is not in it',
      'jobs: [{test: {requires: [build]}}]',
      '[build, ship]',
      `Job 'test' requires 'build', which is the name of 0 other jobs in job group 'ship'`,
    ],
    [
      'of which a job is required from outside',
      'jobs: [test]',
      '[ship, {build: {requires: [test]}}]',
      `Job 'build' requires 'test', which is the name of 0 other jobs in workflow 'main'`,
    ],
    ['with a job that is not there', 'jobs: [nothing]', '[ship]', 'Cannot find a definition for job named nothing'],
  ])('%s is an error', (_, group, jobs, message) => {
    const { errors } = workflowsOf(`
      job-groups: {ship: {${group}}, other: {jobs: [build]}}
      workflows: {main: {jobs: ${jobs}}}
    `);
    expect(errors).toContainEqual(expect.stringContaining(message));
  });
});
