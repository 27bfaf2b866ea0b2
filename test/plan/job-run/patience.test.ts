import { describe, expect, it } from '@jest/globals';
import type { JobDescription } from '../../../src/plan/job-run/job-description.ts';
import { limitReached, timeLeft, waitedOn } from '../../../src/plan/job-run/patience.ts';
import { job } from './describe.ts';

describe('time in which nothing runs', () => {
  const children = (counts: NonNullable<JobDescription['array']>['counts']): Partial<JobDescription> => ({
    status: 'PENDING',
    array: { size: 10, counts },
  });

  it.each<[string, Partial<JobDescription> | undefined, number]>([
    ['a job that was not seen yet', undefined, 70],
    ['SUBMITTED', { status: 'SUBMITTED' }, 70],
    ['PENDING', { status: 'PENDING' }, 70],
    ['RUNNABLE', { status: 'RUNNABLE' }, 70],
    ['STARTING', { status: 'STARTING' }, 0],
    ['RUNNING', { status: 'RUNNING' }, 0],
    ['an array of which all children wait', children({ PENDING: 2, RUNNABLE: 8 }), 70],
    ['an array that AWS has not counted yet', children({}), 70],
    ['an array of which one child runs', children({ RUNNABLE: 9, RUNNING: 1 }), 0],
    ['an array of which one child has ended', children({ RUNNABLE: 9, FAILED: 1 }), 0],
  ])('%s', (_what, told, idle) => {
    expect(waitedOn({ total: 100, idle: 60 }, 10, told && job(told))).toEqual({ total: 110, idle });
  });
});

describe('limits', () => {
  const limits = { timeout: 1000, runnableTimeout: 300 };

  it.each([
    [{ total: 999, idle: 299 }, undefined],
    [{ total: 300, idle: 300 }, 'runnableTimeout'],
    [{ total: 1000, idle: 0 }, 'timeout'],
    [{ total: 1000, idle: 300 }, 'runnableTimeout'],
  ])('%j: %s', (waited, reached) => {
    expect(limitReached(waited, limits)).toBe(reached);
  });

  it('a pause ends no later than the next limit', () => {
    expect(timeLeft({ total: 900, idle: 250 }, limits, job({ status: 'RUNNABLE' }))).toBe(50);
    expect(timeLeft({ total: 900, idle: 0 }, limits, job({ status: 'RUNNING' }))).toBe(100);
    expect(timeLeft({ total: 1200, idle: 0 }, limits, job({ status: 'RUNNING' }))).toBe(0);
  });
});
