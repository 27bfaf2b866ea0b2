import { describe, expect, it } from '@jest/globals';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { compiledParts } from './support/workflows-of.ts';

const JOBS = `
jobs:
  build: {machine: true, environment: {A: b}, steps: [run: "echo << x >>"]}
  unused: {machine: true, steps: [checkout]}
`;

describe('compileVersion2', () => {
  it('leaves jobs as they are, templates and unused ones too (rule 13)', () => {
    const { jobs, errors } = compiledParts(`${JOBS}workflows: {version: 2, main: {jobs: [build]}}`, { version2: true });
    expect(errors).toEqual([]);
    expect([...jobs].map(([name, job]) => `${name}: ${emitYaml(job)}`)).toEqual([
      'build: machine: true\nenvironment:\n  A: b\nsteps:\n- run: echo << x >>\n',
      'unused: machine: true\nsteps:\n- checkout\n',
    ]);
  });

  it('leaves workflows as they are', () => {
    const { workflows } = compiledParts(
      `${JOBS}workflows: {version: 2, main: {jobs: [build, {unused: {requires: [build], context: "<< a >>"}}]}}`,
      { version2: true },
    );
    expect(workflows).toBe(
      'version: 2\nmain:\n  jobs:\n  - build\n  - unused:\n      requires:\n      - build\n      context: << a >>\n',
    );
  });

  it('adds a workflow where there is none (rule 13)', () => {
    const { workflows } = compiledParts(JOBS, { version2: true });
    expect(workflows).toBe('version: 2\nworkflow:\n  jobs:\n  - build\n');
  });

  it('reports that there is nothing to run', () => {
    expect(compiledParts('jobs: {test: {machine: true}}', { version2: true }).errors).toEqual([
      '1:1 | There are no workflows or build jobs in the config.',
    ]);
  });

  it('checks the names of jobs', () => {
    const { errors } = compiledParts(`${JOBS}workflows: {main: {jobs: [biuld, {build: {requires: [nothing]}}]}}`, {
      version2: true,
    });
    expect(errors).toEqual([
      `4:54 | Job 'build' requires 'nothing', which is the name of 0 other jobs in workflow 'main'`,
      `4:27 | Error calling workflow: 'main' | Cannot find a definition for job named biuld`,
    ]);
  });

  const steps = 'steps: [chekout, {foo: {a: b}}, run: t]';

  it('refuses steps that nobody knows, as there are no commands', () => {
    const { errors } = compiledParts(`jobs: {build: {machine: true, ${steps}}}`, { version2: true });
    expect(errors).toEqual([
      '1:39 | Cannot find a definition for command named chekout',
      '1:48 | Cannot find a definition for command named foo',
    ]);
  });

  it('warns of them in a job that no workflow calls', () => {
    const { warnings, errors } = compiledParts(
      `jobs: {build: {steps: [checkout]}, other: {${steps}}}\nworkflows: {w: {jobs: [build]}}`,
      { version2: true },
    );
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      '1:52 | Cannot find a definition for command named chekout',
      '1:61 | Cannot find a definition for command named foo',
    ]);
  });
});
