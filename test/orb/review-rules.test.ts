import { describe, expect, it } from '@jest/globals';
import { buildOrb } from '../../src/orb/build-orb.ts';
import { unpackedOrb } from '../../src/orb/orb-files.ts';
import { sources } from './orb-sources.ts';
import { REVIEW_RULES } from './review-rules.ts';

const tree = unpackedOrb(buildOrb(sources));
const major = sources.package.version.split('.')[0] ?? '';

/** For each rule, a tree that breaks it; otherwise the rule may just be blind. */
const DEFECTS: Record<string, (files: Map<string, string>) => unknown> = {
  RC001: (files) => files.set('@orb.yml', 'version: 2.1\n'),
  RC002: (files) => files.set('jobs/x.yml', 'steps: [checkout]\n'),
  RC003: (files) =>
    [...files.keys()].filter((path) => path.startsWith('examples/')).forEach((path) => files.delete(path)),
  RC004: (files) => files.set('examples/my_example.yml', 'usage: {}\n'),
  RC005: (files) => files.set('@orb.yml', 'description: An orb.\n'),
  RC006: (files) => files.set('@orb.yml', 'display: {source_url: github}\n'),
  RC007: (files) => files.set('@orb.yml', 'display: {home_url: http://plain.example.com}\n'),
  RC008: (files) => files.set('commands/x.yml', 'steps: [{when: {condition: true, steps: [run: ls]}}]\n'),
  RC009: (files) => files.set('commands/x.yml', `steps: [{run: {name: x, command: ${'x'.repeat(65)}}}]\n`),
  RC010: (files) => files.set('commands/x.yml', 'parameters: {a-b: {type: string}}\n'),
  RC011: (files) => files.set('examples/x.yml', 'usage: {orbs: {aws-deploy: a/b@99.0.0}}\n'),
  RC012: (files) =>
    files.set('jobs/x.yml', 'parameters: {p: {default: $A}}\nsteps: [{save_cache: {key: << parameters.p >>}}]\n'),
};

describe.each(Object.entries(REVIEW_RULES))('%s', (title, rule) => {
  it('holds for the orb', () => {
    expect(rule(tree, major)).toEqual([]);
  });

  it('is checked', () => {
    const broken = new Map(tree);
    DEFECTS[title.slice(0, 5)]?.(broken);
    expect(rule(broken, major)).not.toEqual([]);
  });
});
