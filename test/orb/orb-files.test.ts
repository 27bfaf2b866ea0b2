import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { buildOrb } from '../../src/orb/build-orb.ts';
import { packedOrb, unpackedOrb } from '../../src/orb/orb-files.ts';
import type { Command, Orb, Parameter, Step } from '../../src/orb/orb-model.ts';
import { whenParameter } from '../../src/orb/orb-model.ts';
import { sources } from './orb-sources.ts';

const all: Parameter[] = [
  { name: 'a_string', type: 'string', description: 'S.', default: 'on' },
  { name: 'an_integer', type: 'integer', description: 'I.', default: 3 },
  { name: 'a_boolean', type: 'boolean', description: 'B.', default: false },
  { name: 'an_enum', type: 'enum', description: 'E.', values: ['', 'yes'], default: '' },
  { name: 'some_steps', type: 'steps', description: 'T.', default: [{ kind: 'checkout' }] },
  { name: 'a_variable', type: 'env_var_name', description: 'V.', default: 'TOKEN' },
  { name: 'needed', type: 'string', description: 'N.' },
];

const steps: Step[] = [
  { kind: 'checkout' },
  { kind: 'attach_workspace', at: '~/x' },
  { kind: 'persist_to_workspace', root: '~/x', paths: ['a', 'b'] },
  whenParameter('a_boolean', [{ kind: 'setup_remote_docker' }]),
  { kind: 'unless', condition: '<< parameters.a_boolean >>', steps: [{ kind: 'parameter', parameter: 'some_steps' }] },
  {
    kind: 'run',
    name: 'Long',
    command: { fileName: 'long.sh', text: 'cat <<E\n<< x >>\nE\n' },
    when: 'always',
    noOutputTimeout: '5m',
  },
  { kind: 'call', command: 'callee', arguments: {} },
  {
    kind: 'call',
    command: 'callee',
    arguments: {
      text: '12:30',
      inner: { steps: [{ kind: 'run', name: 'In', command: 'true', environment: { A: 'no' } }] },
    },
  },
];

const callee: Command = {
  name: 'callee',
  description: 'Is called.',
  parameters: [
    { name: 'text', type: 'string', description: 'X.', default: '' },
    { name: 'inner', type: 'steps', description: 'Y.', default: [] },
  ],
  steps: [],
};

const orb: Orb = {
  description: 'An orb.',
  display: { homeUrl: 'https://home.example.com', sourceUrl: 'https://source.example.com' },
  commands: [callee, { name: 'everything', description: 'Does it all.', parameters: all, steps }],
  jobs: [
    {
      name: 'work',
      description: 'Works.',
      parameters: [{ name: 'where', type: 'executor', description: 'Where.', default: 'default' }],
      executor: '<< parameters.where >>',
      steps: [{ kind: 'checkout' }],
    },
    {
      name: 'plain',
      description: 'No parameters.',
      parameters: [],
      executor: 'default',
      steps: [{ kind: 'checkout' }],
    },
  ],
  executors: [{ name: 'default', description: 'Runs.', image: 'img:1', resourceClass: 'small', parameters: [] }],
  examples: [{ name: 'use_it', description: 'Uses it.', usage: { version: 2.1, orbs: { x: 'ns/x@1.0.0' } } }],
};

const packed = parse(packedOrb(orb)) as Record<string, Record<string, Record<string, unknown>>>;

describe('packedOrb', () => {
  it('has all kinds of parameters', () => {
    expect(packed['commands']?.['everything']?.['parameters']).toEqual({
      a_string: { type: 'string', default: 'on', description: 'S.' },
      an_integer: { type: 'integer', default: 3, description: 'I.' },
      a_boolean: { type: 'boolean', default: false, description: 'B.' },
      an_enum: { type: 'enum', default: '', description: 'E.', enum: ['', 'yes'] },
      some_steps: { type: 'steps', default: ['checkout'], description: 'T.' },
      a_variable: { type: 'env_var_name', default: 'TOKEN', description: 'V.' },
      needed: { type: 'string', description: 'N.' },
    });
  });

  it('has all kinds of steps', () => {
    expect(packed['commands']?.['everything']?.['steps']).toEqual([
      'checkout',
      { attach_workspace: { at: '~/x' } },
      { persist_to_workspace: { root: '~/x', paths: ['a', 'b'] } },
      { when: { condition: '<< parameters.a_boolean >>', steps: ['setup_remote_docker'] } },
      { unless: { condition: '<< parameters.a_boolean >>', steps: [{ steps: '<< parameters.some_steps >>' }] } },
      { run: { name: 'Long', no_output_timeout: '5m', when: 'always', command: 'cat \\<<E\n\\<< x >>\nE\n' } },
      'callee',
      { callee: { text: '12:30', inner: [{ run: { name: 'In', environment: { A: 'no' }, command: 'true' } }] } },
    ]);
  });

  it('gives jobs and executors their descriptions, and nothing that was not asked for', () => {
    expect(packed['jobs']).toEqual({
      work: {
        description: 'Works.',
        parameters: { where: { type: 'executor', default: 'default', description: 'Where.' } },
        executor: '<< parameters.where >>',
        steps: ['checkout'],
      },
      plain: { description: 'No parameters.', executor: 'default', steps: ['checkout'] },
    });
    expect(packed['executors']).toEqual({
      default: { description: 'Runs.', docker: [{ image: 'img:1' }], resource_class: 'small' },
    });
  });

  it('has the orb’s own description, links and examples', () => {
    expect(packed).toMatchObject({
      version: 2.1,
      description: 'An orb.',
      display: { home_url: 'https://home.example.com', source_url: 'https://source.example.com' },
      examples: { use_it: { description: 'Uses it.', usage: { version: 2.1, orbs: { x: 'ns/x@1.0.0' } } } },
    });
  });

  it('passes an executor with arguments to a command', () => {
    const caller: Step = {
      kind: 'call',
      command: 'callee',
      arguments: { text: { executor: { name: 'default', arguments: { size: 'l' } } } },
    };
    const text = packedOrb({ ...orb, commands: [callee, { ...callee, name: 'caller', steps: [caller] }] });
    expect(parse(text)).toMatchObject({
      commands: { caller: { steps: [{ callee: { text: { name: 'default', size: 'l' } } }] } },
    });
  });

  it('begins with what it is and how to change it', () => {
    expect(packedOrb(orb)).toMatch(/^# Generated .* "npm run generate"\. Do not edit/);
  });
});

describe('unpackedOrb', () => {
  it.each([
    ['an orb with everything', orb],
    ['the orb of this project', buildOrb(sources)],
  ])('packs to the packed orb: %s', (_which, any) => {
    expect(pack(unpackedOrb(any))).toEqual(parse(packedOrb(any)));
  });

  it('includes scripts as files, as they are', () => {
    const files = unpackedOrb(orb);
    expect(files.get('scripts/long.sh')).toBe('cat <<E\n<< x >>\nE\n');
    expect(files.get('commands/everything.yml')).toContain('command: <<include(scripts/long.sh)>>\n');
  });
});

/** What `circleci orb pack` does: a file is an element of its folder, and included text has its `<<` escaped. */
function pack(files: ReadonlyMap<string, string>): Record<string, unknown> {
  const result = parse(files.get('@orb.yml') ?? '') as Record<string, Record<string, unknown>>;
  for (const [path, text] of files) {
    const [folder, file] = path.split('/') as [string, string?];
    if (file?.endsWith('.yml')) (result[folder] ??= {})[file.replace('.yml', '')] = withIncludes(parse(text), files);
  }
  return result;
}

function withIncludes(value: unknown, files: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withIncludes(item, files));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIncludes(item, files)]));
  }
  const included = typeof value === 'string' ? /^<<include\((.+)\)>>$/.exec(value)?.[1] : undefined;
  return included === undefined ? value : files.get(included)?.replaceAll('<<', '\\<<');
}
