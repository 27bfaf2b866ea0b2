import { describe, expect, it } from '@jest/globals';
import { errorTexts } from '../support/problems.ts';
import { check, withSteps, inFile } from './support/shape-check.ts';

describe('values of a wrong type', () => {
  it.each<[string, string, string]>([
    ['a config', '- a\n', '[#] expected type: Mapping, found: Sequence'],
    ['jobs', 'version: 2.1\njobs: [a]\n', '[#/jobs] expected type: Mapping, found: Sequence'],
    [
      'docker',
      'version: 2.1\nexecutors: {e: {docker: a}}\n',
      '[#/executors/e/docker] expected type: Sequence, found: String',
    ],
    [
      'a docker entry',
      'version: 2.1\nexecutors: {e: {docker: [a]}}\n',
      '[#/executors/e/docker/0] expected type: Mapping, found: String',
    ],
    [
      'an environment value',
      'version: 2.1\nexecutors: {e: {environment: {A: [1]}}}\n',
      '[#/executors/e/environment/A] expected type: String, found: Sequence',
    ],
    [
      'steps',
      'version: 2.1\njobs: {b: {machine: true, steps: checkout}}\n',
      '[#/jobs/b/steps] expected type: Sequence, found: String',
    ],
    ['a workflow', 'version: 2.1\nworkflows: {w: [a]}\n', '[#/workflows/w] expected type: Mapping, found: Sequence'],
    [
      'an empty job of a workflow',
      'version: 2.1\nworkflows: {w: {jobs: [null]}}\n',
      '[#/workflows/w/jobs/0] expected type: String or Mapping, found: Null',
    ],
  ])('%s', (_name, text, message) => {
    expect(check(text).errors).toEqual([inFile(message)]);
  });

  it('a type of a job that there is not', () => {
    const { report } = check('version: 2.1\njobs: {a: {type: aproval}}\n');
    expect(report.problems).toMatchObject([{ hints: ['Did you mean approval?'] }]);
    expect(errorTexts(report)).toEqual([
      inFile(
        '[#/jobs/a/type] Input not a valid enum value\nenum:\n  - build\n  - release\n  - lock\n  - unlock\n  - approval\n  - no-op',
      ),
    ]);
  });
});

describe('steps', () => {
  it('a built-in step with its options beside it is an error that says how to indent them', () => {
    const { report } = check(withSteps('- run:\n  command: echo hi'));
    expect(report.problems).toMatchObject([
      {
        severity: 'error',
        message: inFile('[#/jobs/build/steps/0] maximum size: [1], found: [2]'),
        hints: ['Indent command deeper than run, or start a step of its own with `- `.'],
        at: { line: 6, column: 9 },
      },
    ]);
  });

  it('a command with its arguments beside it is called without them, which is a warning', () => {
    const { errors, warnings } = check(withSteps('- greet:\n  to: world'));
    expect(errors).toEqual([]);
    expect(warnings[0]).toMatch(
      /^Step 'greet' has 1 sibling key\(s\) at the same indentation \(to\)\. Keeping 'greet' /,
    );
  });

  it.each<[string, string, string]>([
    ['an empty item', '-', '[#/jobs/build/steps/0] expected type: String or Mapping, found: Null'],
    ['a number', '- 1', '[#/jobs/build/steps/0] expected type: String or Mapping, found: Integer'],
    ['a blank text', "- ' '", '[#/jobs/build/steps/0] The step has no name'],
    ['an empty map', '- {}', '[#/jobs/build/steps/0] minimum size: [1], found: [0]'],
    ['an empty run', '- run:', '[#/jobs/build/steps/0/run] expected type: Mapping, found: Null'],
    [
      'an empty command of run',
      '- run: {command: }',
      '[#/jobs/build/steps/0/run/command] expected type: String, found: Null',
    ],
    ['a list for run', '- run: [a]', '[#/jobs/build/steps/0/run] expected type: String or Mapping, found: Sequence'],
    [
      'a text for save_cache',
      '- save_cache: a',
      '[#/jobs/build/steps/0/save_cache] expected type: Mapping, found: String',
    ],
    ['a list for a command', '- greet: [a]', '[#/jobs/build/steps/0/greet] expected type: Mapping, found: Sequence'],
    [
      'a step in a when',
      '- when: {condition: true, steps: [{run: }]}',
      '[#/jobs/build/steps/0/when/steps/0/run] expected type: Mapping, found: Null',
    ],
  ])('%s is an error', (_name, steps, message) => {
    expect(check(withSteps(steps)).errors).toEqual([inFile(message)]);
  });

  it.each(['checkout', 'setup_remote_docker', 'greet'])('%s with nothing after its colon is a warning', (name) => {
    expect(check(withSteps(`- ${name}:`))).toMatchObject({
      errors: [],
      warnings: [`Step '${name}' has a null body; treating as a no-argument invocation. Write \`- ${name}\` instead.`],
    });
  });

  it('a command of the config with the name of a built-in step has its own arguments', () => {
    const commands = 'commands: {store_artifacts: {parameters: {to: {type: string}}, steps: [checkout]}}\n';
    expect(check(withSteps('- store_artifacts: {to: x}') + commands).errors).toEqual([]);
  });

  it('pre-steps of a workflow are steps', () => {
    expect(check('version: 2.1\nworkflows: {w: {jobs: [{a: {pre-steps: [{run: }]}}]}}\n').errors).toHaveLength(1);
  });
});

describe('a job of a workflow', () => {
  it('with its keys beside it is an error (CircleCI-Public/aws-ecr-orb#75)', () => {
    const text = 'version: 2.1\nworkflows:\n  w:\n    jobs:\n      - build:\n        context: a\n';
    expect(check(text).errors).toEqual([inFile('[#/workflows/w/jobs/0] maximum size: [1], found: [2]')]);
  });
});

describe('version', () => {
  it.each(['2.1', '"2.1"'])('%s is fine', (version) => {
    expect(check(`version: ${version}\n`)).toMatchObject({ errors: [], warnings: [] });
  });

  it.each(['2', '2.0', '"2.0"'])('%s is a warning: it stops working', (version) => {
    expect(check(`version: ${version}\n`)).toMatchObject({
      errors: [],
      warnings: ['CircleCI has announced the end of configuration version 2: pipelines with it stop compiling in 2026'],
    });
  });

  it.each(['version: 3\n', 'version: 1\n', 'version: abc\n', 'jobs: {}\n'])('%j is an error', (text) => {
    expect(check(text).errors).toEqual(['Unsupported or missing workflows config version']);
  });
});

describe('names', () => {
  it('of commands and executors that break the documented rule are a warning', () => {
    const { errors, warnings } = check(
      'version: 2.1\ncommands: {Do It: {steps: []}}\nexecutors: {py3.8: {machine: true}}\n',
    );
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      'The name of the command "Do It" is not of the form that CircleCI documents: ^[a-z][a-z0-9_-]*$',
      'The name of the executor "py3.8" is not of the form that CircleCI documents: ^[a-z][a-z0-9_-]*$',
    ]);
  });

  it('of jobs may have capitals and blanks', () => {
    expect(check('version: 2.1\njobs: {Build it: {machine: true, steps: []}}\n').warnings).toEqual([]);
  });

  it('of jobs that differ only by case are a warning', () => {
    const { report } = check('version: 2.1\njobs:\n  build: {type: no-op}\n  Build: {type: no-op}\n');
    expect(report.problems).toMatchObject([
      {
        severity: 'warning',
        message: 'The jobs build and Build differ only by case; CircleCI asks for names that are unique without it',
        at: { line: 4 },
      },
    ]);
  });
});
