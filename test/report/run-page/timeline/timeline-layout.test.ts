import { describe, expect, it } from '@jest/globals';
import type { JobRecord, StepRecord } from '../../../../src/runner/run-record.ts';
import { pageWorkflows } from '../../../../src/report/run-page/page-run.ts';
import { ticksOf, timelineRows, type TimelineRow } from '../../../../src/report/run-page/timeline/timeline-layout.ts';
import { after, SAMPLE_RUN } from '../support/sample-run.ts';

const WHOLE = { start: Date.parse(after(0)), end: Date.parse(after(100)) };

function step(from: number, to: number | undefined, more: Partial<StepRecord> = {}): StepRecord {
  const ended = to === undefined ? {} : { finishedAt: after(to) };
  return { name: 'step', kind: 'run', status: 'success', startedAt: after(from), reruns: 0, ...ended, ...more };
}

function rows(...jobs: Partial<JobRecord>[]): TimelineRow[] {
  const records = jobs.map((more, index): JobRecord => ({
    name: `job-${index}`,
    type: 'build',
    status: 'success',
    requires: [],
    nodes: [],
    ...more,
  }));
  const [workflow] = pageWorkflows({ ...SAMPLE_RUN, workflows: [{ name: 'w', jobs: records }] });
  return timelineRows(workflow!, WHOLE);
}

describe('rows', () => {
  it('are where their times are', () => {
    const [row] = rows({ startedAt: after(25), finishedAt: after(75) });
    expect(row?.bar).toEqual({ from: 0.25, to: 0.75 });
  });

  it('come by their start, and only for jobs that have started', () => {
    const all = rows({ startedAt: after(50) }, { status: 'not_run' }, { startedAt: after(5) });
    expect(all.map(({ job }) => job.record.name)).toEqual(['job-2', 'job-0']);
  });

  it('go on to the end of the whole when the job has not ended', () => {
    expect(rows({ startedAt: after(40), status: 'running' })[0]?.bar).toEqual({ from: 0.4, to: 1 });
  });

  it('are one for each node of a job, which ends with its last step', () => {
    const nodes = [[step(10, 30)], [step(10, 50)]].map((steps) => ({ steps, artifacts: [] }));
    const all = rows({ startedAt: after(10), finishedAt: after(60), nodes });
    expect(all.map(({ node, bar }) => [node, bar.to])).toEqual([
      [0, 0.3],
      [1, 0.5],
    ]);
  });

  it('never end before they begin nor lie outside, whatever the clock did', () => {
    const [row] = rows({ startedAt: after(130), finishedAt: after(90) });
    expect(row?.bar).toEqual({ from: 1, to: 1 });
  });

  it('are none for times that are none', () => {
    expect(rows({ startedAt: 'yesterday' })).toEqual([]);
  });
});

describe('steps', () => {
  function stepsOf(...steps: StepRecord[]): [number, number, number][] {
    const [row] = rows({ startedAt: after(0), finishedAt: after(100), nodes: [{ steps, artifacts: [] }] });
    return row?.steps.map(({ from, to, lane }) => [from, to, lane]) ?? [];
  }

  it('are where their times are', () => {
    expect(stepsOf(step(0, 20), step(20, 60))).toEqual([
      [0, 0.2, 0],
      [0.2, 0.6, 0],
    ]);
  });

  it('have a lane of their own in the background', () => {
    expect(stepsOf(step(0, 60, { background: true }), step(10, 30), step(30, 60))).toEqual([
      [0, 0.6, 1],
      [0.1, 0.3, 0],
      [0.3, 0.6, 0],
    ]);
  });

  it('that were skipped are not there', () => {
    expect(stepsOf(step(0, 20), step(20, 20, { status: 'skipped' }))).toEqual([[0, 0.2, 0]]);
  });

  it('that still run go on to the end', () => {
    expect(stepsOf(step(50, undefined, { status: 'running' }))).toEqual([[0.5, 1, 0]]);
  });
});

describe('the axis', () => {
  it.each([
    [4, ['0', '1ms', '2ms', '3ms', '4ms']],
    [3200, ['0', '500ms', '1s', '1.5s', '2s', '2.5s', '3s']],
    [9000, ['0', '1s', '2s', '3s', '4s', '5s', '6s', '7s', '8s', '9s']],
    [95_000, ['0', '15s', '30s', '45s', '1m', '1m 15s', '1m 30s']],
    [3_600_000, ['0', '10m', '20m', '30m', '40m', '50m', '1h']],
    [86_400_000 * 3, ['0', '12h', '1d', '1d 12h', '2d', '2d 12h', '3d']],
  ])('of %i milliseconds has marks at round times', (length, texts) => {
    expect(ticksOf({ start: 1000, end: 1000 + length }).map(({ text }) => text)).toEqual(texts);
  });

  it('of nothing has its beginning', () => {
    expect(ticksOf({ start: 5, end: 5 })[0]).toEqual({ at: 0, text: '0', isMinor: false });
  });

  it('of years has few marks', () => {
    const ticks = ticksOf({ start: 0, end: 86_400_000 * 4000 });
    expect(ticks.length).toBeLessThanOrEqual(10);
    expect(Math.max(...ticks.map(({ at }) => at))).toBeLessThanOrEqual(1);
  });
});
