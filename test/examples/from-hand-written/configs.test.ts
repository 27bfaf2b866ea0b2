import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { compile } from '../../../src/config/compile.ts';
import { currentOrb } from '../../acceptance/support/orb-under-test.ts';

const SAMPLE = 'examples/from-hand-written';
const orb = stringify(await currentOrb(), { lineWidth: 0, aliasDuplicateObjects: false });

function problems(name: string, text: string): string[] {
  const resolve = (reference: string) => ({ text: orb, reference });
  const compiled = compile({ name, text }, { resolve, pipelineValues: { 'git.branch': 'main' } });
  return compiled.problems.map(({ message }) => message);
}

describe('both pipelines compile', () => {
  it.each(['before', 'after'])('%s', (folder) => {
    const path = join(SAMPLE, folder, '.circleci/config.yml');
    expect(problems(path, readFileSync(path, 'utf8'))).toEqual([]);
  });
});

describe('every step of the move compiles in a job of its own', () => {
  const page = readFileSync(join(SAMPLE, 'README.md'), 'utf8');
  const steps = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = '']) => [text.split('\n')[0], text]);

  it('has five of them', () => {
    expect(steps).toHaveLength(5);
  });

  it.each(steps)('%s', (_first, text) => {
    const own = { docker: [{ image: 'cimg/aws:2024.03' }], steps: ['checkout', ...(parse(text!) as unknown[])] };
    const config = {
      version: 2.1,
      orbs: { 'aws-deploy': 'aws-deploy/aws-deploy@0.1.0' },
      jobs: { own },
      workflows: { main: { jobs: ['own'] } },
    };
    expect(problems('config.yml', stringify(config))).toEqual([]);
  });
});
