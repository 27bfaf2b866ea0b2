import { describe, expect, it } from '@jest/globals';
import { plainValue } from '../../../../src/config/render/plain-value.ts';
import { jobOf, missingOrb, orbOf, type Orbs } from '../job-of.ts';

const executors = `
    executors:
      default: {docker: [{image: own}]}
      node:
        parameters: {tag: {type: string, default: lts}, size: {type: enum, enum: [small, large], default: small}}
        docker: [{image: "node:<< parameters.tag >>"}]
        resource_class: << parameters.size >>
`;

/** The image and the size of a job with such an executor, or what is wrong with it. */
function imageOf(executor: string, { config = executors, orbs = {} }: { config?: string; orbs?: Orbs } = {}): unknown {
  return outcome(jobOf(`${config}    jobs: {build: {executor: ${executor}, steps: [checkout]}}`, { orbs }));
}

function outcome({ job, problems }: ReturnType<typeof jobOf>): unknown {
  if (job === undefined || problems.length > 0) return problems;
  const { docker, resource_class: size } = plainValue(job) as { docker: [{ image: string }]; resource_class?: string };
  return size === undefined ? docker[0].image : `${docker[0].image} ${size}`;
}

describe('an executor', () => {
  it.each([
    ['default', 'own'],
    ['{name: default}', 'own'],
    ['node', 'node:lts small'],
    ['{name: node, tag: "22"}', 'node:22 small'],
    ['{name: node, tag: "22", size: large}', 'node:22 large'],
  ])('is given as %s', (executor, image) => {
    expect(imageOf(executor)).toBe(image);
  });

  it.each([
    ['nope', 'Cannot find a definition for executor named nope'],
    ['tools/nope', "Cannot find orb 'tools' looking for executor named 'tools/nope'"],
    ['{name: node, tga: "22"}', 'Unexpected argument(s): tga'],
    ['{name: node, size: huge}', 'Type error for argument size: expected type: '],
    ['{tag: "22"}', 'Unexpected executor invocation format\nExamples of correct executor invocation:\n'],
    ['{name: [node]}', 'Unexpected executor invocation format\nThe value of `name` must be a string\n'],
    ['[node]', 'Unexpected executor invocation format\nExamples of correct executor invocation:\n'],
    ['', 'Unexpected executor invocation format\nExamples of correct executor invocation:\n'],
  ])('is wrong as %j', (executor, message) => {
    expect(imageOf(executor)).toEqual([expect.stringContaining(`Error calling job: 'build' | ${message}`)]);
  });

  it('needs the arguments that it has no defaults for', () => {
    const config = '    executors: {e: {parameters: {tag: {type: string}}, docker: [{image: << parameters.tag >>}]}}\n';
    expect(imageOf('e', { config })).toEqual([
      "config.yml:2:26 | Error calling job: 'build' | Missing required argument(s): tag",
    ]);
  });

  it('does not stand for another one', () => {
    const config = '    executors: {a: {executor: b}, b: {docker: [{image: x}]}}\n';
    expect(imageOf('a', { config })).toEqual([
      "config.yml:1:17 | Error calling job: 'build' | The executor a names another executor",
    ]);
  });

  it('of an orb that could not be had is no further mistake', () => {
    expect(imageOf('gone/default', { orbs: { gone: missingOrb } })).toEqual([]);
  });

  it('of an orb has the parameters and values of the orb only', () => {
    const tools = orbOf(`
      executors:
        e:
          parameters: {tag: {type: string, default: t}}
          docker: [{image: "<< parameters.tag >>"}]
    `);
    expect(imageOf('{name: tools/e, tag: x}', { orbs: { tools } })).toBe('x');
  });
});

describe('the name of an executor', () => {
  const tools = orbOf(`
    executors:
      default: {docker: [{image: of the orb}]}
    jobs:
      fixed: {executor: default, steps: [checkout]}
      chosen:
        parameters: {e: {type: executor, default: default}}
        executor: << parameters.e >>
        steps: [checkout]
      named:
        parameters: {e: {type: executor, default: default}}
        executor: {name: << parameters.e >>}
        steps: [checkout]
      text:
        parameters: {e: {type: string, default: default}}
        executor: << parameters.e >>
        steps: [checkout]
  `);

  it.each([
    ['is one of the orb in a job of the orb', 'fixed', '{}', 'of the orb'],
    ['as a default of the orb is one of the orb', 'chosen', '{}', 'of the orb'],
    ['as an argument is one of the config that gives it', 'chosen', 'e: default', 'own'],
    ['as an argument may have arguments of its own', 'chosen', 'e: {name: node, tag: "1"}', 'node:1 small'],
    ['as an argument may be one of the orb by its full name', 'chosen', 'e: tools/default', 'of the orb'],
    ['as an argument means the same under the key name', 'named', 'e: default', 'own'],
    ['as a default means the same under the key name', 'named', '{}', 'of the orb'],
    ['as an argument that is a text is one of the orb', 'text', 'e: default', 'of the orb'],
  ])('%s', (_name, job, call, image) => {
    expect(outcome(jobOf(executors, { name: `tools/${job}`, orbs: { tools }, call }))).toBe(image);
  });

  it('as an argument that the config does not know is an error', () => {
    expect(outcome(jobOf(executors, { name: 'tools/chosen', orbs: { tools }, call: 'e: nope' }))).toEqual([
      "call.yml:1:4 | Error calling job: 'tools/chosen' | Cannot find a definition for executor named nope",
    ]);
  });

  it('may hold tags', () => {
    const config = `${executors}
    jobs:
      build:
        parameters: {os: {type: string}}
        executor: {name: << parameters.os >>, tag: "<< parameters.os >>-22"}
        steps: [checkout]
    `;
    expect(outcome(jobOf(config, { call: 'os: node' }))).toBe('node:node-22 small');
  });
});
