import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../../../src/core/json.ts';
import { checkDockerfile } from '../../../src/image/check-dockerfile.ts';
import { orbReference } from '../../../src/orb/package-facts.ts';
import { definitionProblems } from '../../../src/plan/job-definition/checks.ts';
import { sources } from '../../orb/orb-sources.ts';

const SAMPLE = 'examples/nightly-batch';
const read = (path: string): string => readFileSync(join(SAMPLE, path), 'utf8');

interface Job {
  parameters: Record<string, unknown>;
}

interface Command {
  parameters: Record<string, unknown>;
}

const orb = parse(readFileSync('orb/orb.yml', 'utf8')) as {
  jobs: Record<string, Job>;
  commands: Record<string, Command>;
};
const config = parse(read('.circleci/config.yml')) as {
  orbs: Record<string, string>;
  workflows: { release: { jobs: [{ 'aws-deploy/release_batch_job': Record<string, unknown> }] } };
};
const job = config.workflows.release.jobs[0]['aws-deploy/release_batch_job'];

describe('the config of the sample', () => {
  it('imports the orb of this version', () => {
    expect(config.orbs).toEqual({ 'aws-deploy': orbReference(sources.package) });
  });

  it('uses parameters that the job and the command have', () => {
    const { filters: _filters, ...given } = job;
    const parameters = Object.keys(orb.jobs['release_batch_job']?.parameters ?? {});
    expect(parameters).toEqual(expect.arrayContaining(Object.keys(given)));
    const [step] = job['auth'] as [{ 'aws-deploy/assume_role': Record<string, unknown> }];
    const commandParameters = Object.keys(orb.commands['assume_role']?.parameters ?? {});
    expect(commandParameters).toEqual(expect.arrayContaining(Object.keys(step['aws-deploy/assume_role'])));
  });

  it.each(['job_definition', 'script'])('names a file that is there: %s', (parameter) => {
    expect(existsSync(join(SAMPLE, String(job[parameter])))).toBe(true);
  });
});

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
