import type { JobStatus, StepRecord } from '../runner/run-record.ts';

export type Status = JobStatus | StepRecord['status'];

/** What each status of a job or a step of a local run is called. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  success: 'success',
  failed: 'failed',
  unauthorized: 'unauthorized',
  canceled: 'canceled',
  on_hold: 'on hold',
  running: 'running',
  waiting: 'waiting',
  not_run: 'not run',
  skipped: 'skipped',
  halted: 'halted',
};
