import { describe, expect, it } from '@jest/globals';
import { neededVariables } from '../../../src/runner/contexts/job-variables.ts';
import { missingContexts } from '../../../src/runner/contexts/missing-contexts.ts';
import type { Contexts } from '../../../src/runner/contexts/read-contexts.ts';
import type { Job, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { jobNamed, pipelineOf } from '../support/pipeline-of.ts';

/** A job `build` whose keys beside its executor are given, with what its call says. */
function callOf(body: string, call = 'build'): WorkflowJob {
  const text = `jobs:\n  build:\n${body}\nworkflows:\n  main:\n    jobs:\n      - ${call}\n`;
  return jobNamed(pipelineOf(text), 'build');
}

function jobOf(...lines: string[]): Job {
  const { job } = callOf(lines.map((line) => `    ${line}`).join('\n'));
  if (!job) throw new Error('the test has no job');
  return job;
}

describe('the variables that a job needs', () => {
  it('are those that its steps read, once, in their order', () => {
    const job = jobOf('machine: true', 'steps: [{run: echo $B $A}, {run: {command: echo $C $A}}]');
    expect(neededVariables(job)).toEqual({ required: ['B', 'A', 'C'], optional: [] });
  });

  it.each([
    ['the job', 'environment: {A: 1}', 'echo $A'],
    ['its image', 'docker: [{image: x, environment: {A: 1}}]', 'echo $A'],
    ['an assignment', 'parallelism: 1', 'A=1; echo $A'],
    ['CircleCI', 'parallelism: 1', 'echo $CIRCLE_SHA1 $CI'],
    ['the shell', 'parallelism: 1', 'echo $HOME $BASH_ENV $RANDOM'],
  ])('are not those that come from %s', (_name, key, command) => {
    expect(neededVariables(jobOf(key, `steps: [{run: "${command}"}]`))).toEqual({ required: [], optional: [] });
  });

  it('are not those that an earlier step leaves', () => {
    const job = jobOf('machine: true', `steps: [{run: 'echo "export A=1" >> $BASH_ENV'}, {run: echo $A}]`);
    expect(neededVariables(job).required).toEqual([]);
  });

  it('of a step do not come from the environment of another one', () => {
    const job = jobOf('machine: true', 'steps: [{run: {command: a $A, environment: {A: 1}}}, {run: b $A}]');
    expect(neededVariables(job).required).toEqual(['A']);
  });

  it('are those in values of the environment too', () => {
    const job = jobOf(
      'machine: true',
      'environment: {X: a/$A}',
      'steps: [{run: {command: a, environment: {Y: "${B}"}}}]',
    );
    expect(neededVariables(job).required).toEqual(['A', 'B']);
  });

  it('are optional with a default, in the key of a cache, and when a value may be a name', () => {
    const job = jobOf(
      'machine: true',
      'steps:',
      '  - run: {command: "echo ${A:-1}", environment: {P: SLACK_TOKEN, Q: DEBUG}}',
      '  - restore_cache: {keys: ["v1-{{ .Environment.B }}"]}',
    );
    expect(neededVariables(job)).toEqual({ required: [], optional: ['SLACK_TOKEN', 'A', 'B'] });
  });
});

describe('a job with contexts', () => {
  const contexts = (named: Record<string, Record<string, string>>, project = {}): Contexts => ({
    project,
    named: new Map(Object.entries(named)),
    warnings: [],
  });
  const call = callOf(
    '    machine: true\n    steps: [{run: "echo $A $B ${C:-1}"}]',
    'build: {context: [one, two words]}',
  );
  const check = (given: Contexts): ReturnType<typeof missingContexts> =>
    missingContexts(call, given, '/p/.circleci/local');

  it('starts when all are there', () => {
    expect(check(contexts({ one: {}, 'two words': {} }))).toBeUndefined();
  });

  it('says which are missing, which files to write, and which variables its steps use', () => {
    expect(check(contexts({ one: { A: '1' } }))).toEqual({
      contexts: ['two words'],
      files: ['/p/.circleci/local/contexts/two words.env'],
      variables: { required: ['B'], optional: ['C'] },
      reason:
        'the context two words is not on this machine. Its steps use B, and perhaps C. ' +
        'Write /p/.circleci/local/contexts/two words.env, a line NAME=value for each variable.',
    });
  });

  it('says all at once', () => {
    expect(check(contexts({}, { B: '1' }))).toMatchObject({
      contexts: ['one', 'two words'],
      variables: { required: ['A'], optional: ['C'] },
      reason: expect.stringContaining('the contexts one and two words are not on this machine.'),
    });
  });

  it('says it also when nothing is known of the variables', () => {
    const plain = callOf('    machine: true\n    steps: [{run: make}]', 'build: {context: one}');
    expect(missingContexts(plain, contexts({}), '/l', () => 'FILE')?.reason).toBe(
      'the context one is not on this machine. Which variables its steps use can not be seen in them. ' +
        'Write FILE, a line NAME=value for each variable.',
    );
  });
});
