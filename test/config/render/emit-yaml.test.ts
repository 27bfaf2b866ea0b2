import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { nodeOfWritten, type WrittenValue } from './support/written-value.ts';

const tablePath = join(import.meta.dirname, 'support/emitted-cases.json');
const table = JSON.parse(readFileSync(tablePath, 'utf8')) as { value: WrittenValue; yaml: string }[];

describe('emitYaml', () => {
  it.each(table.map(({ value, yaml }) => [JSON.stringify(value), value, yaml] as const))(
    'prints %s as PyYAML does',
    (_name, value, yaml) => {
      expect(emitYaml(nodeOfWritten(value))).toBe(yaml);
    },
  );
});
