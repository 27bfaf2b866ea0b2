import { describe, expect, it } from '@jest/globals';
import type { Node } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { randomValues } from './support/random-values.ts';
import { nodeOfWritten, type WrittenValue } from './support/written-value.ts';

const SEED = 5;
const COUNT = 2000;

function writtenOf(node: Node | undefined): WrittenValue {
  if (node?.kind === 'list') return node.items.map(writtenOf);
  if (node?.kind === 'map') return { entries: [...node.entries].map(([key, { value }]) => [key, writtenOf(value)]) };
  return node?.value as WrittenValue;
}

describe('what emitYaml prints', () => {
  it(`is read as what it was by our own reader, for ${COUNT} random values`, () => {
    const values = randomValues(SEED, COUNT);
    const again = values.map((value) => {
      const text = emitYaml(nodeOfWritten(value));
      return writtenOf(readYaml({ name: 'compiled.yml', text }, new Report()));
    });
    expect(again).toEqual(values);
  });
});
