import { describe, expect, it } from '@jest/globals';
import { endedJobLines, liveFrame } from '../../../../src/report/local-run/progress/live-frame.ts';
import {
  RunProgress,
  type JobProgress,
  type StepFailure,
} from '../../../../src/report/local-run/progress/run-progress.ts';
import { colorPaint, plainPaint } from '../../../../src/report/local-run/status-texts.ts';
import { textWidth } from '../../../../src/report/local-run/terminal-text.ts';
import type { RunEvent } from '../../../../src/runner/run-event.ts';
import { pipelineOf } from '../../../runner/support/pipeline-of.ts';
import { jobIs, says, stepEnds, stepStarts } from '../support/events.ts';

const PIPELINE = pipelineOf(`
jobs:
  build: {machine: true, steps: [{run: {command: ./serve, background: true}}, {run: make}]}
  lint: {machine: true, steps: []}
  deploy: {machine: true, steps: []}
workflows:
  main:
    jobs:
      - deploy: {requires: [build, hold]}
      - hold: {type: approval}
      - build
      - lint
`);

function after(...events: readonly RunEvent[]): { progress: RunProgress; ended: JobProgress[] } {
  const progress = new RunProgress(PIPELINE, 0);
  const ended = events.flatMap((event) => progress.apply(event) ?? []);
  return { progress, ended };
}

const RUNNING = [
  jobIs('build', 'running', 0),
  jobIs('hold', 'on_hold', 0),
  stepStarts('build', 1, 'make', 3),
  says('build', 1, 'cc a.c\n\u001B[32mcc 漢.c\u001B[0m\n\n'),
];

function frame(events: readonly RunEvent[], columns = 80, rows = 24): string[] {
  return liveFrame(after(...events).progress, { columns, rows }, 83_500, plainPaint);
}

describe('the view of a run', () => {
  it('shows what runs with its last line, then what is on hold, then what waits', () => {
    expect(frame(RUNNING)).toEqual([
      'running   build    1m 23s  make: cc 漢.c',
      'on hold   hold             waits for your approval',
      'waiting   deploy           after build, hold',
      'waiting   lint             waits for its turn',
      '0 of 4 jobs done, 1 running, 1 on hold, 1m 23s',
    ]);
  });

  it('leaves out what has ended, and counts it', () => {
    const events = [...RUNNING, jobIs('build', 'failed', 9), jobIs('lint', 'running', 9)];
    expect(frame(events)).toEqual([
      'running   lint     1m 14s',
      'on hold   hold             waits for your approval',
      'waiting   deploy           after hold',
      '1 of 4 jobs done, 1 failed, 1 running, 1 on hold, 1m 23s',
    ]);
  });

  it('shows a line that is not complete, as a progress bar is', () => {
    expect(frame([...RUNNING, says('build', 1, '10%\r20%\r')])[0]).toMatch(/make: 20%$/);
  });

  it('shows the step that said something last', () => {
    const events = [...RUNNING, stepStarts('build', 2, 'test', 4), says('build', 1, 'late\n')];
    expect([frame(events.slice(0, -1))[0], frame(events)[0]]).toEqual([
      expect.stringMatching(/ {2}test$/),
      expect.stringMatching(/ {2}make: late$/),
    ]);
  });

  it('shows as many jobs as there are rows, and how many more', () => {
    expect(frame(RUNNING, 80, 5)).toEqual([
      'running   build    1m 23s  make: cc 漢.c',
      'on hold   hold             waits for your approval',
      '          and 2 more',
      '0 of 4 jobs done, 1 running, 1 on hold, 1m 23s',
    ]);
  });

  it('is never wider or higher than the terminal', () => {
    const events = [...RUNNING, says('build', 1, '漢'.repeat(500))];
    const sizes = [1, 2, 3, 5, 8, 13, 21, 29, 30, 31, 34, 55, 89].flatMap((columns) =>
      [1, 2, 3, 4, 5, 24].map((rows) => ({ columns, rows })),
    );
    const wrong = sizes.filter(({ columns, rows }) => {
      const lines = frame(events, columns, rows);
      return lines.length > Math.max(1, rows - 1) || lines.some((line) => textWidth(line) > Math.max(1, columns - 1));
    });
    expect(wrong).toEqual([]);
  });

  it('has colours only around the status', () => {
    const [line] = liveFrame(after(...RUNNING).progress, { columns: 80, rows: 24 }, 0, colorPaint);
    expect(line).toBe('\u001B[36mrunning\u001B[0m   build        0s  make: cc 漢.c');
  });
});

describe('a job that has ended', () => {
  function linesOf(events: readonly RunEvent[]): string[] {
    const { progress, ended } = after(...events);
    const logOf = ({ id, step, end }: StepFailure): string => `runs/3/${id.job}/${step}-${end.name}.log`;
    return ended.flatMap((job) => endedJobLines(job, { jobs: progress.jobs, columns: 80, logOf, paint: plainPaint }));
  }

  it('is one line', () => {
    expect(linesOf([jobIs('build', 'running', 0), jobIs('build', 'success', 83)])).toEqual([
      'ok        build    1m 23s',
    ]);
  });

  it('that failed says which step, its last lines, and where all of them are', () => {
    const end = { name: 'make', status: 'failed', exitCode: 2 } as const;
    const output = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('');
    const lines = linesOf([
      jobIs('build', 'running', 0),
      stepStarts('build', 1, 'make', 0),
      says('build', 1, `${output}half`),
      stepEnds('build', 1, 4, end),
      stepEnds('build', 2, 5, { name: 'Clean up', status: 'failed', exitCode: 1 }),
      jobIs('build', 'failed', 5),
    ]);
    expect(lines.slice(0, 2)).toEqual(['failed    build        5s  make: exit code 2', '    | line 86']);
    expect(lines.slice(-3)).toEqual(['    | line 99', '    | half', '    log: runs/3/build/1-make.log']);
  });

  it('did not fail by a step in the background', () => {
    const lines = linesOf([
      jobIs('build', 'running', 0),
      stepStarts('build', 0, './serve', 0),
      stepEnds('build', 0, 1, { name: './serve', status: 'failed', exitCode: 1 }),
      jobIs('build', 'failed', 5, 'no disk'),
    ]);
    expect(lines).toEqual(['failed    build        5s  no disk']);
  });

  it('that never ran says why, in all its lines', () => {
    expect(linesOf([jobIs('deploy', 'unauthorized', 5, 'the context aws is missing.\nWrite \u001B[2Jit.')])).toEqual([
      'unauthorized  deploy           the context aws is missing.',
      '    Write it.',
    ]);
  });
});
