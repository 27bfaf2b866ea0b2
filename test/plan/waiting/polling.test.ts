import { describe, expect, it } from '@jest/globals';
import {
  afterFailure,
  crediblePassed,
  mayAskMore,
  nextPause,
  timeUntilCalls,
  untilHeartbeat,
  withCalls,
  type CallTimes,
} from '../../../src/plan/waiting/polling.ts';

describe('the pause between two looks', () => {
  it('is 5 s at first and grows to 15 s', () => {
    const pauses = Array.from({ length: 20 }, (_, looks) => nextPause(looks, 0, 0.5));
    expect([pauses[0], pauses.at(-1)]).toEqual([5000, 15_000]);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it('is what the user wants, and does not grow then', () => {
    expect([nextPause(0, 0, 0, 2000), nextPause(50, 0, 0, 2000)]).toEqual([2000, 2000]);
  });

  it.each([
    [10_000, 0, 0.5, 10_000],
    [10_000, 1, 1, 20_000],
    [10_000, 1, 0, 10_000],
    [10_000, 2, 1, 40_000],
    [10_000, 50, 1, 60_000],
    [300_000, 3, 1, 300_000],
  ])('every %d ms, after %d failures (random: %d): %d ms', (pollInterval, failures, random, pause) => {
    expect(nextPause(0, failures, random, pollInterval)).toBe(pause);
  });

  it('doubles with failures in a row, up to a minute', () => {
    expect([1, 2, 3, 4, 9].map((failures) => nextPause(0, failures, 1))).toEqual([
      10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
  });

  it('after failures is spread over its upper half, so that not all come back together', () => {
    expect([nextPause(0, 1, 0), nextPause(0, 1, 1)]).toEqual([5000, 10_000]);
  });

  it('is never shorter after failures than half of what the user wants', () => {
    expect(nextPause(0, 5, 1, 90_000)).toBe(90_000);
  });
});

/** A wait of half an hour: when looks were made, and all calls with them. */
function wait(asked?: number): { looks: number[]; calls: number[]; delayed: number } {
  const looks: number[] = [];
  const calls: number[] = [];
  let made: CallTimes = [];
  let delayed = 0;
  for (let now = 0; now < 1_800_000; now += nextPause(looks.length - 1, 0, 0, asked)) {
    const late = timeUntilCalls(made, now, 1);
    if (late > 0) delayed += 1;
    now += late;
    made = withCalls(made, now);
    calls.push(now);
    looks.push(now);
    if (mayAskMore(made, now, looks.length - 1, asked)) {
      made = withCalls(made, now);
      calls.push(now);
    }
  }
  return { looks, calls, delayed };
}

function mostInAMinute(calls: readonly number[]): number {
  return Math.max(...calls.map((from) => calls.filter((time) => time >= from && time < from + 60_000).length));
}

describe('the calls of a wait', () => {
  it.each([[undefined], [5000], [6000], [10_000], [30_000]])(
    'with a poll interval of %p are at most 12 a minute, and no look waits for what is only asked besides',
    (asked) => {
      const { calls, delayed } = wait(asked);
      expect(mostInAMinute(calls)).toBeLessThanOrEqual(12);
      expect(delayed).toBe(0);
    },
  );

  it('ask besides at most looks when there is room', () => {
    const { looks, calls } = wait();
    expect(calls.length / looks.length).toBeGreaterThan(1.8);
  });

  it('with an interval that is too short for it, the looks wait', () => {
    const { looks, calls } = wait(1000);
    expect(mostInAMinute(calls)).toBe(12);
    expect(looks.length).toBeGreaterThan(300);
  });

  it('that are a minute old count no longer', () => {
    const made = withCalls([], 0, 12);
    expect([timeUntilCalls(made, 59_999, 12), timeUntilCalls(made, 60_000, 12)]).toEqual([1, 0]);
    expect(timeUntilCalls(made, 20_000, 3)).toBe(40_000);
    expect(timeUntilCalls(withCalls([], 0, 9), 20_000, 3)).toBe(0);
  });
});

it.each([
  ['passing', false, 'again-later'],
  ['passing', true, 'again-later'],
  ['expired', false, 'renew-and-again'],
  ['expired', true, 'end'],
  ['lasting', false, 'end'],
] as const)('after a failure that is %s (credentials renewed before: %p): %s', (kind, isRenewed, expected) => {
  expect(afterFailure(kind, isRenewed)).toBe(expected);
});

it('something is said at least every minute', () => {
  expect([untilHeartbeat(0), untilHeartbeat(45_000), untilHeartbeat(70_000)]).toEqual([60_000, 15_000, 0]);
});

describe('time that passed', () => {
  it.each([
    ['as slept', 10_000, 10_000, 10_000],
    ['with slow calls', 55_000, 10_000, 55_000],
    ['the clock was set back by an hour', -3_590_000, 10_000, 10_000],
    ['the clock was set forward by a day', 86_410_000, 10_000, 10_000],
    ['the machine slept for two hours', 7_210_000, 10_000, 10_000],
  ])('%s: %d ms by the clock', (_what, byClock, slept, passed) => {
    expect(crediblePassed(byClock, slept)).toBe(passed);
  });
});
