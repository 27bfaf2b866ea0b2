import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { randomValues } from './support/random-values.ts';
import { nodeOfWritten, type WrittenValue } from './support/written-value.ts';

const SEED = 4;
const COUNT = 2000;

const installed = canRun(['-c', 'import yaml']);
const describeWithPyYaml = installed ? describe : describe.skip;

function canRun(args: readonly string[]): boolean {
  try {
    execFileSync('python3', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function dumpWithPyYaml(values: readonly WrittenValue[]): string[] {
  const program = join(import.meta.dirname, 'support/pyyaml-dump.py');
  const output = execFileSync('python3', [program, '--read'], { input: JSON.stringify(values), maxBuffer: 2 ** 28 });
  return JSON.parse(output.toString()) as string[];
}

describeWithPyYaml(installed ? 'real PyYAML' : 'real PyYAML (skipped: python3 with yaml is not installed)', () => {
  it(`prints ${COUNT} random values as emitYaml does`, () => {
    const values = randomValues(SEED, COUNT);
    expect(values.map((value) => emitYaml(nodeOfWritten(value)))).toEqual(dumpWithPyYaml(values));
  });
});
