import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diffOrbs } from '../../../../src/config/orbs/changes/diff-orbs.ts';
import { versionFor, type OrbChange } from '../../../../src/config/orbs/changes/orb-change.ts';
import type { MapNode } from '../../../../src/config/node.ts';
import { Report } from '../../../../src/config/problem.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';

function orb(text: string): MapNode {
  const node = readYaml({ name: 'orb.yml', text }, new Report());
  if (node?.kind !== 'map') throw new Error(`no orb: ${text}`);
  return node;
}

function diff(older: string, newer: string): OrbChange[] {
  return diffOrbs(orb(older), orb(newer));
}

const withParameter = (declaration: string): string =>
  `jobs: {release: {parameters: {pin: ${declaration}}, steps: [x]}}`;
const without = 'jobs: {release: {parameters: {}, steps: [x]}}';

describe('a parameter', () => {
  const at = 'jobs.release.parameters.pin';

  it.each([
    ['that is gone', withParameter('{type: string}'), without, `${at} removed`, 'major'],
    ['that is new and required', without, withParameter('{type: string}'), `${at} added: {"type":"string"}`, 'major'],
    [
      'that is new, with null for a default',
      without,
      withParameter('{type: string, default: null}'),
      `${at} added: {"type":"string","default":null}`,
      'major',
    ],
    [
      'that is new, with a default',
      without,
      withParameter('{type: string, default: ""}'),
      `${at} added: {"type":"string","default":""}`,
      'minor',
    ],
    [
      'of another type',
      withParameter('{type: string}'),
      withParameter('{type: integer}'),
      `${at}.type changed: "string" -> "integer"`,
      'major',
    ],
    [
      'that is an enum no longer',
      withParameter('{type: enum, enum: [a]}'),
      withParameter('{type: string}'),
      `${at}.type changed: "enum" -> "string"`,
      'minor',
    ],
    [
      'that is an enum now',
      withParameter('{type: string}'),
      withParameter('{type: enum, enum: [a]}'),
      `${at}.type changed: "string" -> "enum"`,
      'major',
    ],
    [
      'that takes any text instead of a variable',
      withParameter('{type: env_var_name}'),
      withParameter('{type: string}'),
      `${at}.type changed: "env_var_name" -> "string"`,
      'minor',
    ],
    [
      'with another default',
      withParameter('{type: boolean, default: true}'),
      withParameter('{type: boolean, default: false}'),
      `${at}.default changed: true -> false`,
      'minor',
    ],
    [
      'that became required',
      withParameter('{type: string, default: x}'),
      withParameter('{type: string}'),
      `${at}.default removed`,
      'major',
    ],
    [
      'that became required by null',
      withParameter('{type: string, default: x}'),
      withParameter('{type: string, default: null}'),
      `${at}.default removed`,
      'major',
    ],
    [
      'that became optional',
      withParameter('{type: string}'),
      withParameter('{type: string, default: x}'),
      `${at}.default added: "x"`,
      'minor',
    ],
    [
      'with one value less',
      withParameter('{type: enum, enum: [a, b]}'),
      withParameter('{type: enum, enum: [a]}'),
      `${at}.enum.b removed`,
      'major',
    ],
    [
      'with one value more',
      withParameter('{type: enum, enum: [a]}'),
      withParameter('{type: enum, enum: [b, a]}'),
      `${at}.enum.b added: "b"`,
      'minor',
    ],
    [
      'with another description',
      withParameter('{type: string, description: a}'),
      withParameter('{type: string, description: b}'),
      `${at}.description changed: "a" -> "b"`,
      'patch',
    ],
    [
      'with another executor by default',
      withParameter('{type: executor, default: a}'),
      withParameter('{type: executor, default: {name: a, tag: "1"}}'),
      `${at}.default changed: "a" -> {"name":"a","tag":"1"}`,
      'minor',
    ],
  ])('%s', (_, older, newer, text, version) => {
    expect(diff(older, newer)).toMatchObject([{ text, version }]);
  });

  it('that only stands elsewhere is no change', () => {
    const [a, b] = ['a: {type: string, default: x}', 'b: {default: y, type: string}'];
    const older = `commands: {c: {parameters: {${a}, ${b}}, steps: [x]}}`;
    const newer = `commands: {c: {steps: [x], parameters: {b: {type: string, default: y}, ${a}}}}`;
    expect(diff(older, newer)).toEqual([]);
  });

  it('change says where, what, and why it asks for that version', () => {
    expect(diff(withParameter('{type: string, default: a}'), withParameter('{type: string, default: b}'))).toEqual([
      {
        where: 'jobs.release.parameters.pin.default',
        kind: 'changed',
        older: 'a',
        newer: 'b',
        version: 'minor',
        why: 'Calls that do not give it do something else.',
        text: 'jobs.release.parameters.pin.default changed: "a" -> "b"',
      },
    ]);
  });
});

describe('an element', () => {
  it.each([
    [
      'command that is gone',
      'commands: {a: {steps: [x]}, b: {steps: [x]}}',
      'commands: {a: {steps: [x]}}',
      'commands.b removed',
      'major',
    ],
    ['last command that is gone', 'commands: {b: {steps: [x]}}', 'version: 2.1', 'commands.b removed', 'major'],
    ['job that is new', 'jobs: {}', 'jobs: {a: {steps: [x]}}', 'jobs.a added', 'minor'],
    ['executor that is gone', 'executors: {a: {docker: []}}', 'executors: {}', 'executors.a removed', 'major'],
    [
      'command with other steps',
      'commands: {a: {steps: [x]}}',
      'commands: {a: {steps: [x, y]}}',
      'commands.a.steps changed: 1 -> 2 steps',
      'patch',
    ],
    [
      'job with other steps, as many',
      'jobs: {a: {steps: [x]}}',
      'jobs: {a: {steps: [y]}}',
      'jobs.a.steps changed',
      'patch',
    ],
    [
      'command with another description',
      'commands: {a: {description: d, steps: [x]}}',
      'commands: {a: {steps: [x]}}',
      'commands.a.description removed',
      'patch',
    ],
    [
      'executor with another image',
      'executors: {a: {docker: [{image: "x:1"}]}}',
      'executors: {a: {docker: [{image: "x:2"}]}}',
      'executors.a.docker.0.image changed: "x:1" -> "x:2"',
      'minor',
    ],
    [
      'executor with one image more',
      'executors: {a: {docker: [{image: x}]}}',
      'executors: {a: {docker: [{image: x}, {image: y}]}}',
      'executors.a.docker changed: [{"image":"x"}] -> [{"image":"x"},{"image":"y"}]',
      'minor',
    ],
    [
      'executor with another size',
      'executors: {a: {resource_class: small}}',
      'executors: {a: {resource_class: large}}',
      'executors.a.resource_class changed: "small" -> "large"',
      'minor',
    ],
    [
      'job in another executor',
      'jobs: {a: {executor: x, steps: [x]}}',
      'jobs: {a: {executor: y, steps: [x]}}',
      'jobs.a.executor changed: "x" -> "y"',
      'minor',
    ],
    [
      'job with one variable more',
      'jobs: {a: {environment: {A: 1}}}',
      'jobs: {a: {environment: {A: 1, B: 2}}}',
      'jobs.a.environment.B added: 2',
      'minor',
    ],
    [
      'alias of something else',
      'commands: {a: x/y}',
      'commands: {a: x/z}',
      'commands.a changed: "x/y" -> "x/z"',
      'major',
    ],
    [
      'alias instead of a command',
      'commands: {a: {steps: [x]}}',
      'commands: {a: x/z}',
      'commands.a changed: {"steps":["x"]} -> "x/z"',
      'major',
    ],
    [
      'command whose script reads one variable more',
      'commands: {a: {steps: [{run: ls}]}}',
      'commands: {a: {steps: [{run: ls $TARGET}]}}',
      'commands.a.reads.TARGET added',
      'minor',
    ],
    [
      'command whose script reads one variable less',
      'commands: {a: {steps: [{run: ls $TARGET}]}}',
      'commands: {a: {steps: [{run: ls}]}}',
      'commands.a.reads.TARGET removed',
      'minor',
    ],
  ])('%s', (_, older, newer, text, version) => {
    expect(diff(older, newer)).toContainEqual(expect.objectContaining({ text, version }));
  });

  it('of which everything stayed is no change', () => {
    const text = 'commands: {a: {steps: [{run: {command: ls, name: n}}]}}';
    expect(diff(text, text.replace('command: ls, name: n', 'name: n, command: ls'))).toEqual([]);
  });
});

describe('what users of an orb do not call', () => {
  it.each([
    ['the description', 'description: a', 'description: b', 'description changed: "a" -> "b"', 'patch'],
    [
      'links',
      'display: {home_url: a}',
      'display: {home_url: b}',
      'display changed: {"home_url":"a"} -> {"home_url":"b"}',
      'patch',
    ],
    ['examples', 'examples: {e: {usage: {version: 2.1}}}', 'examples: {}', 'examples.e removed', 'patch'],
    [
      'an orb that is imported in a newer version',
      'orbs: {n: circleci/node@5.1}',
      'orbs: {n: circleci/node@5.2.0}',
      'orbs.n changed: "circleci/node@5.1" -> "circleci/node@5.2.0"',
      'patch',
    ],
    [
      'an orb that is imported in another line',
      'orbs: {n: circleci/node@5.1}',
      'orbs: {n: circleci/node@6}',
      'orbs.n changed: "circleci/node@5.1" -> "circleci/node@6"',
      'minor',
    ],
    ['one more orb', 'orbs: {}', 'orbs: {n: circleci/node@6}', 'orbs.n added: "circleci/node@6"', 'patch'],
  ])('%s', (_, older, newer, text, version) => {
    expect(diff(older, newer)).toMatchObject([{ text, version }]);
  });
});

describe('the version that changes ask for', () => {
  it.each<[OrbChange['version'][], string]>([
    [[], 'none'],
    [['patch'], 'patch'],
    [['patch', 'minor', 'patch'], 'minor'],
    [['minor', 'major', 'patch'], 'major'],
  ])('%j: %s', (versions, version) => {
    const changes = versions.map(
      (each) => ({ where: 'x', kind: 'changed', version: each, why: '', text: '' }) as const,
    );
    expect(versionFor(changes)).toBe(version);
  });
});

it('finds nothing between our orb and itself', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../orb/orb.yml'), 'utf8');
  expect(diff(text, text)).toEqual([]);
});

it('tells values in one short line', () => {
  const [change] = diff(
    withParameter('{type: string, default: a}'),
    withParameter(`{type: string, default: ${'b'.repeat(90)}}`),
  );
  expect(change?.text).toBe(`jobs.release.parameters.pin.default changed: "a" -> "${'b'.repeat(56)}...`);
  expect(change?.newer).toBe('b'.repeat(90));
});

it('is not held up by aliases that make a tree without end', () => {
  const bomb = (leaf: string): string => {
    const levels = Array.from({ length: 60 }, (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`);
    return ['executors:', '  e:', `    l0: &l0 ${leaf}`, ...levels.map((line) => `    ${line}`)].join('\n');
  };
  expect(diff(bomb('a'), bomb('b'))[0]).toMatchObject({ text: 'executors.e.l0 changed: "a" -> "b"' });
});
