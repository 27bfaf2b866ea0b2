import { describe, expect, it } from '@jest/globals';
import { Report } from '../../../src/config/problem.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import type { Job, Pipeline, Step, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { readPipeline } from '../../../src/runner/pipeline/read-pipeline.ts';

function pipelineOf(text: string): Pipeline {
  const document = readYaml({ name: 'compiled.yml', text }, new Report());
  if (document?.kind !== 'map') throw new Error('the test has no map');
  return readPipeline({ document, matrices: new Map([['linux', new Map([['os', 'linux']])]]) });
}

/** The only call of the only workflow of a config with one job `build`. */
function callOf(call: string, job = 'docker: [{image: a}]\n    steps: []'): WorkflowJob {
  const text = `jobs:\n  build:\n    ${job}\nworkflows:\n  version: 2\n  main:\n    jobs:\n      - ${call}\n`;
  const found = pipelineOf(text).workflows[0]?.jobs[0];
  if (!found) throw new Error('the test has no call');
  return found;
}

function jobOf(job: string): Job {
  const { job: found } = callOf('build', job);
  if (!found) throw new Error('the test has no job');
  return found;
}

function stepOf(step: string): Step {
  const [found] = jobOf(`docker: [{image: a}]\n    steps:\n      - ${step}`).steps;
  if (!found) throw new Error('the test has no step');
  return found;
}

describe('workflows', () => {
  it('are read in their order, and the version among them is none', () => {
    const pipeline = pipelineOf('workflows: {b: {jobs: []}, version: 2, a: {jobs: []}}');
    expect(pipeline.workflows.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it.each([
    ['build', { name: 'build', type: 'build', requires: [], contexts: [] }],
    ['build: {context: [a, b]}', { contexts: ['a', 'b'] }],
    ['build: {context: a}', { contexts: ['a'] }],
    ['hold: {type: approval}', { name: 'hold', type: 'approval' }],
    [
      'build: {requires: [x], upstream: {x: [failed, canceled]}}',
      { requires: [{ job: 'x', statuses: ['failed', 'canceled'] }] },
    ],
    ['build: {requires: [x]}', { requires: [{ job: 'x', statuses: ['success'] }] }],
    ['build: {requires: [{x: failed}]}', { requires: [{ job: 'x', statuses: ['failed'] }] }],
    ['build: {requires: [{x: [canceled, failed]}]}', { requires: [{ job: 'x', statuses: ['failed', 'canceled'] }] }],
    [
      'build: {requires: [{x: terminal}]}',
      { requires: [{ job: 'x', statuses: ['success', 'failed', 'canceled', 'unauthorized', 'not_run'] }] },
    ],
  ])('a call: %s', (call, expected) => {
    expect(callOf(call)).toMatchObject(expected);
  });

  it('know the values of the matrix that they come from', () => {
    const jobs = 'jobs: {linux: {machine: true}, other: {machine: true}}';
    const [workflow] = pipelineOf(`${jobs}\nworkflows: {main: {jobs: [linux, other]}}`).workflows;
    expect(workflow?.jobs.map(({ matrix }) => [...(matrix ?? [])])).toEqual([[['os', 'linux']], []]);
  });

  it('take the type of the job that they call, and run nothing for it', () => {
    const call = callOf('build', 'type: no-op');
    expect(call.type).toBe('no-op');
    expect(call.job).toBeUndefined();
  });
});

describe('a job', () => {
  it('has the defaults of CircleCI', () => {
    const { shell, workingDirectory, parallelism, environment } = jobOf('docker: [{image: a}]\n    steps: []');
    expect({ shell, workingDirectory, parallelism, environment: [...environment] }).toEqual({
      shell: '/bin/bash -eo pipefail',
      workingDirectory: '~/project',
      parallelism: 1,
      environment: [],
    });
  });

  it('has the environment as texts, the last of a name, and <nil> for nothing', () => {
    const { environment } = jobOf(
      'machine: true\n    environment: [{A: 1}, {B: true}, {A: x}, {C: null}]\n    steps: []',
    );
    expect([...environment]).toEqual([
      ['A', 'x'],
      ['B', 'true'],
      ['C', '<nil>'],
    ]);
  });

  it.each([
    ['machine: true', { kind: 'machine', image: 'true' }],
    ['machine: {image: "ubuntu-2404:current"}', { kind: 'machine', image: 'ubuntu-2404:current' }],
    ['macos: {xcode: 16.2.0}', { kind: 'macos', image: '16.2.0' }],
  ])('%s', (executor, expected) => {
    expect(jobOf(`${executor}\n    steps: []`).executor).toEqual(expected);
  });

  it('has its images, the first of which runs the steps', () => {
    const { executor } = jobOf(
      'docker: [{image: a, user: 0, environment: {X: y}}, {image: b, name: db, command: [run, 1], entrypoint: /x}]\n    steps: []',
    );
    expect(executor).toEqual({
      kind: 'docker',
      images: [
        { image: 'a', user: '0', environment: new Map([['X', 'y']]) },
        { image: 'b', name: 'db', command: ['run', '1'], entrypoint: ['/x'], environment: new Map() },
      ],
    });
  });
});

describe('a step', () => {
  it.each([
    ['checkout', { kind: 'checkout', name: 'Checkout code', when: 'on_success' }],
    ['checkout: {path: src}', { kind: 'checkout', path: 'src' }],
    ['run: {command: "make x\\nmake y"}', { kind: 'run', name: 'make x', command: 'make x\nmake y' }],
    ['run: {name: Test, command: t, when: always}', { name: 'Test', when: 'always' }],
    [
      'run: {command: t, background: true, shell: sh, working_directory: w}',
      { background: true, shell: 'sh', workingDirectory: 'w' },
    ],
    ['run: {command: t, environment: {A: 1}}', { environment: new Map([['A', '1']]) }],
    ['run: {command: t}', { noOutputTimeoutMs: 600_000, maxAutoReruns: 0, autoRerunDelayMs: 0 }],
    ['run: {command: t, no_output_timeout: 1h30m}', { noOutputTimeoutMs: 5_400_000 }],
    ['run: {command: t, no_output_timeout: 90}', { noOutputTimeoutMs: 90_000 }],
    ['run: {command: t, max_auto_reruns: 3, auto_rerun_delay: 10s}', { maxAutoReruns: 3, autoRerunDelayMs: 10_000 }],
    ['deploy: {command: t}', { kind: 'run', command: 't' }],
    ['attach_workspace: {at: /w}', { kind: 'attach_workspace', path: '/w' }],
    [
      'persist_to_workspace: {root: /w, paths: [a, b/*]}',
      { kind: 'persist_to_workspace', root: '/w', paths: ['a', 'b/*'] },
    ],
    ['save_cache: {key: k, paths: [a]}', { kind: 'save_cache', key: 'k', paths: ['a'] }],
    ['restore_cache: {key: k}', { kind: 'restore_cache', keys: ['k'] }],
    ['restore_cache: {keys: [k, l]}', { kind: 'restore_cache', keys: ['k', 'l'] }],
    ['store_artifacts: {path: a, destination: d}', { kind: 'store_artifacts', path: 'a', destination: 'd' }],
    ['store_test_results: {path: a}', { kind: 'store_test_results', path: 'a' }],
    ['setup_remote_docker', { kind: 'setup_remote_docker' }],
    ['add_ssh_keys', { kind: 'add_ssh_keys' }],
    ['newer_than_this: {a: 1}', { kind: 'unknown', name: 'newer_than_this' }],
  ])('%s', (step, expected) => {
    expect(stepOf(step)).toMatchObject(expected);
  });

  it('with_tool_cache gives its steps, as there is no such cache here', () => {
    expect(stepOf('with_tool_cache: {steps: [{run: t}]}')).toMatchObject({ kind: 'run', command: 't' });
  });
});
