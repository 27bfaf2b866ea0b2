import { diffOrbs } from '../../../../../src/config/orbs/changes/diff-orbs.ts';
import { type OrbChange } from '../../../../../src/config/orbs/changes/orb-change.ts';
import type { MapNode } from '../../../../../src/config/node.ts';
import { Report } from '../../../../../src/config/problem.ts';
import { readYaml } from '../../../../../src/config/yaml/read-yaml.ts';

export function orb(text: string): MapNode {
  const node = readYaml({ name: 'orb.yml', text }, new Report());
  if (node?.kind !== 'map') throw new Error(`no orb: ${text}`);
  return node;
}

export function diff(older: string, newer: string): OrbChange[] {
  return diffOrbs(orb(older), orb(newer));
}

export const withParameter = (declaration: string): string =>
  `jobs: {release: {parameters: {pin: ${declaration}}, steps: [x]}}`;
export const without = 'jobs: {release: {parameters: {}, steps: [x]}}';
