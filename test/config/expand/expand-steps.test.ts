import { describe, expect, it } from '@jest/globals';
import { orbOf } from './job-of.ts';
import { expand, run } from './support/expanded.ts';

describe('a built-in step', () => {
  const cases: [name: string, written: string, printed: unknown][] = [
    ['run with a text gets a command', 'run: echo', { run: { command: 'echo' } }],
    ['run with a number or a boolean does too', 'run: true', { run: { command: true } }],
    [
      'run with a map stays',
      'run: {name: n, command: c, when: always}',
      { run: { name: 'n', command: 'c', when: 'always' } },
    ],
    ['as a text stays a text', 'checkout', 'checkout'],
    ['as a map stays a map', 'checkout: {path: p}', { checkout: { path: 'p' } }],
    ['with a value of nothing is its name', '{setup_remote_docker: }', 'setup_remote_docker'],
    [
      'with_tool_cache has its own steps expanded',
      'with_tool_cache: {tool: gradle, steps: [run: x, steps: [checkout]]}',
      { with_tool_cache: { tool: 'gradle', steps: [{ run: { command: 'x' } }, 'checkout'] } },
    ],
    ['deploy stays', 'deploy: {command: c}', { deploy: { command: 'c' } }],
    ['deploy with a text stays', 'deploy: c', { deploy: 'c' }],
    ['save_cache stays', 'save_cache: {key: k, paths: [p]}', { save_cache: { key: 'k', paths: ['p'] } }],
    ['restore_cache stays', 'restore_cache: {keys: [k]}', { restore_cache: { keys: ['k'] } }],
    ['store_artifacts stays', 'store_artifacts: {path: p}', { store_artifacts: { path: 'p' } }],
    ['store_test_results stays', 'store_test_results: {path: p}', { store_test_results: { path: 'p' } }],
    [
      'persist_to_workspace stays',
      'persist_to_workspace: {root: r, paths: [p]}',
      { persist_to_workspace: { root: 'r', paths: ['p'] } },
    ],
    ['attach_workspace stays', 'attach_workspace: {at: .}', { attach_workspace: { at: '.' } }],
    ['add_ssh_keys stays', 'add_ssh_keys', 'add_ssh_keys'],
  ];

  it.each(cases)('%s', (_name, written, printed) => {
    expect(expand(`[${written}]`)).toEqual({ steps: [printed], problems: [] });
  });

  it('is what a command of the same name takes the place of', () => {
    const config = 'commands: {checkout: {steps: [run: mine]}}';
    expect(expand('[checkout]', { config })).toEqual({ steps: [run('mine')], problems: [] });
  });

  it('is what a command of the same name means by it', () => {
    const config = 'commands: {checkout: {steps: [checkout, run: more]}}';
    expect(expand('[checkout]', { config })).toEqual({ steps: ['checkout', run('more')], problems: [] });
  });

  it('in an orb is not what the config overrides', () => {
    const tools = orbOf('commands: {get: {steps: [checkout]}}');
    const config = 'commands: {checkout: {steps: [run: mine]}}';
    expect(expand('[tools/get]', { config, orbs: { tools } })).toEqual({ steps: ['checkout'], problems: [] });
  });
});

describe('the steps when and unless', () => {
  it.each([
    ['when', 'true', true],
    ['when', 'false', false],
    ['unless', 'true', false],
    ['unless', 'false', true],
    ['when', '""', false],
    ['when', '{and: [true, {not: false}]}', true],
    ['unless', '{equal: [a, a]}', false],
  ])('%s %s: %j', (name, condition, taken) => {
    expect(expand(`[${name}: {condition: ${condition}, steps: [checkout]}]`)).toEqual({
      steps: taken ? ['checkout'] : [],
      problems: [],
    });
  });

  it('have values of parameters in their conditions', () => {
    const config = `
      commands:
        a:
          parameters: {flag: {type: boolean, default: false}, kind: {type: string, default: x}}
          steps:
            - when: {condition: << parameters.flag >>, steps: [run: "on"]}
            - unless: {condition: << parameters.flag >>, steps: [run: "off"]}
            - when: {condition: {equal: [y, << parameters.kind >>]}, steps: [run: y]}
    `;
    expect(expand('[a: {flag: true, kind: y}, a]', { config }).steps).toEqual([run('on'), run('y'), run('off')]);
  });

  it('may be in each other', () => {
    const inner = '{unless: {condition: false, steps: [run: b]}}';
    expect(expand(`[when: {condition: true, steps: [run: a, ${inner}, run: c]}]`).steps).toEqual([
      run('a'),
      run('b'),
      run('c'),
    ]);
  });

  it('do not look into the branch that is not taken', () => {
    const steps = '[nothing, {run: a, b: c}, 1, {when: {}}]';
    expect(expand(`[when: {condition: false, steps: ${steps}}, checkout]`)).toEqual({
      steps: ['checkout'],
      problems: [],
    });
  });

  it.each([
    ['{steps: [checkout]}', 'The step when needs a condition and steps'],
    ['{condition: true}', 'The step when needs a condition and steps'],
    ['{condition: true, steps: checkout}', 'Steps are a list, not "checkout"'],
    ['always', 'The step when needs a condition and steps'],
    ['', 'The step when needs a condition and steps'],
  ])('are wrong as %j', (value, message) => {
    const { steps, problems } = expand(`[{when: ${value}}]`);
    expect(problems).toEqual([expect.stringContaining(` | ${message}`)]);
    expect(steps).toEqual([]);
  });
});

describe('what is no step', () => {
  it.each([
    ['[1]', 'config.yml:1:46', 'A step is the name of a command, or a map with such a name as its one key, not "1"'],
    [
      '[~]',
      'config.yml:1:46',
      'A step is the name of a command, or a map with such a name as its one key, not nothing',
    ],
    [
      '[{}]',
      'config.yml:1:46',
      'A step is the name of a command, or a map with such a name as its one key, not an empty map',
    ],
    [
      '[{run: , name: n, command: c}]',
      'config.yml:1:46',
      'A step has one key, the name of a command; this one has 3: run, name, command',
    ],
    ['checkout', 'config.yml:1:45', 'Steps are a list, not "checkout"'],
    ['{run: x}', 'config.yml:1:45', 'Steps are a list, not a map'],
    ['', 'config.yml:1:44', 'Steps are a list, not nothing'],
  ])('is refused: %s', (steps, place, message) => {
    expect(expand(steps).problems).toEqual([`${place} | ${message}`]);
  });
});

describe('a template that is wrong', () => {
  it.each([
    ['[<< parameters.x >>]'],
    ['[<< parameters.x >>: {a: b}]'],
    ['<< parameters.x >>'],
    ['[steps: << parameters.x >>]'],
    ['[when: {condition: true, steps: << parameters.x >>}]'],
    ['[repeat: {times: << parameters.x >>}]'],
  ])('is told once, in the place of steps too: %s', (steps) => {
    const config = 'commands: {repeat: {parameters: {times: {type: integer}}, steps: [checkout]}}';
    expect(expand(steps, { config }).problems).toEqual([
      expect.stringContaining('Arguments referenced without declared parameters: parameters.x'),
    ]);
  });
});
