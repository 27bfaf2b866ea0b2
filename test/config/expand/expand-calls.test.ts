import { describe, expect, it } from '@jest/globals';
import { missingOrb, orbOf } from './job-of.ts';
import { expand, run } from './support/expanded.ts';

describe('a command', () => {
  const config = `
    commands:
      say:
        parameters: {what: {type: string}, times: {type: integer, default: 1}}
        steps: [run: "say << parameters.what >> << parameters.times >>"]
      twice:
        parameters: {what: {type: string}}
        steps:
          - say: {what: "<< parameters.what >>"}
          - checkout
          - say: {what: and << parameters.what >>, times: 2}
      empty:
        steps: []
      hello:
        description: says << what it wants
        steps: [run: hello]
  `;

  it('is replaced by its steps', () => {
    expect(expand('[hello, checkout, hello]', { config })).toEqual({
      steps: [run('hello'), 'checkout', run('hello')],
      problems: [],
    });
  });

  it('is called as a text, or as a map without a value', () => {
    expect(expand('[hello, {hello: }, {hello: {}}]', { config })).toEqual({
      steps: [run('hello'), run('hello'), run('hello')],
      problems: [],
    });
  });

  it('gets its arguments and defaults', () => {
    expect(expand('[say: {what: x}]', { config }).steps).toEqual([run('say x 1')]);
  });

  it('calls others, in place', () => {
    expect(expand('[twice: {what: x}]', { config }).steps).toEqual([run('say x 1'), 'checkout', run('say and x 2')]);
  });

  it('may have no steps at all', () => {
    expect(expand('[empty, checkout]', { config })).toEqual({ steps: ['checkout'], problems: [] });
  });

  it('does not see the parameters of its caller', () => {
    const commands = `
      commands:
        inner: {steps: [run: << parameters.x >>]}
        outer: {parameters: {x: {type: string}}, steps: [inner]}
    `;
    expect(expand('[outer: {x: a}]', { config: commands }).problems).toEqual([
      "config.yml:3:27 | Error calling command: 'outer' | Error calling command: 'inner' | " +
        'Arguments referenced without declared parameters: parameters.x',
    ]);
  });

  it.each([
    ['an argument is missing', '[say]', 'config.yml:1:46', 'Missing required argument(s): what'],
    ['an argument is unknown', '[say: {what: a, who: b}]', 'config.yml:1:61', 'Unexpected argument(s): who'],
    [
      'an argument has the wrong type',
      '[say: {what: a, times: x}]',
      'config.yml:1:68',
      'Type error for argument times: expected type: integer, actual value: "x" (type string)',
    ],
    ['the arguments are no map', '[say: x]', 'config.yml:1:51', 'The arguments of the command say are a map'],
  ])('is told by its name when %s', (_name, steps, place, message) => {
    expect(expand(steps, { config }).problems).toEqual([`${place} | Error calling command: 'say' | ${message}`]);
  });

  it('is told with all commands that lead to it', () => {
    const broken = `
      commands:
        a: {steps: [b]}
        b: {steps: [c: {x: 1}]}
        c: {steps: []}
    `;
    expect(expand('[a]', { config: broken }).problems).toEqual([
      "config.yml:4:19 | Error calling command: 'a' | Error calling command: 'b' | Error calling command: 'c' | Unexpected argument(s): x",
    ]);
  });

  it('needs steps', () => {
    expect(expand('[a]', { config: 'commands: {a: {description: d}}' }).problems).toEqual([
      "config.yml:2:15 | Error calling command: 'a' | The command a has no steps",
    ]);
  });

  it('without arguments is called also when something stands beside it by mistake', () => {
    expect(expand('[{hello: , name: n}]', { config })).toEqual({ steps: [run('hello')], problems: [] });
  });

  it('that is unknown does not hide what else is wrong', () => {
    expect(expand('[a, {run: x}, b]').problems).toEqual([
      'config.yml:1:46 | Cannot find a definition for command named a',
      'config.yml:1:59 | Cannot find a definition for command named b',
    ]);
  });

  it('with a parameter that is not declared is wrong also where no step has it', () => {
    const unused = `
      commands:
        a:
          steps:
            - when: {condition: false, steps: [run: << parameters.x >>]}
    `;
    expect(expand('[a]', { config: unused }).problems).toEqual([
      expect.stringContaining('Arguments referenced without declared parameters: parameters.x'),
    ]);
  });
});

describe('names of orbs', () => {
  const tools = orbOf('commands: {test: {steps: [prepare, run: test]}, prepare: {steps: [run: prepare]}}');

  it('come before the commands of the orb, which see their own', () => {
    const config = 'commands: {prepare: {steps: [run: wrong]}}';
    expect(expand('[tools/test]', { config, orbs: { tools } }).steps).toEqual([run('prepare'), run('test')]);
  });

  it('are those of the file that uses them', () => {
    const outer = orbOf('commands: {test: {steps: [inner/test]}}', { orbs: { inner: tools } });
    expect(expand('[outer/test]', { orbs: { outer } })).toEqual({ steps: [run('prepare'), run('test')], problems: [] });
    expect(expand('[inner/test]', { orbs: { outer } }).problems).toEqual([
      "config.yml:1:46 | Cannot find orb 'inner' looking for command named 'inner/test'",
    ]);
  });

  it('of an orb that could not be had are no further mistake', () => {
    expect(expand('[gone/test, checkout]', { orbs: { gone: missingOrb } })).toEqual({
      steps: ['checkout'],
      problems: [],
    });
  });

  it('lead to mistakes in the orb, told with the call in the config', () => {
    const broken = orbOf('commands: {test: {steps: [nope]}}');
    expect(expand('[broken/test]', { orbs: { broken } }).problems).toEqual([
      "acme/tools@1.0.0:1:27 | Error calling command: 'broken/test' | Cannot find a definition for command named nope",
    ]);
  });
});
