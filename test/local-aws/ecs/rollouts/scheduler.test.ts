import { describe, expect, it } from '@jest/globals';

import { breakerThreshold, countsFromZero } from '../../../../src/local-aws/ecs/rollouts/breaker.ts';
import { restartDelayMs, rollingMoves } from '../../../../src/local-aws/ecs/rollouts/scheduler.ts';

const NOTHING = { start: 0, stopPrimary: 0, stopOldReady: 0, stopOldUnready: 0 };

describe('the next moves of a rolling update', () => {
  const tasks = (active: number, ready = active) => ({ active, ready });
  it.each([
    ['all start when the maximum has room for them', [4, 100, 200, tasks(0), tasks(4)], { start: 4 }],
    ['the maximum is rounded down', [3, 50, 150, tasks(0), tasks(3)], { start: 1 }],
    ['only as many as the maximum leaves room for', [4, 100, 125, tasks(0), tasks(4)], { start: 1 }],
    ['an old one goes for each healthy new one', [4, 100, 200, tasks(4, 1), tasks(4)], { stopOldReady: 1 }],
    ['old ones go first when there is no room', [4, 50, 100, tasks(0), tasks(4)], { stopOldReady: 2 }],
    ['no more of them than the minimum allows', [3, 34, 100, tasks(0), tasks(3)], { stopOldReady: 1 }],
    ['the minimum holds while new ones are not healthy', [4, 50, 100, tasks(2, 0), tasks(2)], {}],
    ['a minimum of 100 and a maximum of 100 block', [1, 100, 100, tasks(0), tasks(1)], {}],
    ['old ones that are not healthy go at once', [2, 100, 200, tasks(2, 0), tasks(2, 1)], { stopOldUnready: 1 }],
    ['all old ones go when all new ones are healthy', [2, 100, 200, tasks(2), tasks(2)], { stopOldReady: 2 }],
    ['nothing is wanted', [0, 100, 200, tasks(0), tasks(2)], { stopOldReady: 2 }],
    ['what is too many goes', [1, 100, 200, tasks(3), tasks(0)], { stopPrimary: 2 }],
    ['what is missing starts', [3, 100, 200, tasks(1), tasks(0)], { start: 2 }],
    ['all is as it should be', [2, 100, 200, tasks(2), tasks(0)], {}],
  ] as const)('%s', (_title, [desired, minimumHealthyPercent, maximumPercent, primary, old], moves) => {
    expect(rollingMoves({ desired, minimumHealthyPercent, maximumPercent, primary, old, mayStart: true })).toEqual({
      ...NOTHING,
      ...moves,
    });
  });

  it('a rollout that has failed starts nothing, and leaves what was before as it is', () => {
    const situation = { desired: 2, minimumHealthyPercent: 100, maximumPercent: 200, mayStart: false };
    expect(rollingMoves({ ...situation, primary: tasks(0), old: tasks(2, 1) })).toEqual(NOTHING);
  });
});

describe('the circuit breaker', () => {
  it.each([
    [undefined, 1, 3],
    [undefined, 6, 3],
    [undefined, 7, 4],
    [undefined, 25, 13],
    [undefined, 400, 200],
    [undefined, 1000, 200],
    [{ type: 'BOUNDED_PERCENT', value: 100 }, 10, 10],
    [{ type: 'BOUNDED_PERCENT', value: 10 }, 10, 3],
    [{ type: 'UNBOUNDED_PERCENT', value: 10 }, 10, 1],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 }, 1000, 500],
    [{ type: 'COUNT', value: 7 }, 1000, 7],
  ] as const)('with %j and %d tasks trips at %d failures', (thresholdConfiguration, desired, threshold) => {
    const breaker = { enable: true, rollback: true, ...(thresholdConfiguration && { thresholdConfiguration }) };
    expect(breakerThreshold(breaker, desired)).toBe(threshold);
  });

  it('counts from 0 after a healthy task unless that is switched off', () => {
    expect(countsFromZero({ enable: true, rollback: true })).toBe(true);
    expect(countsFromZero({ enable: true, rollback: true, resetOnHealthyTask: false })).toBe(false);
  });

  it('waits longer after every failure in a row, up to 27 minutes', () => {
    expect([1, 2, 3, 1000].map(restartDelayMs)).toEqual([10_000, 20_000, 30_000, 1_620_000]);
  });
});
