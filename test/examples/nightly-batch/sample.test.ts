import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';
import { checkDockerfile } from '../../../src/image/check-dockerfile.ts';
import { orbReference } from '../../../src/orb/package-facts.ts';
import { definitionProblems } from '../../../src/plan/job-definition/checks.ts';
import { compileJob, type CompilerOptions } from '../../acceptance/support/orb-compiler.ts';
import { currentOrb } from '../../acceptance/support/orb-under-test.ts';
import { sources } from '../../orb/orb-sources.ts';
import { workflowJobs } from '../sample-config.ts';
import { CONFIGS, SAMPLE, sampleConfig } from './sample-configs.ts';

const read = (path: string): string => readFileSync(join(SAMPLE, path), 'utf8');

let compiler: CompilerOptions;
beforeAll(async () => {
  compiler = { orb: await currentOrb(), prefix: 'aws-deploy', pipelineNumber: 1, booleans: 'words' };
});

const jobs = CONFIGS.flatMap((file) =>
  Object.keys(sampleConfig(file).workflows).flatMap((workflow) =>
    workflowJobs(sampleConfig(file), workflow).map((job) => ({ file, workflow, ...job })),
  ),
);

describe.each(CONFIGS)('the %s of the sample', (file) => {
  it('imports the orb of this version', () => {
    expect(sampleConfig(file).orbs).toEqual({ 'aws-deploy': orbReference(sources.package) });
  });
});

describe.each(jobs.filter(({ orbJob }) => orbJob !== undefined))(
  'the job $name of $workflow in $file',
  ({ orbJob = '', arguments: given }) => {
    it('gives the orb what it takes', () => {
      expect(compileJob(compiler, orbJob, given).steps).not.toEqual([]);
    });

    it('names files that are there', () => {
      const files = ['job_definition', 'script'].flatMap((name) => given[name] ?? []).map(String);
      expect(files.filter((path) => !existsSync(join(SAMPLE, path)))).toEqual([]);
    });
  },
);

describe('the workflows of multi-job.yml', () => {
  const { workflows } = sampleConfig('multi-job.yml');

  it('require jobs that come before', () => {
    for (const workflow of Object.keys(workflows)) {
      const before: string[] = [];
      for (const { name, requires } of workflowJobs(sampleConfig('multi-job.yml'), workflow)) {
        expect(before).toEqual(expect.arrayContaining([...requires]));
        before.push(name);
      }
    }
  });

  it.each([
    ['a push to main', { 'git.branch': 'main', trigger_source: 'webhook', 'schedule.name': '' }, ['release']],
    ['a push to a branch', { 'git.branch': 'fix', trigger_source: 'webhook', 'schedule.name': '' }, []],
    [
      'the weekly schedule trigger',
      { 'git.branch': 'main', trigger_source: 'scheduled_pipeline', 'schedule.name': 'weekly-rebuild' },
      ['weekly_rebuild'],
    ],
    [
      'another schedule trigger',
      { 'git.branch': 'main', trigger_source: 'scheduled_pipeline', 'schedule.name': 'nightly-tests' },
      [],
    ],
  ])('after %s: %j run %j', (_what, pipeline, expected) => {
    const running = Object.entries(workflows).filter(([, { when }]) => holds(when, pipeline));
    expect(running.map(([name]) => name)).toEqual(expected);
  });
});

/** A condition of a workflow: `and`, `not` and `equal`, as CircleCI documents them. */
function holds(condition: JsonValue | undefined, pipeline: Readonly<Record<string, string>>): boolean {
  if (!isJsonObject(condition)) throw new Error(`not a condition: ${JSON.stringify(condition)}`);
  const { and, not, equal } = condition;
  if (Array.isArray(and)) return and.every((part) => holds(part, pipeline));
  if (not !== undefined) return !holds(not, pipeline);
  if (!Array.isArray(equal)) throw new Error(`not known here: ${JSON.stringify(condition)}`);
  const values = equal.map((value) => {
    const name = /^<< pipeline\.(\S+) >>$/.exec(String(value))?.[1];
    return name === undefined ? value : pipeline[name];
  });
  return values.every((value) => value === values[0]);
}

describe('the job definition of the sample', () => {
  const definition = JSON.parse(read('job-definition.json')) as JsonObject;

  it('has nothing that AWS would refuse', () => {
    expect(definitionProblems(definition)).toEqual([]);
  });

  it('tries again what fetch-and-run.sh and the script call temporary, and nothing else', () => {
    const temporary = [...read('fetch-and-run.sh').matchAll(/^# +(\d\d)x, try again later/gm)].map(
      (match) => `${match[1]}*`,
    );
    const stopped = [...read('jobs/crawl.sh').matchAll(/(\d+) [^,]*: run it again/g)].map((match) => match[1]);
    expect(definition['retryStrategy']).toMatchObject({
      evaluateOnExit: [
        ...[...stopped, ...temporary].map((onExitCode) => ({ onExitCode, action: 'RETRY' })),
        { onReason: '*', action: 'EXIT' },
      ],
    });
  });
});

describe('the image of the sample', () => {
  it('can be built without an engine, on a base that does not move', async () => {
    const { bases } = await checkDockerfile({ contextDir: SAMPLE });
    expect(bases).toEqual([
      expect.stringMatching(/^public\.ecr\.aws\/amazonlinux\/amazonlinux:2023\.\d+\.\d{8}\.\d+$/),
    ]);
  });

  it('is built on another base when asked', async () => {
    expect(await checkDockerfile({ contextDir: SAMPLE, buildArgs: { BASE: 'busybox' } })).toEqual({
      bases: ['busybox'],
    });
  });

  it('has nothing in its context but what it copies', () => {
    expect(read('.dockerignore')).toBe('*\n!fetch-and-run.sh\n');
  });

  it.each(['fetch-and-run.sh', 'jobs/crawl.sh'])('can run %s', (path) => {
    expect(statSync(join(SAMPLE, path)).mode & 0o111).toBe(0o111);
  });
});
