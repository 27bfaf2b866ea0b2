import { describe, expect, it } from '@jest/globals';
import { member, type Node } from '../../../src/config/node.ts';
import { plainValue } from '../../../src/config/render/plain-value.ts';
import { jobOf, missingOrb, orbOf, type Orbs } from './job-of.ts';

interface Expanded {
  readonly steps: unknown;
  readonly problems: readonly string[];
}

/** The steps of a job of these steps, in a config of these commands. Places count from the line of `config`. */
function expand(steps: string, { config = '{}', orbs = {} }: { config?: string; orbs?: Orbs } = {}): Expanded {
  const text = `jobs: {build: {docker: [{image: a}], steps: ${steps}}}\n${config === '{}' ? '' : dedented(config)}`;
  const { job, problems } = jobOf(text, { orbs });
  const scope = "Error calling job: 'build' | ";
  return {
    steps: job && plainValue(member(job, 'steps') as Node),
    problems: problems.map((problem) => problem.replace(scope, '')),
  };
}

function dedented(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n');
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  return lines.map((line) => line.slice(indent)).join('\n');
}

const run = (command: string) => ({ run: { command } });

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

describe('a steps parameter', () => {
  const wrap = `
    commands:
      wrap:
        parameters: {inside: {type: steps, default: []}}
        steps:
          - run: before
          - steps: << parameters.inside >>
          - run: after
      hello: {steps: [run: hello]}
  `;

  it('is put between the other steps', () => {
    expect(expand('[wrap: {inside: [checkout, run: x]}]', { config: wrap })).toEqual({
      steps: [run('before'), 'checkout', run('x'), run('after')],
      problems: [],
    });
  });

  it('may be empty', () => {
    expect(expand('[wrap]', { config: wrap }).steps).toEqual([run('before'), run('after')]);
  });

  it('may be the steps of a condition, or the whole steps of a command', () => {
    const config = `
      commands:
        maybe:
          parameters: {do: {type: boolean}, inside: {type: steps}}
          steps: [when: {condition: << parameters.do >>, steps: << parameters.inside >>}]
        all:
          parameters: {inside: {type: steps}}
          steps: << parameters.inside >>
        item:
          parameters: {inside: {type: steps}}
          steps: [checkout, << parameters.inside >>]
    `;
    const steps =
      '[maybe: {do: true, inside: [run: a]}, maybe: {do: false, inside: [run: b]}, all: {inside: [run: c]}, item: {inside: [run: d]}]';
    expect(expand(steps, { config })).toEqual({ steps: [run('a'), run('c'), 'checkout', run('d')], problems: [] });
  });

  it('means the commands of whom it is from, also when it is handed on', () => {
    const inner = orbOf(
      `
      commands:
        do:
          parameters: {inside: {type: steps}}
          steps: [steps: << parameters.inside >>, hello]
        hello: {steps: [run: inner]}
      `,
      { reference: 'acme/inner@1.0.0' },
    );
    const outer = orbOf(
      `
      commands:
        do:
          parameters: {inside: {type: steps, default: [hello]}}
          steps: [inner/do: {inside: << parameters.inside >>}, inner/do: {inside: [hello, steps: << parameters.inside >>]}]
        hello: {steps: [run: outer]}
      `,
      { reference: 'acme/outer@1.0.0', orbs: { inner } },
    );
    const given = expand('[outer/do: {inside: [hello]}]', { config: wrap, orbs: { outer } });
    expect(given).toEqual({
      steps: ['hello', 'inner', 'outer', 'hello', 'inner'].map(run),
      problems: [],
    });
    const byDefault = expand('[outer/do]', { config: wrap, orbs: { outer } });
    expect(byDefault.steps).toEqual(['outer', 'inner', 'outer', 'outer', 'inner'].map(run));
  });

  it('has its templates replaced where it is from, and only once', () => {
    const config = `
      commands:
        outer:
          parameters: {x: {type: string}}
          steps:
            - inner:
                inside:
                  - run: echo << parameters.x >> \\<< parameters.x >>
        inner:
          parameters: {x: {type: string, default: inner}, inside: {type: steps}}
          steps: << parameters.inside >>
    `;
    expect(expand('[outer: {x: a}]', { config })).toEqual({ steps: [run('echo a << parameters.x >>')], problems: [] });
  });

  it('with an unknown command is an error of the call that it is written in', () => {
    expect(expand('[wrap: {inside: [nope]}]', { config: wrap }).problems).toEqual([
      "config.yml:1:62 | Error calling command: 'wrap' | Cannot find a definition for command named nope",
    ]);
  });

  it('may hold the command that has it put in', () => {
    expect(expand('[wrap: {inside: [wrap: {inside: [hello]}]}]', { config: wrap })).toEqual({
      steps: ['before', 'before', 'hello', 'after', 'after'].map(run),
      problems: [],
    });
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
