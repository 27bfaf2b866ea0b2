import type { TaskStopCode } from '@aws-sdk/client-ecs';

import type { TaskStatus } from '../tasks/task.ts';

/** How long a task stays in the states that it goes through, in milliseconds of the virtual clock. */
export type TaskDurations = Record<Exclude<TaskStatus, 'RUNNING' | 'STOPPED'>, number>;

/** How one task goes. It is kept with the task, so that it stays when the scenario changes. */
export interface TaskPlay {
  durations: TaskDurations;
  /** From RUNNING until it counts as healthy. */
  healthyMs: number;
  /** From RUNNING until a task that never gets healthy is found to be unhealthy. */
  unhealthyMs: number;
  /** Why it never comes to RUNNING: `CannotPullContainerError: …`. */
  failToStart?: string;
  /** Where it stays until somebody stops it. */
  stuck?: TaskStatus;
  health?: 'never';
  /** What its containers report: `platform`, each the manifest for its platform out of its index; or the first essential one that digest. */
  imageDigest?: string;
  exit?: TaskExit;
  /** What its first essential container writes to its log. */
  log: string[];
}

export interface TaskExit {
  /** Since it was RUNNING, or counted as healthy. */
  afterMs: number;
  from: 'RUNNING' | 'HEALTHY';
  /** By container; `*` is the first essential one. */
  exitCodes: Record<string, number>;
  /** Of the first essential container: `OutOfMemoryError: Container killed due to memory usage`. */
  reason?: string;
  stopCode: TaskStopCode;
  stoppedReason: string;
}
