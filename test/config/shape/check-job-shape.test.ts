import { describe, expect, it } from '@jest/globals';
import type { MapNode } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import { checkJobShape } from '../../../src/config/shape/check-job-shape.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { errorTexts, warningTexts } from '../support/problems.ts';

function check(text: string) {
  const report = new Report();
  const job = readYaml({ name: 'config.yml', text }, report) as MapNode;
  checkJobShape('build', job, report);
  return { report, errors: errorTexts(report), warnings: warningTexts(report) };
}

const docker = 'docker: [{image: cimg/base:current}]';

/** A compiled job with one step. */
function withStep(step: string): string {
  return `${docker}\nsteps:\n- ${step}\n`;
}

describe('the executor of a compiled job', () => {
  const hints = ['The job build needs an executor: add docker, machine or macos, or the name of an executor.'];

  it.each(['{}', 'steps: [checkout]', 'machine: false', 'docker:'])('none in %s', (job) => {
    const { report } = check(job);
    expect(report.problems).toMatchObject([
      { message: 'Executor <inline> is missing a required key: "docker", "machine", or "macos"', hints },
    ]);
  });

  it.each([docker, 'machine: true', 'machine: {image: ubuntu-2404:current}', 'macos: {xcode: 16.4.0}'])(
    'is %s',
    (job) => {
      expect(check(job).errors).toEqual([]);
    },
  );

  it('is one: the second is the place of the error', () => {
    const { report } = check(`${docker}\nmacos: {xcode: 16.4.0}\n`);
    expect(report.problems).toMatchObject([
      {
        message: 'Job build has docker and macos: only one executor type may be specified per job',
        at: { line: 2, column: 1 },
      },
    ]);
  });

  it('is not needed by jobs that run no steps', () => {
    for (const type of ['approval', 'no-op', 'release', 'lock', 'unlock']) {
      expect(check(`type: ${type}`).errors).toEqual([]);
    }
  });

  it('a type that a template made is checked', () => {
    expect(check('type: aproval').errors[0]).toMatch(/\[#\/jobs\/build\/type\] Input not a valid enum value/);
  });
});

describe('settings of a compiled job', () => {
  const integer = 'parallelism must be an integer or an expression evaluating to an integer';
  const reruns = 'max_auto_reruns must be an integer or an expression evaluating to an integer';
  const delay = 'auto_rerun_delay must match ^((10|[1-9])m|([1-9][0-9]*)s)$';
  const job = (text: string) => `${docker}\n${text}\n`;

  it.each<[string, string]>([
    [job('parallelism: many'), integer],
    [job('parallelism: 1.5'), integer],
    [job('parallelism: true'), integer],
    [job('parallelism: [1]'), integer],
    [job('parallelism: 0'), 'parallelism must be a positive integer'],
    [job('circleci_ip_ranges: "true"'), 'circleci_ip_ranges must be a boolean'],
    ['machine: {image: a, docker_layer_caching: "yes"}', 'Executor <inline>: docker_layer_caching must be a boolean'],
    ['docker: [{image: ""}]', 'A docker image of job build has no name'],
    ['docker: [{image: [a]}]', 'A docker image of job build has no name'],
    ['docker: [{name: a}]', 'A docker image of job build has no name'],
    [
      job('environment: [A: {b: c}]'),
      'ERROR IN CONFIG FILE:\n[#/jobs/build/environment/0/A] expected type: String, found: Mapping',
    ],
    [
      withStep('run: {command: a, when: on_sucess}'),
      'Invalid when condition: expected `on_success`, `always`, `on_fail`; got `on_sucess`',
    ],
    [
      withStep('run: {command: a, when: true}'),
      'Invalid when condition: expected `on_success`, `always`, `on_fail`; got `true`',
    ],
    [withStep('run: {command: a, max_auto_reruns: 6}'), 'max_auto_reruns must be an integer between 1 and 5'],
    [withStep('run: {command: a, max_auto_reruns: 0}'), 'max_auto_reruns must be an integer between 1 and 5'],
    [withStep('run: {command: a, max_auto_reruns: few}'), reruns],
    [withStep('run: {command: a, max_auto_reruns: 1, auto_rerun_delay: 1h}'), delay],
    [
      withStep('run: {command: a, max_auto_reruns: 1, auto_rerun_delay: 601s}'),
      'auto_rerun_delay must not exceed 10 minutes (600 seconds)',
    ],
    [withStep('run: {command: a, auto_rerun_delay: 10s}'), 'auto_rerun_delay requires max_auto_reruns to be specified'],
    [
      withStep('run: {command: a, background: true, max_auto_reruns: 2}'),
      'Background steps cannot use max_auto_reruns or auto_rerun_delay fields',
    ],
    [
      withStep('setup_remote_docker: {docker_layer_caching: "true"}'),
      'setup_remote_docker: docker_layer_caching must be a boolean',
    ],
    [
      withStep('setup_remote_docker: {prefer_same_region: 1}'),
      'setup_remote_docker: prefer_same_region must be a boolean',
    ],
    [
      withStep('checkout: {method: sparse}'),
      'Unsupported checkout method, allowed methods are "blobless", "shallow", and "full"',
    ],
    [
      `${withStep('setup_remote_docker')}- setup_remote_docker: {version: default}\n`,
      'More than one setup_remote_docker is not valid, please adjust in job build.',
    ],
  ])('%j is an error', (text, message) => {
    expect(check(text).errors).toEqual([message]);
  });

  it.each([
    job('parallelism: 4'),
    job('parallelism: "4"'),
    job('parallelism: pipeline.git.branch == "main" and 4 or 1'),
    job('circleci_ip_ranges: true'),
    job('environment: [A: 1, B: true, C: null]'),
    withStep('run: {command: a, when: always, no_output_timeout: 1800}'),
    withStep('run: {command: a, no_output_timeout: 1.25h}'),
    withStep('run: {command: a, max_auto_reruns: 5, auto_rerun_delay: 10m}'),
    withStep('checkout: {method: shallow, depth: 1}'),
    withStep('checkout: {when: true}'),
  ])('%j is fine', (text) => {
    expect(check(text)).toMatchObject({ errors: [], warnings: [] });
  });

  it('a time-out that is no duration is a warning', () => {
    expect(check(withStep('run: {command: a, no_output_timeout: long}'))).toMatchObject({
      errors: [],
      warnings: ['no_output_timeout is no duration: long'],
    });
  });

  it('is told at the place of the value', () => {
    const { report } = check(`${docker}\nparallelism: many\n`);
    expect(report.problems[0]?.at).toMatchObject({ line: 2, column: 14 });
  });
});
