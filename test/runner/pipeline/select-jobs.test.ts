import { describe, expect, it } from '@jest/globals';
import { selectJobs, type Selection } from '../../../src/runner/pipeline/select-jobs.ts';
import type { Pipeline, Workflow, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import { failureOf } from '../../support/failures.ts';
import { nowhere } from '../../config/support/node-of.ts';

function workflow(name: string, jobs: Readonly<Record<string, readonly string[]>>): Workflow {
  return {
    name,
    jobs: Object.entries(jobs).map(([job, requires]) => ({
      name: job,
      type: 'build',
      requires: requires.map((each) => ({ job: each, statuses: ['success'] })),
      contexts: [],
      at: nowhere,
    })),
  };
}

const pipeline: Pipeline = {
  workflows: [
    workflow('release', { lint: [], build: [], test: ['build'], deploy: ['test', 'lint'], notify: ['deploy'] }),
    workflow('nightly', { build: [], crawl: ['build'] }),
  ],
};

function selected(selection: Partial<Selection>): Record<string, string[]> {
  const { workflows } = selectJobs(pipeline, { only: [], from: [], needs: false, matrix: new Map(), ...selection });
  return Object.fromEntries(workflows.map(({ name, jobs }) => [name, jobs.map((job) => job.name)]));
}

describe('selectJobs', () => {
  it.each<[string, Partial<Selection>, Record<string, string[]>]>([
    ['everything', {}, { release: ['lint', 'build', 'test', 'deploy', 'notify'], nightly: ['build', 'crawl'] }],
    ['a workflow', { name: 'nightly' }, { nightly: ['build', 'crawl'] }],
    ['a job alone', { name: 'deploy' }, { release: ['deploy'] }],
    ['a job of several workflows', { name: 'build' }, { release: ['build'], nightly: ['build'] }],
    ['a job and what it needs', { name: 'deploy', needs: true }, { release: ['lint', 'build', 'test', 'deploy'] }],
    ['only some', { only: ['lint', 'test'] }, { release: ['lint', 'test'] }],
    ['from a job on', { from: ['test'] }, { release: ['test', 'deploy', 'notify'] }],
    [
      'from a job on, of one workflow',
      { name: 'release', from: ['build'] },
      { release: ['build', 'test', 'deploy', 'notify'] },
    ],
  ])('%s', (_what, selection, expected) => {
    expect(selected(selection)).toEqual(expected);
  });

  describe('of a matrix', () => {
    const [release] = pipeline.workflows;
    const jobs = ['linux', 'macos'].map((os) => ({
      ...(release?.jobs[0] as WorkflowJob),
      name: `test-${os}`,
      matrix: new Map([['os', os]]),
    }));
    const withMatrix: Pipeline = { workflows: [{ name: 'main', jobs: [...jobs, ...(release?.jobs ?? [])] }] };
    const select = (matrix: Record<string, string>): string[] =>
      selectJobs(withMatrix, { only: [], from: [], needs: false, matrix: new Map(Object.entries(matrix)) })
        .workflows.flatMap((each) => each.jobs)
        .map(({ name }) => name);

    it('only the jobs with a value, and all that come from no such matrix', () => {
      expect(select({ os: 'linux' })).toEqual(['test-linux', 'lint', 'build', 'test', 'deploy', 'notify']);
    });

    it('all jobs that come from it, by the name of the job that it multiplies', () => {
      const others = jobs.map((job) => ({ ...job, name: job.name.replace('test', 'check') }));
      const named = (name: string): string[] => {
        const config = { workflows: [{ name: 'main', jobs: [...jobs, ...others] }] };
        const { workflows } = selectJobs(config, { name, only: [], from: [], needs: false, matrix: new Map() });
        return workflows.flatMap((each) => each.jobs.map((job) => job.name));
      };
      expect(named('check')).toEqual(['check-linux', 'check-macos']);
    });

    it.each([
      [{ os: 'windows' }, 'no matrix has os:windows', 'Its values are: linux, macos.'],
      [{ version: '1' }, 'no matrix has version:1', 'The parameters of matrices are: os.'],
    ])('%j is not there', (matrix, title, hint) => {
      const error = failureOf(() => select(matrix));
      expect({ title: error.title, hints: error.hints }).toEqual({ title, hints: [hint] });
    });
  });

  it('names what there is when a name is wrong, with the nearest', () => {
    const error = failureOf(() => selected({ name: 'deplyo' }));
    expect({ title: error.title, hints: error.hints, exitCode: error.exitCode }).toEqual({
      title: 'there is neither a workflow nor a job named "deplyo"',
      hints: ['Did you mean deploy?', 'There are: release, lint, build, test, deploy, notify, nightly, crawl.'],
      exitCode: 5,
    });
  });
});
