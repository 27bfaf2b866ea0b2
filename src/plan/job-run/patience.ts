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
