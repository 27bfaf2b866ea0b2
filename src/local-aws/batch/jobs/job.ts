import type { JobDetail, JobStatus } from '@aws-sdk/client-batch';
import { createHash } from 'node:crypto';

import type { BatchRegion } from '../state.ts';
import type { Play } from './job-rules.ts';

/** A job, an array of jobs, or one of an array. Plain JSON; times are milliseconds since the epoch, as Batch has them. */
export interface Job {
  /** As DescribeJobs gives it, but for the counts of an array. */
  detail: JobDetail & { status: JobStatus; jobId: string; jobName: string };
  region: string;
  /** Counts the submissions of a region; the children of an array have their parent's. */
  number: number;
  /** IDs of the unfinished jobs that it waits for. */
  waitsFor: string[];
  /** When its state changes by itself. */
  nextAt?: number;
  /** When it last became RUNNABLE. */
  runnableAt?: number;
  attempt?: Attempt;
  /** Why it is to be stopped or cancelled; what DescribeJobs says in the end. */
  stop?: { statusReason: string };
  parentId?: string;
  /** Of an array: how many children are not finished, and how many failed. */
  children?: { unfinished: number; failed: number };
}

/** An attempt that is under way, from RUNNABLE on. */
export interface Attempt {
  /** ECS's, which names the log stream too. */
  taskId: string;
  play: Play;
  /** A process or container does the work; it does not outlive this program. */
  isReal?: boolean;
  startedAt?: number;
  timesOutAt?: number;
}

export const JOB_STATES = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const satisfies readonly JobStatus[];

export function isFinished({ detail: { status } }: Job): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** `…:job-definition/crawl:3` → `crawl` */
export function definitionNameOf({ detail }: Job): string {
  return detail.jobDefinition!.split('/').at(-1)!.split(':')[0]!;
}

/** How long Batch promises to remember a finished job. */
const RETENTION_MS = 7 * 86_400_000;

/** The jobs of a region without those that Batch has forgotten by `now`. */
export function jobsIn(region: BatchRegion, now: Date): Map<string, Job> {
  const oldest = now.getTime() - RETENTION_MS;
  for (const [id, job] of region.jobs) {
    if (isFinished(job) && job.parentId === undefined && job.detail.stoppedAt! < oldest) {
      region.jobs.delete(id);
      for (let index = 0; index < (job.detail.arrayProperties?.size ?? 0); index += 1) {
        region.jobs.delete(`${id}:${index}`);
      }
    }
  }
  return region.jobs;
}

/** A version 4 UUID that is the same for the same thing, so that equal histories give equal states. */
export function uuidOf(thing: string): string {
  const hex = createHash('sha256').update(thing).digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
