import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compile, type CompileOptions } from '../../../src/config/compile.ts';
import { member } from '../../../src/config/node.ts';
import { Report } from '../../../src/config/problem.ts';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { renderConfig } from '../../../src/config/render/render-config.ts';
import type { Source } from '../../../src/config/source.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';
import { caseNames, howToWriteAnew, problemsAsHead, writesAnew } from '../support/case-file.ts';

/*
 * What becomes of every usage example of our orb and of every config under examples/, in files to read. What changes with
 * each build of the CLI and is not the compiler's stands there as a word: hashes, and the script that installs the CLI.
 */

const root = join(import.meta.dirname, '../../..');
const orb = readFileSync(join(root, 'orb/orb.yml'), 'utf8');
const installScript = readFileSync(join(root, 'orb/src/scripts/install.sh'), 'utf8');

interface Example {
  readonly name: string;
  readonly source: Source;
  readonly pipeline: Pipeline;
}

type Pipeline = Pick<CompileOptions, 'pipelineValues' | 'pipelineParameters'>;

const onMain = { 'git.branch': 'main' };

/** The pipelines of configs that do something else in others than in one of the branch main. */
const otherPipelines: Readonly<Record<string, Readonly<Record<string, Pipeline>>>> = {
  'examples/ecs-service/config': {
    'roll-back': { pipelineValues: onMain, pipelineParameters: { roll_back: true } },
  },
  'examples/nightly-batch/multi-job': {
    'weekly-rebuild': {
      pipelineValues: { ...onMain, trigger_source: 'scheduled_pipeline', 'schedule.name': 'weekly-rebuild' },
    },
  },
};

function usageExamples(): Example[] {
  const folder = join(root, 'orb/src/examples');
  return readdirSync(folder).map((file) => {
    const example = readYaml({ name: file, text: readFileSync(join(folder, file), 'utf8') }, new Report());
    const usage = member(example, 'usage');
    if (!usage) throw new Error(`${file} has no usage`);
    return {
      name: `usage/${basename(file, '.yml')}`,
      source: { name: file, text: emitYaml(usage) },
      pipeline: { pipelineValues: onMain },
    };
  });
}

function exampleConfigs(): Example[] {
  return (
    readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.circleci\/[^/]+\.yml$/.test(path))
      .map((path) => ({ name: path, text: readFileSync(join(root, 'examples', path), 'utf8') }))
      // What else stands there says how the local AWS begins.
      .filter(({ text }) => /^version:/m.test(text))
      .flatMap((source) => {
        const name = `examples/${source.name.replace('.circleci/', '').replace(/\.yml$/, '')}`;
        const others = Object.entries(otherPipelines[name] ?? {});
        return [
          { name, source, pipeline: { pipelineValues: onMain } },
          ...others.map(([other, pipeline]) => ({ name: `${name}-${other}`, source, pipeline })),
        ];
      })
  );
}

function withoutBuild(compiled: string): string {
  const lines = installScript.trimEnd().split('\n');
  const block = lines.map((line) => (line === '' ? '' : `          ${line}`)).join('\n');
  return compiled
    .replaceAll(`command: |\n${block}\n`, 'command: (orb/src/scripts/install.sh)\n')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '(hash)');
}

const examples = [...usageExamples(), ...exampleConfigs()];

describe('against the orb of this package, an example compiles', () => {
  it.each(examples)('$name', async ({ name, source, pipeline }) => {
    const { config, problems } = compile(source, {
      ...pipeline,
      resolve: (reference) => (reference.startsWith('aws-deploy/aws-deploy@') ? { text: orb, reference } : undefined),
    });
    expect(problemsAsHead(problems)).toBe('');
    const compiled = withoutBuild(config ? renderConfig(config) : '');
    const path = join(import.meta.dirname, `${name}.yml`);
    if (writesAnew) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, compiled);
    }
    expect({ compiled, howToWriteAnew }).toEqual({ compiled: readFileSync(path, 'utf8'), howToWriteAnew });
  });

  it('and there is no file here without its example', () => {
    expect(caseNames(import.meta.dirname)).toEqual(examples.map(({ name }) => name).toSorted());
  });
});
