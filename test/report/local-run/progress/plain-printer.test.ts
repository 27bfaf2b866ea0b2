import { beforeEach, describe, expect, it } from '@jest/globals';
import { PlainPrinter } from '../../../../src/report/local-run/progress/plain-printer.ts';
import type { Pipeline } from '../../../../src/runner/pipeline/pipeline.ts';
import type { RunEvent } from '../../../../src/runner/run-event.ts';
import { pipelineOf } from '../../../runner/support/pipeline-of.ts';
import { jobIs, says, stepEnds, stepStarts } from '../support/events.ts';
import { HandClock } from '../support/hand-clock.ts';

const PIPELINE = pipelineOf(`
jobs:
  build: {machine: true, steps: [{run: {command: ./serve, background: true}}, {run: make}]}
  test: {machine: true, parallelism: 2, steps: []}
workflows: {main: {jobs: [build, test, hold: {type: approval}]}}
`);

const ONE_JOB = pipelineOf(`
jobs:
  build: {machine: true, steps: [{run: {command: ./serve, background: true}}, {run: make}]}
workflows: {main: {jobs: [build, hold: {type: approval}]}}
`);

let clock: HandClock;
let text: string;

beforeEach(() => {
  clock = new HandClock();
  text = '';
});

function printer(pipeline: Pipeline, prefixed = false): PlainPrinter {
  return new PlainPrinter((more) => (text += more), { pipeline, prefixed, ...clock });
}

/** What the events leave; each is its own moment, as most are. */
async function printed(
  events: readonly RunEvent[],
  { pipeline = ONE_JOB, prefixed = true, apart = true } = {},
): Promise<string[]> {
  const plain = printer(pipeline, prefixed);
  for (const event of events) {
    plain.listen(event);
    if (apart) await Promise.resolve();
  }
  await Promise.resolve();
  plain.close();
  return text.split('\n').slice(0, -1);
}

describe('one job at a time', () => {
  it('is told with its steps, how long they took, and how it ended', async () => {
    const events = [
      jobIs('build', 'running', 0),
      stepStarts('build', 1, 'make', 0),
      says('build', 1, 'compiling\n\nsrc/\u001B[1ma.c\n'),
      stepEnds('build', 1, 83, { name: 'make' }),
      jobIs('build', 'success', 84),
    ];
    expect(await printed(events)).toEqual([
      '--- build: started',
      '==> make',
      'compiling',
      '',
      'src/a.c',
      '<== make: ok (1m 23s)',
      '--- build: ok after 1m 24s',
    ]);
  });

  it.each([
    [{ exitCode: 2 }, 'exit code 2'],
    [{ reason: 'too long without output' }, 'too long without output'],
  ])('that fails says with what: %j', async (end, words) => {
    const events = [
      jobIs('build', 'running', 0),
      stepStarts('build', 1, 'make', 0),
      stepEnds('build', 1, 1, { name: 'make', status: 'failed', ...end }),
      jobIs('build', 'failed', 2),
    ];
    expect((await printed(events)).slice(-2)).toEqual([
      `<== make: ${words} (1s)`,
      `--- build: failed after 2s: make: ${words}`,
    ]);
  });

  it('does not fail by a step in the background', async () => {
    const events = [
      jobIs('build', 'running', 0),
      stepStarts('build', 0, './serve', 0),
      stepEnds('build', 0, 1, { name: './serve', status: 'failed', exitCode: 1 }),
      stepStarts('build', 1, 'make', 1),
      stepEnds('build', 1, 2, { name: 'make', status: 'failed', exitCode: 7 }),
      jobIs('build', 'failed', 2),
    ];
    expect((await printed(events)).at(-1)).toBe('--- build: failed after 2s: make: exit code 7');
  });

  it('says of a step in the background that a line is of it', async () => {
    const events = [
      jobIs('build', 'running', 0),
      stepStarts('build', 0, './serve', 0),
      says('build', 0, 'listening\n'),
      stepStarts('build', 1, 'make', 0),
      says('build', 0, 'GET /\n'),
      says('build', 1, 'ok\n'),
    ];
    expect((await printed(events)).slice(1)).toEqual(['==> ./serve', 'listening', '==> make', '[./serve] GET /', 'ok']);
  });

  it('tells a step that is skipped in one line', async () => {
    const events = [
      stepStarts('build', 1, 'make', 0),
      stepEnds('build', 1, 0, { name: 'make', status: 'skipped', reason: 'a step before it failed.' }),
    ];
    expect(await printed(events, { apart: false })).toEqual(['==> make: skipped: a step before it failed.']);
  });

  it('tells what a step said without an end of the line', async () => {
    const events = [
      stepStarts('build', 1, 'make', 0),
      says('build', 1, 'half'),
      stepEnds('build', 1, 1, { name: 'make' }),
    ];
    expect(await printed(events)).toEqual(['==> make', 'half', '<== make: ok (1s)']);
  });

  it('that never ran says why', async () => {
    expect(await printed([jobIs('build', 'not_run', 1, 'a is failed,\nand success is required')])).toEqual([
      '--- build: not run: a is failed,',
      '    and success is required',
    ]);
  });

  it.each([
    [jobIs('hold', 'on_hold', 0), '--- hold: on hold'],
    [{ kind: 'note', text: 'two\nlines\n', at: 0 } as const, 'two'],
  ])('%j', async (event, line) => {
    expect((await printed([event]))[0]).toBe(line);
  });
});

it('of several jobs at a time every line says whose it is', async () => {
  const events = [
    jobIs('build', 'running', 0),
    jobIs('test', 'running', 0),
    stepStarts('test', 0, 'jest', 0, 1),
    stepStarts('build', 1, 'make', 0),
    says('test', 0, 'PASS\n', 1),
    says('build', 1, '\n'),
    stepEnds('test', 0, 3, { name: 'jest' }, 1),
    jobIs('test', 'success', 4),
  ];
  expect(await printed(events, { pipeline: PIPELINE })).toEqual([
    'build   | --- started',
    'test    | --- started',
    'test[1] | ==> jest',
    'build   | ==> make',
    'test[1] | PASS',
    'build   |',
    'test[1] | <== jest: ok (3s)',
    'test    | --- ok after 4s',
  ]);
});

it.each([
  [
    'several jobs, one at a time',
    pipelineOf(
      'jobs: {a: {machine: true, steps: []}, b: {machine: true, steps: []}}\nworkflows: {main: {jobs: [a, b]}}',
    ),
    false,
    '--- a: started',
  ],
  [
    'several nodes of a job',
    pipelineOf('jobs: {a: {machine: true, parallelism: 2, steps: []}}\nworkflows: {main: {jobs: [a]}}'),
    false,
    'a    | --- started',
  ],
])('%s', async (_name, pipeline, prefixed, line) => {
  expect(await printed([jobIs('a', 'running', 0)], { pipeline, prefixed })).toEqual([line]);
});

describe('a silent run', () => {
  it('says within a minute, and every minute, what it waits for', async () => {
    const plain = printer(ONE_JOB);
    plain.listen(jobIs('build', 'running', 0));
    plain.listen(stepStarts('build', 1, 'make', 0));
    await Promise.resolve();
    text = '';
    for (const second of [10, 54, 55, 60, 109, 110]) clock.set(second);
    plain.close();
    expect(text).toBe('... build: make runs for 55s\n... build: make runs for 1m 50s\n');
  });

  it('says so too between steps', () => {
    const plain = printer(ONE_JOB);
    plain.listen(jobIs('build', 'running', 0));
    text = '';
    clock.set(56);
    plain.close();
    expect(text).toBe('... build: still running\n');
  });

  it('says nothing while nothing runs, and nothing when it is over', () => {
    const plain = printer(ONE_JOB);
    clock.set(120);
    plain.close();
    expect([text, clock.running]).toEqual(['', 0]);
  });
});
