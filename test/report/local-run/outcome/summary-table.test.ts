import { describe, expect, it } from '@jest/globals';
import { outcomeText, summaryTable } from '../../../../src/report/local-run/outcome/summary-table.ts';
import { colorPaint, plainPaint } from '../../../../src/report/local-run/status-texts.ts';
import type { JobRecord, JobStatus, RunRecord, StepRecord } from '../../../../src/runner/run-record.ts';

const START = '2026-11-20T03:00:00.000Z';
const at = (seconds: number): string => new Date(Date.parse(START) + seconds * 1000).toISOString();

const job = (name: string, status: JobStatus, more: Partial<JobRecord> = {}): JobRecord => ({
  name,
  type: 'build',
  status,
  requires: [],
  nodes: [{ steps: [], artifacts: [] }],
  ...more,
});

const step = (name: string, status: StepRecord['status'], more: Partial<StepRecord> = {}): StepRecord => ({
  name,
  kind: 'run',
  status,
  startedAt: START,
  reruns: 0,
  ...more,
});

const run = (...jobs: readonly JobRecord[]): RunRecord => ({
  schema: 'aws-deploy/local-run@1',
  number: 3,
  config: 'config.yml',
  dirty: false,
  startedAt: START,
  finishedAt: at(83),
  workflows: [{ name: 'main', jobs }],
});

const table = (record: RunRecord): string => summaryTable(record, { folder: 'runs/3', paint: plainPaint });

describe('the summary', () => {
  it('has every job, how long it took, and for one that failed its step and where the log is', () => {
    const failed = [
      { steps: [step('serve', 'failed', { background: true })], artifacts: [] },
      {
        steps: [step('make', 'failed', { exitCode: 2, log: 'logs/main/test/1/01-make.log', finishedAt: at(3) })],
        artifacts: [],
      },
    ];
    const record = run(
      job('build', 'success', { startedAt: START, finishedAt: at(83) }),
      job('test', 'failed', { startedAt: START, finishedAt: at(9), nodes: failed }),
      job('hold', 'on_hold', { type: 'approval', startedAt: START }),
      job('\u001B[1mdeploy', 'not_run', { reason: 'test is failed, and success is required' }),
    );
    expect(table(record)).toBe(`main
  ok       build   1m 23s
  failed   test        9s  make (node 1): exit code 2
                           runs/3/logs/main/test/1/01-make.log
  on hold  hold
  not run  deploy          test is failed, and success is required
`);
  });

  it('says why a job failed that no step failed', () => {
    expect(table(run(job('a', 'failed', { reason: 'no disk\nmore', startedAt: START, finishedAt: at(0) })))).toBe(
      'main\n  failed  a  0s  no disk\n',
    );
  });

  it('names of several nodes the step that failed first', () => {
    const nodes = [5, 3].map((seconds) => ({
      steps: [step(`after ${seconds}`, 'failed', { exitCode: 1, finishedAt: at(seconds) })],
      artifacts: [],
    }));
    expect(table(run(job('a', 'failed', { nodes })))).toContain('after 3 (node 1): exit code 1');
  });

  it('has colours when they are wanted', () => {
    expect(summaryTable(run(job('a', 'success')), { folder: '', paint: colorPaint })).toBe(
      'main\n  \u001B[32mok\u001B[0m  a\n',
    );
  });
});

describe('the outcome', () => {
  it.each([
    [[job('a', 'success'), job('b', 'success')], '2 jobs succeeded in 1m 23s.'],
    [[job('a', 'success'), job('b', 'not_run')], '1 job succeeded in 1m 23s. 1 job had nothing to do.'],
    [
      [job('a', 'success'), job('b', 'success', { type: 'release', nodes: [] })],
      '1 job succeeded in 1m 23s. 1 job can run on CircleCI only, and did not run here.',
    ],
    [[job('hold', 'success', { type: 'approval', nodes: [] })], '1 job succeeded in 1m 23s.'],
    [[job('a', 'success'), job('b', 'failed'), job('c', 'not_run')], '1 of 3 jobs failed in 1m 23s: b.'],
    [[job('a', 'unauthorized')], '1 of 1 job failed in 1m 23s: a.'],
    [[job('a', 'success'), job('b', 'canceled')], 'Canceled in 1m 23s: b.'],
    [
      [job('a', 'on_hold'), job('b c', 'on_hold'), job('d', 'waiting')],
      'Stopped in 1m 23s, as nobody approved a, b c. To go on, run it with --approve a --approve "b c".',
    ],
  ])('of %j', (jobs, text) => {
    expect(outcomeText(run(...jobs))).toBe(`${text}\n`);
  });
});
