import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { versionFor, type OrbChange } from '../../../../src/config/orbs/changes/orb-change.ts';
import { diff, withParameter } from './support/diff.ts';

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
