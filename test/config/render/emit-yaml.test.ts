import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listNode, scalarNode, type Scalar } from '../../../src/config/node.ts';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { nodeOf, nowhere } from '../support/node-of.ts';
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

  it.each<[string, Scalar, string]>([
    ['an integer that no double holds', 9007199254740993n, '9007199254740993'],
    ['a negative one', -(2n ** 70n), '-1180591620717411303424'],
    ['infinity', Infinity, '.inf'],
    ['negative infinity', -Infinity, '-.inf'],
    ['no number', NaN, '.nan'],
    ['negative zero', -0, '-0.0'],
    ['a float that is whole, as Java does', 2 ** 53, '9.007199254740992E15'],
    ['a large float, as Java does', 12345678.9, '1.23456789E7'],
    ['a small float, as Java does', -0.00012, '-1.2E-4'],
    ['half of a surrogate pair, which no encoding can hold', 'a\ud83cb', '"a\\uD83Cb"'],
    ['the second half alone', '\udf89', '"\\uDF89"'],
  ])('prints %s', (_name, value, yaml) => {
    expect(emitYaml(scalarNode(value, nowhere))).toBe(`${yaml}\n`);
  });

  it('writes a shared node out each time', () => {
    const step = nodeOf({ run: 'make' });
    expect(emitYaml(listNode([step, step], nowhere))).toBe('- run: make\n- run: make\n');
  });
});
