import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../src/config/budget.ts';
import { findElement } from '../../../src/config/expand/find-element.ts';
import { readLibrary } from '../../../src/config/expand/read-library.ts';
import type { ElementKind } from '../../../src/config/library.ts';
import { Report } from '../../../src/config/problem.ts';
import { placeText } from '../../../src/config/source.ts';
import { variables } from '../../../src/config/variables.ts';
import { mapOf, missingOrb, orbOf, type Orbs } from './job-of.ts';
import { nowhere } from '../support/node-of.ts';

/** What a name means in a config: the place of the element, or message and hints. */
function find(kind: ElementKind, name: string, config: string, orbs: Orbs = {}): unknown {
  const report = new Report();
  const context = { reference: '', orbs: new Map(Object.entries(orbs)), variables: variables(new Map()) };
  const library = readLibrary(mapOf(config), context, report);
  const element = findElement(kind, name, { library, report, budget: new Budget() }, nowhere);
  if (element !== undefined) return placeText(element.at);
  return report.problems.map(({ message, hints = [] }) => [message, ...hints].join(' | '));
}

const tools = orbOf(`
  commands: {install: {steps: []}, notify: {steps: []}}
  jobs: {test: {steps: []}}
  executors: {node: {machine: true}}
`);

describe('a name', () => {
  const config = `
    commands: {install: {steps: []}}
    jobs: {install: {steps: []}}
    executors: {install: {machine: true}}
  `;

  it.each<[ElementKind, string, string]>([
    ['command', 'install', 'config.yml:1:12'],
    ['job', 'install', 'config.yml:2:8'],
    ['executor', 'install', 'config.yml:3:13'],
    ['command', 'tools/install', 'acme/tools@1.0.0:1:12'],
    ['job', 'tools/test', 'acme/tools@1.0.0:2:8'],
    ['executor', 'tools/node', 'acme/tools@1.0.0:3:13'],
  ])('of a %s: %s', (kind, name, place) => {
    expect(find(kind, name, config, { tools })).toBe(place);
  });

  it.each<[ElementKind, string, string]>([
    ['command', 'instal', 'Cannot find a definition for command named instal | Did you mean install?'],
    ['command', 'chekout', 'Cannot find a definition for command named chekout | Did you mean checkout?'],
    ['command', 'notify', 'Cannot find a definition for command named notify | Did you mean tools/notify?'],
    [
      'command',
      'tools/instal',
      'Cannot find a definition for command named tools/instal | Did you mean tools/install?',
    ],
    [
      'command',
      'tools/something-else',
      'Cannot find a definition for command named tools/something-else | There are tools/install, tools/notify.',
    ],
    ['job', 'tst', 'Cannot find a definition for job named tst | There is install.'],
    ['executor', 'nothing', 'Cannot find a definition for executor named nothing | There is install.'],
    [
      'command',
      'tool/install',
      "Cannot find orb 'tool' looking for command named 'tool/install' | Did you mean the orb tools?",
    ],
    [
      'job',
      'slack/on-hold',
      "Cannot find orb 'slack' looking for job named 'slack/on-hold' | Import the orb under orbs, as `slack: namespace/name@1.2.3`.",
    ],
    [
      'command',
      '/',
      "Cannot find orb '' looking for command named '/' | Import the orb under orbs, as `: namespace/name@1.2.3`.",
    ],
    [
      'command',
      'constructor',
      expect.stringContaining('Cannot find a definition for command named constructor') as unknown as string,
    ],
  ])('of no %s: %s', (kind, name, problem) => {
    expect(find(kind, name, config, { tools })).toEqual([problem]);
  });

  it('of no command, with nothing near, leads to all steps that there are', () => {
    expect(find('command', 'deploy-everything', '{}')).toEqual([
      'Cannot find a definition for command named deploy-everything | ' +
        "There are no commands in this file; CircleCI's own steps are run, deploy, checkout, setup_remote_docker, " +
        'save_cache, restore_cache, store_artifacts, store_test_results, persist_to_workspace, attach_workspace, ' +
        'add_ssh_keys, when, unless, with_tool_cache, steps.',
    ]);
  });

  it('of nothing where there is nothing says so', () => {
    expect(find('executor', 'node', '{}')).toEqual([
      'Cannot find a definition for executor named node | There are no executors in this file.',
    ]);
    expect(find('executor', 'bare/node', '{}', { bare: orbOf('commands: {}') })).toEqual([
      'Cannot find a definition for executor named bare/node | There are no executors in the orb bare.',
    ]);
  });

  it('in an orb that could not be had is reported no more', () => {
    expect(find('command', 'gone/install', '{}', { gone: missingOrb })).toEqual([]);
  });
});

describe('an alias', () => {
  it.each<[ElementKind, string]>([
    ['command', 'acme/tools@1.0.0:1:12'],
    ['job', 'acme/tools@1.0.0:2:8'],
    ['executor', 'acme/tools@1.0.0:3:13'],
  ])('of a %s stands for that of the orb', (kind, place) => {
    const config = 'commands: {mine: tools/install}\njobs: {mine: tools/test}\nexecutors: {mine: tools/node}';
    expect(find(kind, 'mine', config, { tools })).toBe(place);
  });

  it('may stand for an alias of that orb, or of the same file', () => {
    const outer = orbOf('commands: {install: tools/install}', { reference: 'acme/outer@1.0.0', orbs: { tools } });
    expect(find('command', 'mine', 'commands: {mine: other, other: outer/install}', { outer })).toBe(
      'acme/tools@1.0.0:1:12',
    );
  });

  it.each([
    ['of itself', 'commands: {a: a}', ['The command a stands for itself: a -> a']],
    ['in a circle', 'commands: {a: b, b: c, c: b}', ['The command b stands for itself: b -> c -> b']],
    [
      'of nothing',
      'commands: {a: tools/nothing}',
      [expect.stringContaining('Cannot find a definition for command named tools/nothing')],
    ],
    [
      'of no orb',
      'commands: {a: orb/b}',
      [expect.stringContaining("Cannot find orb 'orb' looking for command named 'orb/b'")],
    ],
    ['of an orb that could not be had', 'commands: {a: gone/b}', []],
  ])('%s is told when it is called', (_name, config, problems) => {
    const found = find('command', 'a', config, { tools, gone: missingOrb }) as string[];
    expect(found.map((problem) => problem.split(' | ')[0])).toEqual(problems);
  });

  it('that leads on and on is refused', () => {
    const aliases = Array.from({ length: 1000 }, (_, index) => `  a${index}: a${index + 1}`);
    expect(find('command', 'a0', ['commands:', ...aliases].join('\n'))).toEqual([
      'The command a0 leads through more than 20 other names',
    ]);
  });
});
