import type { Input } from './input.ts';

/** Texts that are made to take more time or memory than there is, by what they do it with. */
export const BOMBS: Readonly<Record<string, () => Input>> = {
  // Depth
  'flow lists in each other': () => ({ text: '['.repeat(100_000) }),
  'flow maps in each other': () => ({ text: '{a: '.repeat(100_000) }),
  'closed flow lists in each other': () => ({ text: `jobs: ${'['.repeat(50_000)}${']'.repeat(50_000)}` }),
  'block lists in each other': () => ({ text: '- '.repeat(100_000) }),
  'block maps in each other': () => ({ text: Array.from({ length: 3000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n') }),
  'complex keys in each other': () => ({ text: '? '.repeat(100_000) }),
  'aliases of aliases, deep': () => ({
    text: `${lines(500, (n) => `a${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1}`}]`)}\nversion: 2.1`,
  }),
  'conditions in each other': () =>
    config({ steps: nested(90, (inner) => `{when: {condition: true, steps: [${inner}]}}`) }),
  'logic statements in each other': () =>
    config({ steps: `{when: {condition: ${nested(90, (inner) => `{not: ${inner}}`)}, steps: [run: a]}}` }),
  'lists of steps in each other': () => config({ steps: nested(90, (inner) => `[${inner}]`) }),
  'conditions that aliases put in each other': () =>
    config({
      head: `x: [${list(90, (n) => `&c${n} {when: {condition: true, steps: [${n === 0 ? 'checkout' : `*c${n - 1}, *c${n - 1}`}]}}`)}]`,
      steps: '*c20',
    }),

  // Aliases of aliases: a few lines that are billions of values
  'aliases as steps': () => config({ head: laughs('checkout'), steps: '*l29' }),
  'aliases as steps that nobody knows': () => config({ head: manyLaughs('a'), steps: '*m11' }),
  'aliases as steps that nobody knows among many commands': () =>
    config({
      head: `${manyLaughs('z'.repeat(90))}\ncommands: {${list(900, (n) => `${'y'.repeat(80)}${n}: {steps: [checkout]}`)}}`,
      steps: '*m11',
    }),
  'aliases as steps of an orb that nobody knows': () => config({ head: manyLaughs('a/b'), steps: '*m11' }),
  'aliases as steps that are none': () => config({ head: manyLaughs('1'), steps: '*m11' }),
  'aliases as steps that are commands': () => config({ head: laughs('run: echo'), steps: '*l29', job: '' }),
  'aliases as a command': () => config({ head: laughs('x'), steps: 'run: {command: *l29}' }),
  'aliases as the default of steps': () =>
    config({
      head: `${laughs('checkout')}\ncommands: {c: {parameters: {s: {type: steps, default: *l29}}, steps: << parameters.s >>}}`,
      steps: 'c',
    }),
  'aliases as an argument of steps': () =>
    config({
      head: `${laughs('checkout')}\ncommands: {c: {parameters: {s: {type: steps}}, steps: << parameters.s >>}}`,
      steps: 'c: {s: *l29}',
    }),
  'aliases in text': () =>
    config({
      head: `${laughs('x')}\ncommands: {c: {parameters: {s: {type: steps, default: *l29}}, steps: [run: 'a << parameters.s >>']}}`,
      steps: 'c',
    }),
  'aliases as the default of a string': () =>
    config({
      head: `${laughs('x')}\ncommands: {c: {parameters: {s: {type: string, default: *l29}}, steps: [run: 'a << parameters.s >>']}}`,
      steps: 'c',
    }),
  'aliases as a pipeline parameter': () =>
    config({
      head: `${laughs('x')}\nparameters: {p: {type: string, default: *l29}}`,
      steps: 'run: << pipeline.parameters.p >>',
    }),
  'aliases as enum': () =>
    config({ head: `${laughs('x')}\nparameters: {p: {type: enum, enum: *l29, default: x}}`, steps: 'checkout' }),
  'aliases as a matrix': () =>
    config({ head: laughs('x'), steps: 'checkout', workflow: '[build: {matrix: {parameters: {a: *l29, b: *l29}}}]' }),
  'aliases as values of a matrix': () =>
    config({
      head: laughs('x'),
      steps: 'checkout',
      workflow: '[build: {matrix: {parameters: {a: [*l29, *l28], b: [*l29]}}}]',
    }),
  'aliases as exclude of a matrix': () =>
    config({
      head: laughs('x'),
      steps: 'checkout',
      workflow: '[build: {matrix: {parameters: {a: [1, 2]}, exclude: *l29}}]',
    }),
  'aliases as environment': () => config({ head: laughs('x'), job: 'environment: *l29,', steps: 'checkout' }),
  'aliases as a value of the environment': () =>
    config({ head: laughs('x'), job: 'environment: {A: *l29},', steps: 'checkout' }),
  'aliases as docker': () => config({ head: laughs('image: x'), job: 'docker: *l29,', steps: 'checkout' }),
  'aliases as requires': () =>
    config({ head: laughs('build'), steps: 'checkout', workflow: '[build, build: {requires: *l29}]' }),
  'aliases as filters': () =>
    config({ head: laughs('/x/'), steps: 'checkout', workflow: '[build: {filters: {branches: {only: *l29}}}]' }),
  'aliases as context': () => config({ head: laughs('x'), steps: 'checkout', workflow: '[build: {context: *l29}]' }),
  'aliases as pre-steps': () =>
    config({ head: laughs('checkout'), steps: 'checkout', workflow: '[build: {pre-steps: *l29}]' }),
  'aliases as jobs of a workflow': () => config({ head: laughs('build'), steps: 'checkout', workflow: '*l29' }),
  'aliases as a condition': () =>
    config({
      head: laughs('{and: [true, true]}', (inner) => `{and: [${inner}]}`),
      steps: '{when: {condition: *l29, steps: [checkout]}}',
    }),
  'aliases that are compared': () =>
    config({
      head: `${laughs('x')}\n${laughs('x').replaceAll('l', 'm')}`,
      steps: '{when: {condition: {equal: [*l29, *m29]}, steps: [checkout]}}',
    }),
  'aliases as a condition of a workflow': () => ({
    text: `version: 2.1\n${laughs('true', (inner) => `{or: [{and: [${inner}]}]}`, 20)}\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {w: {when: *l19, jobs: [build]}}`,
  }),
  'aliases as triggers': () => ({
    text: `version: 2.1\n${laughs('schedule: {cron: x, filters: {branches: {only: /x/}}}')}\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {w: {triggers: *l29, jobs: [build]}}`,
  }),
  'aliases as a job of version 2': () => ({
    text: `version: 2\n${laughs('checkout')}\njobs: {build: {docker: [image: x], steps: *l29}}`,
  }),
  'aliases as steps of version 2 that nobody knows': () => ({
    text: `version: 2\nx: [${list(1000, (n) => `&s${n} 'checkou${n}'`)}]\njobs: {${list(300, (n) => `build${n === 0 ? '' : n}: {machine: true, steps: [${list(1000, (step) => `*s${step}`)}]}`)}}`,
  }),
  'aliases as a workflow of version 2': () => ({
    text: `version: 2\n${laughs('build')}\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {w: {jobs: *l29}}`,
  }),
  'aliases as orbs': () => ({
    text: `version: 2.1\nx: [${list(60, (n) => `&o${n} {orbs: {${n === 0 ? '' : `a: *o${n - 1}, b: *o${n - 1}`}}}`)}]\norbs: {a: *o50}\njobs: {build: {docker: [image: x], steps: [checkout]}}`,
  }),
  'aliases as job groups': () => ({
    text: `version: 2.1\n${laughs('build')}\njob-groups: {g: {jobs: *l29}}\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {w: {jobs: [g]}}`,
  }),
  'one job of a hundred thousand steps, called a thousand times': () => ({
    text: `version: 2.1\njobs: {build: {parameters: {n: {type: integer}}, docker: [image: x], steps: [${list(100_000, () => 'checkout')}]}}\nworkflows: {w: {jobs: [${list(1000, (n) => `build: {n: ${n}}`)}]}}`,
  }),
  'merge keys of merge keys': () => ({
    text: `x: [${list(40, (n) => `&m${n} {k${n}: 1${n === 0 ? '' : `, <<: [*m${n - 1}, *m${n - 1}]`}}`)}]\nversion: 2.1`,
  }),
  'merge keys of large maps': () => ({
    text: `a: &a {${list(2000, (n) => `k${n}: ${n}`)}}\nb: [${list(3000, () => '{<<: *a}')}]\nversion: 2.1`,
  }),
  'an alias in its own anchor': () => ({ text: 'jobs: &a {build: *a, <<: *a}\nversion: 2.1' }),

  // Commands that call commands
  'a command that calls itself': () => config({ head: 'commands: {a: {steps: [a]}}', steps: 'a' }),
  'commands that call each other': () =>
    config({ head: 'commands: {a: {steps: [b]}, b: {steps: [a, a]}}', steps: 'a' }),
  'commands that each call the next one twice': () => config({ head: commandTree(40, 2, 'run: echo'), steps: 'c39' }),
  'commands that each call the next one twice, and print nothing': () =>
    config({ head: commandTree(40, 2, '{when: {condition: false, steps: []}}'), steps: 'c39' }),
  'commands that each call the next one a hundred times': () => config({ head: commandTree(10, 100, ''), steps: 'c9' }),
  'a thousand commands that call the next one': () => config({ head: commandTree(1000, 1, 'checkout'), steps: 'c999' }),
  'steps that are passed on to themselves': () =>
    config({
      head: 'commands: {a: {parameters: {s: {type: steps, default: []}}, steps: [{steps: << parameters.s >>}, a: {s: [a: {s: << parameters.s >>}]}]}}',
      steps: 'a',
    }),
  'a command that is given itself': () =>
    config({
      head: 'commands: {y: {parameters: {s: {type: steps, default: []}}, steps: << parameters.s >>}, a: {parameters: {s: {type: steps, default: []}}, steps: [y: {s: << parameters.s >>}]}}',
      steps: nested(60, (inner) => `{a: {s: [${inner}, ${inner.length > 5000 ? 'checkout' : inner}]}}`),
    }),
  'steps that double at every level': () =>
    config({
      head: `commands: {${list(40, (n) => `d${n}: {parameters: {s: {type: steps}}, steps: [${n === 0 ? 'steps: << parameters.s >>' : `d${n - 1}: {s: [steps: << parameters.s >>, steps: << parameters.s >>]}`}]}`)}}`,
      steps: 'd39: {s: [checkout]}',
    }),
  'empty steps that double at every level': () =>
    config({
      head: `commands: {${list(40, (n) => `d${n}: {parameters: {s: {type: steps}}, steps: [${n === 0 ? 'steps: << parameters.s >>' : `d${n - 1}: {s: [steps: << parameters.s >>, steps: << parameters.s >>]}`}]}`)}}`,
      steps: 'd39: {s: []}',
    }),
  'a text that doubles at every call': () =>
    config({
      head: `commands: {${list(60, (n) => `t${n}: {parameters: {s: {type: string}}, steps: [${n === 0 ? "run: '<< parameters.s >>'" : `t${n - 1}: {s: '<< parameters.s >><< parameters.s >>'}`}]}`)}}`,
      steps: 't59: {s: xxxxxxxxxx}',
    }),
  'a text that doubles at every default': () =>
    config({
      head: `commands: {${list(60, (n) => `t${n}: {parameters: {s: {type: string, default: x}, t: {type: string, default: ${'x'.repeat(1000)}}}, steps: [${n === 0 ? "run: '<< parameters.s >>'" : `t${n - 1}: {s: '<< parameters.t >><< parameters.s >><< parameters.s >>'}`}]}`)}}`,
      steps: 't59',
    }),
  'a text that grows by a tag in a key': () =>
    config({
      head: `commands: {${list(60, (n) => `t${n}: {parameters: {s: {type: string}}, steps: [${n === 0 ? 'run: {command: a, environment: {<< parameters.s >>: b}}' : `t${n - 1}: {s: '<< parameters.s >><< parameters.s >>'}`}]}`)}}`,
      steps: 't59: {s: xxxxxxxxxx}',
    }),
  'a value that is passed on and on': () =>
    config({
      head: `commands: {${list(150, (n) => `p${n}: {parameters: {s: {type: string}}, steps: [${n === 0 ? 'run: << parameters.s >>' : `p${n - 1}: {s: << parameters.s >>}`}]}`)}}`,
      steps: 'p149: {s: x}',
    }),
  'a value that is passed on in text': () =>
    config({
      head: `commands: {${list(60, (n) => `p${n}: {parameters: {s: {type: string}}, steps: [${n === 0 ? "run: '<< parameters.s >>!'" : `p${n - 1}: {s: '<< parameters.s >>!'}`}]}`)}}`,
      steps: 'p59: {s: x}',
    }),
  'a text of many tags at every one of many calls': () =>
    config({
      head: `commands: {t: {parameters: {s: {type: string, default: ''}}, steps: [run: '${'<< parameters.s >>'.repeat(20_000)}']}}`,
      steps: list(2000, () => 't'),
    }),
  'sections in each other': () =>
    config({
      head: `commands: {t: {parameters: {s: {type: boolean, default: true}}, steps: [run: '${'<<# parameters.s >>'.repeat(20_000)}${'<</ parameters.s >>'.repeat(20_000)}']}}`,
      steps: 't',
    }),
  'tags that do not end': () => config({ steps: `run: '${'<< '.repeat(200_000)}'` }),
  'tags of unknown names': () => config({ steps: `run: '${list(20_000, (n) => `<< parameters.x${n} >>`)}'` }),
  'escaped tags': () => config({ steps: `run: '${'\\<<'.repeat(200_000)}'` }),
  'executors that are passed on': () =>
    config({
      head: 'executors: {e: {executor: e, docker: [image: x]}}',
      job: 'executor: {name: {name: {name: e}}},',
      steps: 'checkout',
    }),
  'many parameters, many calls': () =>
    config({
      head: `commands: {c: {parameters: {${list(3000, (n) => `p${n}: {type: string, default: x}`)}}, steps: [checkout]}}`,
      steps: list(3000, () => 'c'),
    }),
  'many arguments that are not expected': () =>
    config({
      head: `commands: {c: {parameters: {${list(2000, (n) => `parameter_${n}: {type: string, default: x}`)}}, steps: [checkout]}}`,
      steps: `c: {${list(2000, (n) => `argument_${n}: x`)}}`,
    }),
  'many calls with mistakes': () =>
    config({
      head: 'commands: {c: {parameters: {a: {type: integer}}, steps: [checkout]}}',
      steps: list(20_000, (n) => `c: {a: x${n}}`),
    }),
  'many commands that are not there': () => config({ steps: list(20_000, (n) => `command${n}`) }),
  'many commands that are nearly there': () =>
    config({
      head: `commands: {${list(5000, (n) => `command${n}: {steps: []}`)}}`,
      steps: list(5000, (n) => `comand${n}`),
    }),

  // Workflows
  'a matrix of a billion jobs': () =>
    config({
      steps: 'checkout',
      workflow: `[build: {matrix: {parameters: {${list(3, (n) => `p${n}: [${list(1000, String)}]`)}}}}]`,
    }),
  'a matrix of many parameters': () =>
    config({ steps: 'checkout', workflow: `[build: {matrix: {parameters: {${list(400, (n) => `p${n}: [a, b]`)}}}}]` }),
  'a matrix of ten thousand jobs': () => ({
    text: `version: 2.1\njobs: {build: {parameters: {a: {type: integer}, b: {type: integer}}, docker: [image: x], steps: [run: << parameters.a >>]}}\nworkflows: {w: {jobs: [build: {matrix: {parameters: {a: [${list(100, String)}], b: [${list(100, String)}]}}}]}}`,
  }),
  'a matrix of ten thousand jobs that each wait for all of another': () => ({
    text: `version: 2.1\njobs: {build: {parameters: {a: {type: integer}, b: {type: integer}}, docker: [image: x], steps: [run: << parameters.a >>]}}\nworkflows: {w: {jobs: [build: {matrix: {alias: one, parameters: {a: [${list(100, String)}], b: [${list(100, String)}]}}}, build: {requires: [one], matrix: {parameters: {a: [${list(100, String)}], b: [${list(100, String)}]}}}]}}`,
  }),
  'matrices without values': () =>
    config({ steps: 'checkout', workflow: `[${list(10_000, () => 'build: {matrix: {parameters: {a: []}}}')}]` }),
  'a matrix with many excludes': () =>
    config({
      steps: 'checkout',
      workflow: `[build: {matrix: {parameters: {a: [${list(9000, String)}]}, exclude: [${list(9000, (n) => `{a: ${n + 1}}`)}]}}]`,
    }),
  'ten thousand workflows': () => ({
    text: `version: 2.1\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {${list(10_000, (n) => `w${n}: {jobs: [build]}`)}}`,
  }),
  'ten thousand jobs': () => ({
    text: `version: 2.1\njobs: {${list(10_000, (n) => `j${n}: {docker: [image: x], steps: [checkout]}`)}}\nworkflows: {w: {jobs: [${list(10_000, (n) => `j${n}`)}]}}`,
  }),
  'ten thousand jobs of one name': () => config({ steps: 'checkout', workflow: `[${list(10_000, () => 'build')}]` }),
  'approvals of one name in many workflows': () => ({
    text: `version: 2.1\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {${list(300, (n) => `w${n}: {jobs: [build, ${list(30, () => 'hold: {type: approval}')}]}`)}}`,
  }),
  'a long list of requires': () =>
    config({ steps: 'checkout', workflow: `[build, build: {requires: [${list(100_000, () => 'build')}]}]` }),
  'a long list of requires that mean nothing': () =>
    config({ steps: 'checkout', workflow: `[build: {requires: [${list(20_000, (n) => `buidl${n}`)}]}]` }),
  'all wait for all before them': () =>
    config({
      steps: 'checkout',
      workflow: `[${list(1500, (n) => `build: {name: j${n}, requires: [${list(n, (m) => `j${m}`)}]}`)}]`,
    }),
  'a circle of ten thousand jobs': () =>
    config({
      steps: 'checkout',
      workflow: `[${list(10_000, (n) => `build: {name: j${n}, requires: [j${(n + 1) % 10_000}]}`)}]`,
    }),
  'job groups of job groups': () => ({
    text: `version: 2.1\njobs: {build: {docker: [image: x], steps: [checkout]}}\njob-groups: {${list(300, (n) => `g${n}: {jobs: [build, g${(n + 1) % 300}]}`)}}\nworkflows: {w: {jobs: [${list(300, (n) => `g${n}`)}]}}`,
  }),
  'one large job group, many times': () => ({
    text: `version: 2.1\njobs: {build: {docker: [image: x], steps: [checkout]}}\njob-groups: {g: {jobs: [${list(1000, (n) => `build: {name: j${n}}`)}]}}\nworkflows: {w: {jobs: [${list(1000, (n) => `g: {name: g${n}}`)}]}}`,
  }),

  // Orbs
  'an orb that imports itself': () => ({
    text: 'version: 2.1\norbs: {a: x/a@1.0.0}\njobs: {build: {docker: [image: x], steps: [a/c]}}',
    orbs: { 'x/a@1.0.0': 'orbs: {a: x/a@1.0.0}\ncommands: {c: {steps: [a/c]}}' },
  }),
  'orbs that import each other twice': () => ({
    text: 'version: 2.1\norbs: {a: x/o29@1.0.0}\njobs: {build: {docker: [image: x], steps: [a/c]}}',
    orbs: Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `x/o${n}@1.0.0`,
        n === 0
          ? 'commands: {c: {steps: [checkout]}}'
          : `orbs: {a: x/o${n - 1}@1.0.0, b: x/o${n - 1}@1.0.0}\ncommands: {c: {steps: [a/c, b/c]}}`,
      ]),
    ),
  }),
  'orbs in orbs, deep': () => ({
    text: `version: 2.1\norbs: {a: ${'{orbs: {a: '.repeat(45)}x/a@1.0.0${'}}'.repeat(45)}}\njobs: {build: {docker: [image: x], steps: [a/c]}}`,
  }),
  'many orbs that are not there': () => ({
    text: `version: 2.1\norbs: {${list(10_000, (n) => `o${n}: x/o${n}@1.0.0`)}}\njobs: {build: {docker: [image: x], steps: [checkout]}}`,
  }),
  'aliases of elements in a circle': () => ({
    text: `version: 2.1\norbs: {o: {orbs: {p: {}}, commands: {a: b, b: c, c: a}, jobs: {j: k, k: j}, executors: {e: e}}}\njobs: {build: {executor: o/e, steps: [o/a]}}\nworkflows: {w: {jobs: [build, o/j]}}`,
  }),
  'a long chain of aliases of elements': () => ({
    text: `version: 2.1\norbs: {o: {commands: {${list(10_000, (n) => `c${n}: c${n + 1}`)}}}}\njobs: {build: {docker: [image: x], steps: [${list(1000, (n) => `o/c${n}`)}]}}`,
  }),

  // Size
  'a hundred thousand keys': () => ({ text: `version: 2.1\n${lines(100_000, (n) => `k${n}: ${n}`)}` }),
  'a hundred thousand keys of one name': () => ({ text: `version: 2.1\n${'k: 1\n'.repeat(100_000)}` }),
  'a hundred thousand keys in a job': () =>
    config({ job: `${list(100_000, (n) => `k${n}: ${n}`)},`, steps: 'checkout' }),
  'thirty thousand variables': () =>
    config({ job: `environment: {${list(30_000, (n) => `K${n}: v`)}},`, steps: 'checkout' }),
  'a hundred thousand steps that are wrong': () => config({ steps: list(100_000, (n) => String(n)) }),
  'a hundred thousand parameters that are wrong': () => ({
    text: `version: 2.1\nparameters: {${list(100_000, (n) => `p${n}: ${n}`)}}\njobs: {build: {docker: [image: x], steps: [checkout]}}`,
  }),
  'a line of seven million characters': () => config({ steps: `run: ${'x'.repeat(7_000_000)}` }),
  'a block of a million lines': () => ({
    text: `version: 2.1\njobs:\n  build:\n    docker: [image: x]\n    steps:\n      - run: |\n${'          x\n'.repeat(500_000)}`,
  }),
  'a text of nine million characters': () => ({ text: 'x'.repeat(9_000_000) }),
  'a name of a million characters': () =>
    config({
      head: `commands: {? ${'c'.repeat(1_000_000)} : {steps: []}}`,
      steps: `${'c'.repeat(999_999)}d, ${'c'.repeat(1_000_000)}`,
    }),
  'a number of a million digits': () => config({ steps: `run: ${'1'.repeat(1_000_000)}` }),
  'a number in base 60 of many parts': () => config({ steps: `run: 1${':1'.repeat(200_000)}` }),
  'a number of a million underscores': () => config({ steps: `run: 1${'_'.repeat(1_000_000)}x` }),
  'a date that goes on': () => config({ steps: `run: 2001-01-01${' '.repeat(500_000)}x` }),
  'quotes of a million escapes': () => config({ steps: `run: "${'\\x41'.repeat(500_000)}"` }),
  'quotes of a million line breaks': () => ({ text: `version: "${'\n'.repeat(1_000_000)}"` }),
  'a million comments': () => ({ text: `${'# x\n'.repeat(1_000_000)}version: 2.1` }),
  'a million blanks': () => ({ text: `version:${' '.repeat(3_000_000)}2.1` }),
  'a million tabs': () => ({ text: `version:\n${'\t'.repeat(1_000_000)}2.1` }),
  'a tag of a million characters': () => ({ text: `version: !${'<'.repeat(1)}${'x'.repeat(1_000_000)}> 2.1` }),
  'many directives': () => ({ text: `${lines(100_000, (n) => `%TAG !t${n}! tag:x,2000:`)}\n---\nversion: 2.1` }),
  'many anchors': () => ({ text: lines(200_000, (n) => `- &a${n} x`) }),
  'many documents': () => ({ text: '---\n'.repeat(500_000) }),
  'a million commas': () => ({ text: `[${','.repeat(1_000_000)}]` }),
  'a million items': () => ({ text: `version: 2.1\nx: [${'a,'.repeat(1_000_000)}]` }),

  // Regular expressions and expressions
  'a regular expression that backtracks': () =>
    config({
      steps: `{when: {condition: {matches: {pattern: '^(a+)+(a|aa)+(.*)*$', value: ${'a'.repeat(100_000)}!}}, steps: [checkout]}}`,
    }),
  'a regular expression that repeats': () =>
    config({
      steps: "{when: {condition: {matches: {pattern: '((a{1,30}){1,30}){1,30}', value: a}}, steps: [checkout]}}",
    }),
  'regular expressions that repeat a thousand times': () =>
    config({
      steps: list(
        3000,
        (n) =>
          `{when: {condition: {matches: {pattern: '(x${n}|a){1000}', value: ${'a'.repeat(100)}}}, steps: [checkout]}}`,
      ),
    }),
  'a regular expression of many parentheses': () =>
    config({
      steps: `{when: {condition: {matches: {pattern: '${'('.repeat(50_000)}${')'.repeat(50_000)}', value: a}}, steps: [checkout]}}`,
    }),
  'a regular expression of a million letters': () =>
    config({
      steps: `{when: {condition: {matches: {pattern: ${'a'.repeat(1_000_000)}, value: a}}, steps: [checkout]}}`,
    }),
  'a regular expression of many alternatives': () =>
    config({
      steps: `{when: {condition: {matches: {pattern: '${list(50_000, (n) => `a${n}`).replaceAll(', ', '|')}', value: a}}, steps: [checkout]}}`,
    }),
  'a regular expression of many classes': () =>
    config({
      steps: `{when: {condition: {matches: {pattern: '${'[^\\pL\\d]'.repeat(5000)}', value: a}}, steps: [checkout]}}`,
    }),
  'many filters': () => ({
    ...config({
      steps: 'checkout',
      workflow: `[${list(5000, (n) => `build: {name: b${n}, filters: {branches: {only: /(a${n}|b)*/}}}`)}]`,
    }),
    options: { pipelineValues: { 'git.branch': 'b'.repeat(10_000) } },
  }),
  'an expression of deep parentheses': () => expression(`${'('.repeat(50_000)}1${')'.repeat(50_000)} == 1`),
  'an expression of many not': () => expression(`${'not '.repeat(200_000)}1`),
  'an expression of a long chain': () => expression(`${'1 == 1 and '.repeat(100_000)}true`),
  'an expression of many texts': () => expression(`${"'a' or ".repeat(100_000)}"b"`),
  'an expression of many matches': () => expression(`${"'aaaaaaaaaa' matches /(a|aa){500}/ or ".repeat(3000)}true`),
  'an expression of a number of many digits': () => expression(`${'9'.repeat(500_000)} == 1`),
  'an expression of an unknown function, again and again': () => expression(`a ${'b ('.repeat(20_000)}`),
  'a hundred thousand expressions': () =>
    config({ steps: `run: '${'<< 1 == 2 and pipeline.number >>'.repeat(100_000)}'` }),

  // Names and characters
  'names of JavaScript': () => ({
    text: `version: 2.1
parameters: {__proto__: {type: string, default: x}, constructor: {type: string, default: x}, toString: {type: boolean, default: true}}
orbs: {__proto__: {commands: {__proto__: {steps: [checkout]}, constructor: {steps: [__proto__]}}}, constructor: {jobs: {toString: {docker: [image: x], steps: [checkout]}}}}
executors: {__proto__: {docker: [image: x], environment: {__proto__: a, constructor: b, toString: c}}}
commands: {__proto__: {parameters: {__proto__: {type: string, default: y}}, steps: [run: << parameters.__proto__ >>]}, hasOwnProperty: {steps: [__proto__, __proto__/__proto__, __proto__/constructor]}}
jobs: {__proto__: {executor: __proto__, environment: {__proto__: 1}, steps: [__proto__: {__proto__: z}, hasOwnProperty, run: << pipeline.parameters.constructor >>]}, valueOf: {executor: constructor, steps: [toString, valueOf]}}
workflows: {__proto__: {jobs: [__proto__, constructor/toString, __proto__: {name: constructor, requires: [__proto__], matrix: {parameters: {__proto__: [a, b]}}}]}, constructor: {jobs: [__proto__]}}`,
    options: { pipelineParameters: { toString: false }, pipelineValues: { 'git.branch': '__proto__' } },
  }),
  'names of JavaScript that compile': () => ({
    text: `version: 2.1
commands: {__proto__: {parameters: {constructor: {type: string, default: y}}, steps: [run: << parameters.constructor >>]}}
jobs: {__proto__: {docker: [image: x], environment: {__proto__: 1, constructor: 2}, steps: [__proto__: {constructor: z}]}, toString: {docker: [image: x], steps: [checkout]}}
workflows: {__proto__: {jobs: [__proto__, toString: {requires: [__proto__]}]}, constructor: {jobs: [__proto__]}}`,
  }),
  'halves of surrogate pairs': () => config({ steps: 'run: "\ud800 \\ud800 \udc00", run: "\\uD800\\uDC00\\ud83d"' }),
  'halves of surrogate pairs in escapes': () =>
    config({ job: 'environment: {"\\ud800": "\\udfff x"},', steps: 'run: "\\ud800 \\ude00\\ud83d"' }),
  NUL: () => ({ text: 'version: 2.1\0\njobs: {}' }),
  'NUL in escapes': () => config({ job: 'environment: {"a\\0b": "\\0"},', steps: 'run: "echo \\0 << pipeline.id >>"' }),
  'marks in the middle': () => ({ text: '\ufeffversion: 2.1\n\ufeffjobs: {build: {}}' }),
  'line breaks of all kinds': () => ({
    text: 'version: 2.1\r\njobs:\r  build:\u0085    docker: [image: x]\u2028    steps:\u2029      - nothing: << x >>\n',
  }),
  nothing: () => ({ text: '' }),
};

interface Parts {
  /** Lines at the top. */
  readonly head?: string;
  /** What the job has beside its steps, in flow style, with a comma. */
  readonly job?: string;
  /** In flow style. */
  readonly steps: string;
  readonly workflow?: string;
}

function config({ head = '', job = 'docker: [image: x],', steps, workflow = '[build]' }: Parts): Input {
  const docker = job === '' || job.includes('docker:') || job.includes('executor:') ? '' : 'docker: [image: x], ';
  return {
    text: `version: 2.1\n${head}\njobs: {build: {${docker}${job} steps: [${steps}]}}\nworkflows: {w: {jobs: ${workflow}}}\n`,
  };
}

function expression(text: string): Input {
  return {
    text: `version: 2.1\njobs: {build: {docker: [image: x], steps: [checkout]}}\nworkflows: {w: {when: ${JSON.stringify(text)}, jobs: [build]}}\n`,
  };
}

/** `*l29` is of 2^30 values. */
function laughs(first: string, wrap = (inner: string): string => `[${inner}]`, count = 30): string {
  return `laughs: [${list(count, (n) => `&l${n} ${wrap(n === 0 ? `${first}, ${first}` : `*l${n - 1}, *l${n - 1}`)}`)}]`;
}

/** `*m11` is of 10^12 values, of which only few lists hold others. */
function manyLaughs(first: string): string {
  return lines(12, (n) => `m${n}: &m${n} [${list(10, () => (n === 0 ? first : `*m${n - 1}`))}]`);
}

function commandTree(count: number, calls: number, leaf: string): string {
  return `commands: {${list(count, (n) => `c${n}: {steps: [${list(calls, () => (n === 0 ? leaf : `c${n - 1}`))}]}`)}}`;
}

function nested(depth: number, wrap: (inner: string) => string): string {
  let text = 'checkout';
  for (let level = 0; level < depth; level++) text = wrap(text);
  return text;
}

function list(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(', ');
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}
