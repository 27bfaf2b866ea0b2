import { describe, expect, it } from '@jest/globals';
import { workflowsOf, type Given } from './support/workflows-of.ts';

/** The jobs that are left of build, test (which has the filters) and deploy, which requires both. */
function left(
  filters: string,
  values: Given['values'] = {},
): { jobs: string[]; names: readonly string[]; errors: readonly string[] } {
  const { workflows, names, errors } = workflowsOf(
    `
      parameters: {go: {type: boolean, default: false}, who: {type: string, default: ""}}
      workflows:
        main:
          jobs:
            - build
            - test:
                filters: ${filters}
            - deploy: {requires: [build, test]}
    `,
    { values },
  );
  return { jobs: [...workflows.matchAll(/^ {2}- (\w+)/gm)].map(([, name]) => String(name)), names, errors };
}

const ALL = ['build', 'test', 'deploy'];
const WITHOUT_TEST = ['build', 'deploy'];

describe('filters by branch and tag', () => {
  it.each<[string, string, Given['values'], string[]]>([
    ['a branch that only does not name', '{branches: {only: main}}', { 'git.branch': 'dev' }, WITHOUT_TEST],
    ['a branch that only names', '{branches: {only: main}}', { 'git.branch': 'main' }, ALL],
    ['a branch in the list', '{branches: {only: [dev, main]}}', { 'git.branch': 'main' }, ALL],
    ['a branch that a pattern matches as a whole', '{branches: {only: [/rel.*/]}}', { 'git.branch': 'release' }, ALL],
    ['a branch that a pattern matches in part', '{branches: {only: /rel/}}', { 'git.branch': 'release' }, WITHOUT_TEST],
    ['no known branch', '{branches: {only: main}}', {}, ALL],
    ['a branch that ignore names', '{branches: {ignore: main}}', { 'git.branch': 'main' }, ALL],
    ['only before ignore', '{branches: {only: main, ignore: main}}', { 'git.branch': 'main' }, ALL],
    ['a tag that only does not name', '{tags: {only: /v.*/}}', { 'git.tag': 'x' }, ALL],
    ['nothing under only', '{branches: {only: }}', { 'git.branch': 'main' }, ALL],
    ['an empty list', '{branches: {only: []}}', { 'git.branch': 'main' }, WITHOUT_TEST],
  ])('look at %s (rule 14)', (_, filters, values, expected) => {
    const { jobs, names, errors } = left(filters, values);
    expect(errors).toEqual([]);
    expect(jobs).toEqual(expected);
    // The job itself stays in any case.
    expect(names).toEqual(ALL);
  });

  it('take a job out that would wait for nothing else than jobs that are out', () => {
    const { workflows } = workflowsOf(
      `
      workflows:
        main:
          jobs:
            - build: {filters: {branches: {only: main}}}
            - test: {requires: [build]}
            - deploy: {requires: [test]}
            - p
            - pair: {requires: [test, p]}
      `,
      { values: { 'git.branch': 'dev' } },
    );
    expect(workflows).toBe(
      'main:\n  jobs:\n  - p\n  - pair:\n      requires:\n      - p\n      upstream:\n        p:\n        - success\n',
    );
  });

  it.each([
    ['{branches: {only: "/[/"}}', '[', '7:38'],
    ['{branches: {ignore: [main, "/(?=x)/"]}}', '(?=x)', '7:47'],
    ['{tags: {only: /a++/}}', 'a++', '7:34'],
    ['{tags: {ignore: /b**/}}', 'b**', '7:36'],
  ])('must not hold what is no regular expression: %s', (filters, pattern, place) => {
    expect(left(filters).errors).toEqual([
      `${place} | Error calling workflow: 'main' | Invalid regular expression: ${pattern}: Invalid pattern.`,
    ]);
  });

  it('are checked in schedules, too', () => {
    const { errors } = workflowsOf(`
      workflows:
        main:
          triggers: [{schedule: {cron: "0 0 * * *", filters: {branches: {only: "/[/"}}}}]
          jobs: [build]
    `);
    expect(errors).toEqual([`3:74 | Error calling workflow: 'main' | Invalid regular expression: [: Invalid pattern.`]);
  });
});

describe('filters by expression', () => {
  it.each<[string, Given['values'], string[]]>([
    ['pipeline.git.branch == "main"', { 'git.branch': 'main' }, ALL],
    ['pipeline.git.branch == "main"', { 'git.branch': 'dev' }, WITHOUT_TEST],
    ['pipeline.git.branch == "main"', {}, ALL],
    ['pipeline.git.branch == "main"', { 'git.tag': 'v1' }, WITHOUT_TEST],
    ['pipeline.git.tag starts-with "v"', { 'git.branch': 'dev' }, WITHOUT_TEST],
    ['pipeline.parameters.go', {}, WITHOUT_TEST],
    ['pipeline.parameters.go or pipeline.number == 1', {}, ALL],
    ['pipeline.parameters.who == "me"', {}, ALL],
    ['pipeline.parameters.go or pipeline.git.branch == "main"', {}, ALL],
    ['<< pipeline.parameters.go >>', {}, WITHOUT_TEST],
  ])('%s with %j', (filters, values, expected) => {
    const { jobs, names, errors } = left(filters, values);
    expect(errors).toEqual([]);
    expect(jobs).toEqual(expected);
    expect(names).toEqual(ALL);
  });

  it('are printed as they are written', () => {
    const { workflows } = workflowsOf(`
      workflows: {main: {jobs: [{build: {filters: 'pipeline.git.branch == "main"'}}]}}
    `);
    expect(workflows).toContain('filters: pipeline.git.branch == "main"\n');
  });

  it('are reported when they are wrong', () => {
    const { errors } = left('pipeline.git.branhc == "main"', { 'git.branch': 'main' });
    expect(errors).toEqual([
      expect.stringContaining(
        `7:20 | Error calling workflow: 'main' | Referred to a variable "pipeline.git.branhc" that does not exist:`,
      ),
    ]);
  });
});
