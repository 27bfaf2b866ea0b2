import { isWaiting, type JobDescription } from './job-description.ts';

/** How long a wait may take, in milliseconds. */
export interface Limits {
  /** For the whole wait. */
  timeout: number;
  /** For a job, or an array, of which nothing runs. */
  runnableTimeout: number;
}

/** How long it has taken, in milliseconds. */
export interface Waited {
  total: number;
  /** Since nothing of the job runs; 0 while it does. */
  idle: number;
}

export const NOT_WAITED: Waited = { total: 0, idle: 0 };

/** More than any call takes, with its repetitions: a clock that moved further between two looks at it was set. */
const CREDIBLE_MS = 120_000;

/**
 * How much time passed in a stretch of waiting. The clock of the machine may be set, or the machine may sleep: such a
 * jump neither ends a wait nor makes it endless, because then the time that was slept on purpose counts.
 * @param byClock what the clock says
 * @param slept what was slept in that stretch
 */
export function crediblePassed(byClock: number, slept: number): number {
  return byClock < slept || byClock > slept + CREDIBLE_MS ? slept : byClock;
}

/** @param last what DescribeJobs said last; undefined while it has said nothing */
export function waitedOn(
  waited: Waited,
  passed: number,
  last: Pick<JobDescription, 'status' | 'array'> | undefined,
): Waited {
  const idle = last === undefined || isWaiting(last) ? waited.idle + passed : 0;
  return { total: waited.total + passed, idle };
}

/** Which of the limits has been reached; undefined while there is time left. */
export function limitReached(waited: Waited, limits: Limits): keyof Limits | undefined {
  if (waited.idle >= limits.runnableTimeout) return 'runnableTimeout';
  return waited.total >= limits.timeout ? 'timeout' : undefined;
}

/** Time until the next limit, in milliseconds. */
export function timeLeft(
  waited: Waited,
  limits: Limits,
  last: Pick<JobDescription, 'status' | 'array'> | undefined,
): number {
  const total = limits.timeout - waited.total;
  const idle = last === undefined || isWaiting(last) ? limits.runnableTimeout - waited.idle : Infinity;
  return Math.max(0, Math.min(total, idle));
}

const LONGEST_PAUSE_MS = 60_000;

/**
 * The pause before the next look at the job: the poll interval, and after failures in a row longer and longer, up to a
 * minute or the interval.
 * @param random from 0 to 1, so that jobs that are throttled together do not come back together
 */
export function nextPause(pollInterval: number, failuresInARow: number, random: number): number {
  if (failuresInARow === 0) return pollInterval;
  const longest = Math.max(pollInterval, LONGEST_PAUSE_MS);
  return Math.min(longest, pollInterval * 2 ** failuresInARow) * (0.5 + random / 2);
}
