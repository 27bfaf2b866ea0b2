import { describe, expect, it } from '@jest/globals';
import { Budget, TooLarge } from '../../../src/config/budget.ts';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { jobOf, mapOf, orbOf } from './job-of.ts';

/** What the job must print, written with the indentation of the test. */
function yaml(text: string): string {
  return emitYaml(mapOf(text));
}

describe('the keys of a compiled job', () => {
  const executor = `
    executors:
      node:
        description: what it is for
        parameters: {tag: {type: string, default: lts}}
        working_directory: ~/executor
        environment: {A: 1}
        docker: [{image: "cimg/node:<< parameters.tag >>"}]
        resource_class: small
  `;

  it('are those of the executor in its order, then those of the job in its own, overriding in place', () => {
    const { printed, problems } = jobOf(`${executor}
    jobs:
      build:
        description: what it does
        parameters: {version: {type: string, default: x}}
        parallelism: 2
        executor: {name: node, tag: "22"}
        steps: [checkout]
        working_directory: ~/job
        environment: {B: << parameters.version >>}
        shell: /bin/sh
    `);
    expect(problems).toEqual([]);
    expect(printed).toBe(
      yaml(`
        working_directory: ~/job
        docker: [{image: "cimg/node:22"}]
        resource_class: small
        parallelism: 2
        steps: [checkout]
        environment: [A: 1, B: x]
        shell: /bin/sh
      `),
    );
  });

  it('have an environment that only the executor has last', () => {
    const { printed } = jobOf(`${executor}
    jobs:
      build:
        steps: [checkout]
        executor: node
        parallelism: 2
    `);
    expect(printed).toBe(
      yaml(`
        working_directory: ~/executor
        docker: [{image: "cimg/node:lts"}]
        resource_class: small
        steps: [checkout]
        parallelism: 2
        environment: [A: 1]
      `),
    );
  });

  it('keep their values and their types, whatever they came through', () => {
    const { printed } = jobOf(
      `
      jobs:
        build:
          parameters:
            size: {type: integer}
            arm: {type: boolean, default: false}
            class: {type: enum, enum: [small, large], default: large}
          docker: [{image: "cimg/base:<< parameters.size >>", environment: {ARM: << parameters.arm >>}}]
          resource_class: <<# parameters.arm >>arm.<</ parameters.arm >><< parameters.class >>
          parallelism: << parameters.size >>
          environment: {ARM: << parameters.arm >>, TEXT: "<< parameters.arm >>/<< parameters.size >>", HERE: \\<<EOF}
          steps: [checkout]
      `,
      { call: 'size: 4' },
    );
    expect(printed).toBe(
      yaml(`
        docker: [{image: "cimg/base:4", environment: {ARM: false}}]
        resource_class: large
        parallelism: 4
        environment: [ARM: false, TEXT: false/4, HERE: <<EOF]
        steps: [checkout]
      `),
    );
  });

  it('get nothing that the config does not say: no resource class, no names of steps', () => {
    const { printed } = jobOf('jobs: {build: {docker: [{image: a}], steps: [{run: b}]}}');
    expect(printed).toBe(yaml('{docker: [{image: a}], steps: [{run: {command: b}}]}'));
  });
});

describe('the environment of a job', () => {
  const cases: [name: string, executor: string, job: string, printed: string][] = [
    ['is a list, whatever it is written as', '', '{A: 1, B: two}', '[A: 1, B: two]'],
    ['may be a list already', '', '[A: 1, B: two]', '[A: 1, B: two]'],
    ['is taken apart where an item of the list has many', '', '[{A: 1, B: two}]', '[A: 1, B: two]'],
    ['has the pairs of the executor first', '{Z: 1}', '{A: 2}', '[Z: 1, A: 2]'],
    ['has the pairs of the executor first, also as lists', '[Z: 1]', '[A: 2]', '[Z: 1, A: 2]'],
    ['has a name that both have twice: the job comes last and counts', '{A: 1, B: 2}', '{A: 3}', '[A: 1, B: 2, A: 3]'],
  ];

  it.each(cases)('%s', (_name, executor, job, printed) => {
    const environment = (value: string) => (value === '' ? '' : `, environment: ${value}`);
    const compiled = jobOf(`
      executors: {e: {docker: [{image: a}]${environment(executor)}}}
      jobs: {build: {executor: e, steps: [checkout]${environment(job)}}}
    `);
    expect(compiled.printed).toBe(yaml(`{docker: [{image: a}], steps: [checkout], environment: ${printed}}`));
  });

  it.each(['', '{}', '[]'])('is left out when it is empty: %j', (environment) => {
    const { printed } = jobOf(`
      jobs:
        build:
          docker: [{image: a}]
          environment: ${environment}
          steps: [checkout]
    `);
    expect(printed).toBe(yaml('{docker: [{image: a}], steps: [checkout]}'));
  });

  it('stays a map in docker and in run', () => {
    const { printed } = jobOf(`
      jobs:
        build:
          docker: [{image: a, environment: {A: 1}}]
          steps: [run: {environment: {B: 2}, command: c}]
    `);
    expect(printed).toBe(
      yaml('{docker: [{image: a, environment: {A: 1}}], steps: [run: {environment: {B: 2}, command: c}]}'),
    );
  });
});

describe('the machine of a job', () => {
  const cases: [name: string, job: string, printed: string][] = [
    [
      'gives resource_class and shell to the job, behind all its keys',
      '{machine: {shell: s, image: i, resource_class: r}, steps: [checkout], environment: {A: 1}}',
      '{machine: {image: i}, steps: [checkout], environment: [A: 1], resource_class: r, shell: s}',
    ],
    [
      'keeps what else it has',
      '{machine: {image: i, docker_layer_caching: true}, steps: [checkout]}',
      '{machine: {image: i, docker_layer_caching: true}, steps: [checkout]}',
    ],
    ['may be true', '{machine: true, steps: [checkout]}', '{machine: true, steps: [checkout]}'],
    [
      'is true when it has nothing else',
      '{machine: {resource_class: acme/runner}, steps: [checkout]}',
      '{machine: true, steps: [checkout], resource_class: acme/runner}',
    ],
    [
      'does not take the place of what the job says itself',
      '{machine: {image: i, resource_class: r}, resource_class: own, steps: [checkout]}',
      '{machine: {image: i}, resource_class: own, steps: [checkout]}',
    ],
  ];

  it.each(cases)('%s', (_name, job, printed) => {
    expect(jobOf(`jobs: {build: ${job}}`).printed).toBe(yaml(printed));
  });

  it('gives them from an executor too, behind its environment', () => {
    const { printed } = jobOf(`
      executors: {e: {machine: {image: i, resource_class: r}, environment: {A: 1}}}
      jobs: {build: {steps: [checkout], executor: e}}
    `);
    expect(printed).toBe(yaml('{machine: {image: i}, steps: [checkout], environment: [A: 1], resource_class: r}'));
  });
});

describe('where a job runs', () => {
  it.each([
    ['docker', '{docker: [{image: a}], steps: [checkout]}'],
    ['machine', '{machine: true, steps: [checkout]}'],
    ['macos', '{macos: {xcode: 16.0.0}, steps: [checkout]}'],
  ])('is said by %s', (_key, job) => {
    const { printed, problems } = jobOf(`jobs: {build: ${job}}`);
    expect(problems).toEqual([]);
    expect(printed).toBe(yaml(job));
  });

  it.each(['approval', 'no-op', 'release', 'lock'])(
    'is not said by a job of type %s, which has no steps either',
    (type) => {
      const { printed, problems } = jobOf(`jobs: {build: {type: ${type}, plan_name: p}}`);
      expect(problems).toEqual([]);
      expect(printed).toBe(yaml(`{type: ${type}, plan_name: p}`));
    },
  );
});

describe('pre-steps and post-steps', () => {
  const config = `
    commands: {hello: {steps: [run: hello]}}
    jobs: {build: {docker: [{image: a}], steps: [checkout]}}
  `;

  it('are around the steps of the job', () => {
    const { printed, problems } = jobOf(config, {
      call: '{pre-steps: [hello], post-steps: [{when: {condition: true, steps: [run: b]}}]}',
    });
    expect(problems).toEqual([]);
    expect(printed).toBe(yaml('{docker: [{image: a}], steps: [run: {command: hello}, checkout, run: {command: b}]}'));
  });

  it('are looked up where the workflow is, not where the job is', () => {
    const tools = orbOf(`
      commands: {hello: {steps: [run: of the orb]}}
      jobs: {build: {docker: [{image: a}], steps: [hello]}}
    `);
    const { printed, problems } = jobOf(config, {
      name: 'tools/build',
      orbs: { tools },
      call: 'pre-steps: [hello, tools/hello]',
    });
    expect(problems).toEqual([]);
    expect(printed).toBe(
      yaml(`
        docker: [{image: a}]
        steps: [run: {command: hello}, run: {command: of the orb}, run: {command: of the orb}]
      `),
    );
  });

  it('are errors of the call of the job', () => {
    expect(jobOf(config, { call: 'post-steps: [helo]' }).problems).toEqual([
      "call.yml:1:14 | Error calling job: 'build' | Cannot find a definition for command named helo",
    ]);
  });
});

describe('a call of a job', () => {
  const config = `
    jobs:
      build:
        parameters:
          image: {type: string}
          size: {type: integer, default: 1}
        docker: [{image: << parameters.image >>}]
        steps: [checkout]
  `;

  it.each([
    ['without an argument', '{}', 'call.yml:1:1', 'Missing required argument(s): image'],
    ['with an argument too many', '{image: a, imgae: b}', 'call.yml:1:12', 'Unexpected argument(s): imgae'],
    [
      'with a wrong type',
      '{image: a, size: "1"}',
      'call.yml:1:18',
      'Type error for argument size: expected type: integer, actual value: "1" (type string)',
    ],
  ])('%s is an error at its place', (_name, call, place, message) => {
    const { job, problems } = jobOf(config, { call });
    expect(problems).toEqual([`${place} | Error calling job: 'build' | ${message}`]);
    expect(job).toBeUndefined();
  });

  it('finds all errors of the job at once', () => {
    const { problems } = jobOf(`
      jobs:
        build:
          executor: nope
          steps:
            - nothing
            - run: << parameters.x >>
            - {when: {condition: true}}
    `);
    expect(problems).toEqual([
      "config.yml:6:17 | Error calling job: 'build' | Arguments referenced without declared parameters: parameters.x",
      "config.yml:3:15 | Error calling job: 'build' | Cannot find a definition for executor named nope",
      "config.yml:5:9 | Error calling job: 'build' | Cannot find a definition for command named nothing",
      "config.yml:7:16 | Error calling job: 'build' | The step when needs a condition and steps",
    ]);
  });

  it('is called what the workflow calls it', () => {
    const tools = orbOf('jobs: {test: {docker: [{image: a}], steps: [nope]}}');
    expect(jobOf('{}', { name: 'tools/test', orbs: { tools } }).problems).toEqual([
      "acme/tools@1.0.0:1:45 | Error calling job: 'tools/test' | Cannot find a definition for command named nope",
    ]);
  });

  it('ends early when the job becomes larger than CircleCI accepts', () => {
    const big = `jobs: {build: {docker: [{image: a}], environment: {A: ${'x'.repeat(1000)}}, steps: [checkout]}}`;
    expect(() => jobOf(big, { budget: new Budget(900) })).toThrow(TooLarge);
    expect(jobOf(big, { budget: new Budget(1100) }).job).toBeDefined();
  });
});
