import type { JobRecord, RunRecord } from '../../../runner/run-record.ts';
import { durationText } from '../../../core/duration-text.ts';

/** Anything of the record that starts and may end. */
export interface Timed {
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** Milliseconds since the epoch; undefined for what is no time. */
export function momentOf(time: string | undefined): number | undefined {
  const moment = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(moment) ? undefined : moment;
}

/** How long it took, in words; empty when it has not ended. */
export function tookText({ startedAt, finishedAt }: Timed): string {
  const start = momentOf(startedAt);
  const end = momentOf(finishedAt);
  return start === undefined || end === undefined ? '' : durationText(Math.max(0, end - start));
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** From the first to the last moment that these name. */
export function spanOf(parts: Iterable<Timed>): Span | undefined {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startedAt, finishedAt } of parts) {
    for (const moment of [momentOf(startedAt), momentOf(finishedAt)]) {
      if (moment === undefined) continue;
      start = Math.min(start, moment);
      end = Math.max(end, moment);
    }
  }
  return start <= end ? { start, end } : undefined;
}

/** The time of all that a run has done, from the first job to the last. */
export function runSpan({ workflows, startedAt, finishedAt }: RunRecord): Span | undefined {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  return spanOf([{ startedAt, ...(finishedAt === undefined ? {} : { finishedAt }) }, ...jobs, ...stepsOf(jobs)]);
}

function stepsOf(jobs: readonly JobRecord[]): Timed[] {
  return jobs.flatMap(({ nodes }) => nodes.flatMap(({ steps }) => steps));
}

/** Writes moments in one time zone. */
export interface ClockFace {
  /** As `20 Nov 2026, 10:30:06`. */
  date(moment: number): string;
  /** As `10:30:06`. */
  time(moment: number): string;
  readonly zone: string;
}

/** In UTC when there is no such time zone: what the system calls its own may be none. */
export function clockFace(wanted: string): ClockFace {
  const timeZone = isTimeZone(wanted) ? wanted : 'UTC';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
  const date = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'medium' });
  return { date: (moment) => date.format(moment), time: (moment) => time.format(moment), zone: timeZone };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}
