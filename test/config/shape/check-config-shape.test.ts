import { describe, expect, it } from '@jest/globals';
import { checkOrbShape } from '../../../src/config/shape/check-orb-shape.ts';
import { check, withSteps, inFile } from './support/shape-check.ts';

describe('keys that CircleCI refuses', () => {
  it('are an error at the key, with the permitted keys and the nearest name', () => {
    const { report } = check(
      'version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n    stpes: [checkout]\n    steps: []\n',
    );
    expect(report.problems).toMatchObject([
      {
        code: 'extraneous-key',
        severity: 'error',
        at: { line: 5, column: 5 },
        hints: ['Did you mean steps?'],
      },
    ]);
    expect(report.problems[0]?.message).toMatch(
      /^ERROR IN CONFIG FILE:\n\[#\/jobs\/build\] extraneous key \[stpes\] is not permitted\nPermitted keys:\n {2}- description\n {2}- docker\n/,
    );
  });

  it.each<[string, string, string]>([
    ['a command', 'version: 2.1\ncommands: {c: {step: [], steps: []}}\n', '[#/commands/c] extraneous key [step]'],
    ['an executor', 'version: 2.1\nexecutors: {e: {image: a}}\n', '[#/executors/e] extraneous key [image]'],
    [
      'a docker entry',
      'version: 2.1\nexecutors: {e: {docker: [{image: a, env: {}}]}}\n',
      '[#/executors/e/docker/0] extraneous key [env]',
    ],
    ['machine', 'version: 2.1\nexecutors: {e: {machine: {img: a}}}\n', '[#/executors/e/machine] extraneous key [img]'],
    ['macos', 'version: 2.1\nexecutors: {e: {macos: {xcode: 1, x: 2}}}\n', '[#/executors/e/macos] extraneous key [x]'],
    [
      'when (CircleCI-Public/docker-orb#68)',
      withSteps('- when: {name: x, condition: true, steps: []}'),
      '[#/jobs/build/steps/0/when] extraneous key [name]',
    ],
    [
      'branches of filters',
      'version: 2.1\nworkflows: {w: {jobs: [{a: {filters: {branches: {exclude: x}}}}]}}\n',
      '[#/workflows/w/jobs/0/a/filters/branches] extraneous key [exclude]',
    ],
  ])('of %s', (_name, text, message) => {
    expect(check(text).errors.map((error) => error.split('\n')[1])).toEqual([`${message} is not permitted`]);
  });
});

describe('keys that CircleCI drops in silence are a warning', () => {
  it('at the top level, with the nearest name', () => {
    const { report } = check('version: 2.1\nworkflow: {}\nanchors: {}\n');
    expect(report.problems).toMatchObject([
      {
        severity: 'warning',
        message: 'CircleCI does not know the top-level key workflow and drops it in silence',
        hints: ['Did you mean workflows?'],
        at: { line: 2, column: 1 },
      },
      { severity: 'warning', hints: [] },
    ]);
  });

  it.each([
    ['on the line of the key', 'version: 2.1\ndefaults: &defaults\n  machine: true\njobs: {}\n'],
    ['deeper', 'version: 2.1\nreferences:\n  env:\n    - &env {A: b}\njobs: {}\n'],
    ['in the last section', 'version: 2.1\njobs: {}\nx-common: {a: &a b}\n'],
  ])('but not a key that anchors are kept in: %s', (_where, text) => {
    expect(check(text).warnings).toEqual([]);
  });

  it('also beside one that holds an anchor', () => {
    expect(check('version: 2.1\nworkflow: {}\nx-common: &a {}\n').warnings).toHaveLength(1);
  });

  it.each([
    ['store_artifacts: {path: a, prefix: b}', 'store_artifacts has no prefix option, so this is ignored.'],
    ['run: {command: a, comand: b}', 'run has no comand option, so this is ignored.'],
  ])('in a built-in step: %s', (step, message) => {
    expect(check(withSteps(`- ${step}`))).toMatchObject({ errors: [], warnings: [message] });
  });
});

describe('keys that are missing', () => {
  it.each<[string, string, string]>([
    [
      'steps of a job',
      'version: 2.1\njobs: {build: {machine: true}}\n',
      '[#/jobs/build] required key [steps] not found',
    ],
    ['steps of a command', 'version: 2.1\ncommands: {c: {}}\n', '[#/commands/c] required key [steps] not found'],
    [
      'image of docker',
      'version: 2.1\nexecutors: {e: {docker: [{name: a}]}}\n',
      '[#/executors/e/docker/0] required key [image] not found',
    ],
    [
      'xcode of macos',
      'version: 2.1\nexecutors: {e: {macos: {}}}\n',
      '[#/executors/e/macos] required key [xcode] not found',
    ],
    [
      'plan_name of a release',
      'version: 2.1\njobs: {r: {type: release}}\n',
      '[#/jobs/r] required key [plan_name] not found',
    ],
    ['key of a lock', 'version: 2.1\njobs: {r: {type: lock}}\n', '[#/jobs/r] required key [key] not found'],
    [
      'jobs of a workflow',
      'version: 2.1\nworkflows: {w: {when: true}}\n',
      '[#/workflows/w] required key [jobs] not found',
    ],
    [
      'cron of a schedule',
      'version: 2.1\nworkflows: {w: {jobs: [a], triggers: [{schedule: {filters: {}}}]}}\n',
      '[#/workflows/w/triggers/0/schedule] required key [cron] not found',
    ],
    ['command of run', withSteps('- run: {name: a}'), '[#/jobs/build/steps/0/run] required key [command] not found'],
    [
      'condition of when',
      withSteps('- when: {steps: []}'),
      '[#/jobs/build/steps/0/when] required key [condition] not found',
    ],
    [
      'key of restore_cache',
      withSteps('- restore_cache: {name: a}'),
      '[#/jobs/build/steps/0/restore_cache] required key [key] not found',
    ],
  ])('%s', (_name, text, message) => {
    expect(check(text).errors).toEqual([inFile(message)]);
  });
});

it('branches of a job are a warning', () => {
  expect(check('version: 2.1\njobs: {b: {machine: true, steps: [], branches: {only: a}}}\n')).toMatchObject({
    errors: [],
    warnings: ['The key branches of a job is deprecated'],
  });
});

describe('an orb', () => {
  it('may have examples and display', () => {
    const text = `
version: 2.1
description: An orb
display: {home_url: a, source_url: b}
examples: {simple: {description: d, usage: {version: 2.1}, result: {version: 2}}}
commands: {greet: {steps: [run: hi]}}
`;
    expect(check(text, checkOrbShape)).toMatchObject({ errors: [], warnings: [] });
  });

  it.each<[string, string]>([
    ['examples: {simple: {useage: {}, usage: {}}}', '[#/examples/simple] extraneous key [useage] is not permitted'],
    ['examples: {simple: {}}', '[#/examples/simple] required key [usage] not found'],
    ['jobs: {j: {machine: true}}', '[#/jobs/j] required key [steps] not found'],
  ])('%s is an error', (text, message) => {
    expect(check(`version: 2.1\n${text}\n`, checkOrbShape).errors.map((error) => error.split('\n')[1])).toEqual([
      message,
    ]);
  });

  it('has no workflows: a warning', () => {
    expect(check('version: 2.1\nworkflows: {}\n', checkOrbShape).warnings).toHaveLength(1);
  });
});

describe('aliases of YAML', () => {
  it('are checked once, however often they are used', () => {
    const levels = Array.from({ length: 40 }, (_, index) => `s${index + 1}: &s${index + 1} [*s${index}, *s${index}]`);
    const text = `version: 2.1\ns0: &s0 [run: a]\n${levels.join('\n')}\njobs: {b: {machine: true, steps: *s40}}\n`;
    expect(check(text).errors).toEqual([]);
  });
});
