import { describe, expect, it } from '@jest/globals';
import { commandOf, compiledParts, dedented, SOME_JOBS, workflowsOf } from './support/workflows-of.ts';

describe('compileWorkflows', () => {
  it('prints a job without keys as its plain name (rule 9)', () => {
    const { workflows, errors } = workflowsOf(`
      workflows:
        main:
          jobs: [build, {test: {}}]
    `);
    expect(errors).toEqual([]);
    expect(workflows).toBe(
      dedented(`
        main:
          jobs:
          - build
          - test
      `),
    );
  });

  it('prints the keys of a job in a fixed order, with what each required job must end as (rules 9 and 10)', () => {
    const { workflows, errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build
            - hold:
                context: one
                requires: [build]
                type: approval
                filters: {branches: {only: /v.*/, ignore: [a, b]}}
            - deploy: {context: [one, two], requires: [hold, build], serial-group: a/b}
    `);
    expect(errors).toEqual([]);
    expect(workflows).toBe(
      dedented(`
        main:
          jobs:
          - build
          - hold:
              filters:
                branches:
                  only: /v.*/
                  ignore:
                  - a
                  - b
              type: approval
              requires:
              - build
              upstream:
                build:
                - success
              context: one
          - deploy:
              requires:
              - hold
              - build
              upstream:
                hold:
                - success
                build:
                - success
              context:
              - one
              - two
              serial-group: a/b
      `),
    );
  });

  it('keeps the keys of a workflow in their order, with templates replaced', () => {
    const { workflows } = workflowsOf(`
      parameters: {branch: {type: string, default: main}}
      workflows:
        nightly:
          max_auto_reruns: 3
          triggers:
            - schedule: {cron: "0 0 * * *", filters: {branches: {only: << pipeline.parameters.branch >>}}}
          jobs: [build]
    `);
    expect(workflows).toBe(
      dedented(`
        nightly:
          max_auto_reruns: 3
          triggers:
          - schedule:
              cron: 0 0 * * *
              filters:
                branches:
                  only: main
          jobs:
          - build
      `),
    );
  });

  it('keeps version where the source has it (rule 11)', () => {
    const { workflows } = workflowsOf('workflows: {version: 2, main: {jobs: [build]}}\n');
    expect(workflows).toBe('version: 2\nmain:\n  jobs:\n  - build\n');
  });

  it('makes version 2 of another version', () => {
    const { workflows } = workflowsOf('workflows: {version: 2.1, main: {jobs: [build]}}\n');
    expect(workflows).toMatch(/^version: 2\nmain:/);
  });

  it('appends version where the source has none (rule 11)', () => {
    const { jobs, errors } = compiledParts(`${SOME_JOBS}\nworkflows: {main: {jobs: [build]}}`);
    expect(errors).toEqual([]);
    expect([...jobs.keys()]).toEqual(['build']);
  });

  it.each([
    ['no workflows', ''],
    ['nothing but a version', 'workflows: {version: 2}\n'],
    ['workflows without anything', 'workflows:\n'],
  ])('runs the job build where there are %s (rule 11)', (_, written) => {
    const { workflows, names } = workflowsOf(written);
    expect(names).toEqual(['build']);
    expect(workflows).toBe('version: 2\nworkflow:\n  jobs:\n  - build\n');
  });

  it('reports a config without workflows and without a job build', () => {
    expect(compiledParts('version: 2.1\njobs: {test: {machine: true, steps: [checkout]}}').errors).toEqual([
      '2:1 | There are no workflows or build jobs in the config.',
    ]);
  });

  it('prints the jobs that are used only, in the order of their first use over all workflows (rules 3 and 12)', () => {
    const { names } = workflowsOf(`
      workflows:
        first: {jobs: [test, build]}
        second: {jobs: [deploy, test]}
    `);
    expect(names).toEqual(['test', 'build', 'deploy']);
  });

  it('prints nine jobs and more in the order of a Clojure map (rule 3)', () => {
    const calls = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `{p: {name: job-${n}, v: "${n}"}}`).join(', ');
    const { names } = workflowsOf(`workflows: {main: {jobs: [${calls}]}}\n`);
    expect([...names].toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `job-${n}`));
    expect(names).not.toEqual([...names].toSorted());
  });

  it('puts the name of an invocation in the place of that of the job (rule 12)', () => {
    const { workflows, names } = workflowsOf(`
      workflows: {main: {jobs: [{build: {name: compile}}, {test: {requires: [compile]}}]}}
    `);
    expect(names).toEqual(['compile', 'test']);
    expect(workflows).toContain('- compile\n');
  });

  it('hands arguments, pre-steps and post-steps to the job', () => {
    const { jobs, errors } = workflowsOf(`
      parameters: {who: {type: string, default: me}}
      workflows:
        main:
          jobs:
            - p:
                v: << pipeline.parameters.who >>
                pre-steps: [run: "echo before << pipeline.parameters.who >>"]
                post-steps: [checkout]
    `);
    expect(errors).toEqual([]);
    expect(commandOf(jobs.get('p'))).toBe('echo before me');
  });

  it('replaces templates in arguments once: an escaped tag in one stays text (rule 17)', () => {
    const { jobs } = workflowsOf(String.raw`
      workflows: {main: {jobs: [{p: {v: '\<< parameters.v >>'}}]}}
    `);
    expect(commandOf(jobs.get('p'))).toBe('echo << parameters.v >>');
  });

  it('expands anchors and merge keys (rule 9)', () => {
    const { workflows } = workflowsOf(`
      workflows:
        main:
          jobs:
            - build: &defaults {context: shared}
            - test: {<<: *defaults, requires: [build]}
    `);
    expect(workflows).toContain(
      '- test:\n      requires:\n      - build\n      upstream:\n        build:\n        - success\n      context: shared\n',
    );
  });

  it('tells in which workflow a job that is not there is called', () => {
    const { errors } = workflowsOf('workflows:\n  main:\n    jobs:\n      - biuld\n');
    expect(errors).toEqual([`4:9 | Error calling workflow: 'main' | Cannot find a definition for job named biuld`]);
  });

  it('tells in which workflow and job an argument is wrong, and goes on', () => {
    const { errors } = workflowsOf(`
      workflows:
        main:
          jobs:
            - p: {w: 1}
            - build: {x: 2}
    `);
    expect(errors).toEqual([
      `4:13 | Error calling workflow: 'main' | Error calling job: 'p' | Unexpected argument(s): w`,
      `5:17 | Error calling workflow: 'main' | Error calling job: 'build' | Unexpected argument(s): x`,
    ]);
  });

  it.each([
    [0, 'Must be greater than or equal to 1'],
    [6, 'Must be less than or equal to 5'],
  ])('refuses max_auto_reruns: %s', (count, message) => {
    const { errors } = workflowsOf(`workflows: {main: {max_auto_reruns: ${count}, jobs: [build]}}\n`);
    expect(errors).toEqual([`1:37 | Error calling workflow: 'main' | ${message}`]);
  });

  it('makes no follow-up errors of templates that are wrong', () => {
    const { errors } = workflowsOf(`
      workflows: {main: {jobs: [build, {test: {requires: [<< pipeline.parameters.none >>]}}]}}
    `);
    expect(errors).toEqual([expect.stringContaining('pipeline.parameters.none')]);
  });

  it('warns of names that differ in case only', () => {
    const { warnings } = workflowsOf('workflows: {main: {jobs: [build, {test: {name: Build}}]}}\n');
    expect(warnings).toEqual([expect.stringContaining(`The jobs 'Build' and 'build' differ only in case`)]);
  });
});

describe('when and unless of workflows', () => {
  it.each([
    ['when: true', true],
    ['when: false', false],
    ['unless: true', false],
    ['unless: false', true],
    ['when: << pipeline.parameters.go >>', false],
    ['when: pipeline.parameters.go or pipeline.number == 1', true],
    ['when: {equal: [1, << pipeline.number >>]}', true],
    ['when: {not: true}', false],
  ])('%s', (condition, kept) => {
    const { workflows, names, errors } = workflowsOf(`
      parameters: {go: {type: boolean, default: false}}
      workflows:
        always: {jobs: [test]}
        sometimes:
          ${condition}
          jobs: [build]
    `);
    expect(errors).toEqual([]);
    expect(names).toEqual(kept ? ['test', 'build'] : ['test']);
    expect(workflows).toBe(
      kept ? 'always:\n  jobs:\n  - test\nsometimes:\n  jobs:\n  - build\n' : 'always:\n  jobs:\n  - test\n',
    );
  });

  it('leaves no jobs when all workflows are switched off', () => {
    const { workflows, names, errors } = workflowsOf('workflows: {main: {when: false, jobs: [build]}}\n');
    expect({ workflows, names, errors }).toEqual({ workflows: '', names: [], errors: [] });
  });

  it('looks at patterns of a workflow that is switched off, and at nothing else in it (rule 18)', () => {
    const { errors } = workflowsOf(`
      workflows:
        main:
          when: false
          jobs:
            - unknown: {filters: {branches: {only: '/(?!a)b/'}}}
            - build: {requires: [nothing], filters: {tags: {ignore: '/<< matrix.x >>/'}}}
    `);
    expect(errors).toEqual([
      `5:46 | Error calling workflow: 'main' | Invalid regular expression: (?!a)b: Invalid pattern.`,
    ]);
  });
});
