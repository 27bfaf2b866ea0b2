import { durationText } from '../../core/duration-text.ts';
import { endText, isFinished, type JobDescription, type JobStatus } from './job-description.ts';
import { waitingReason } from './waiting-reason.ts';

export interface Said {
  level: 'info' | 'warn';
  text: string;
}

/** The order of a job's life. */
const ORDER: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'];

/**
 * What is new in a description of a job, compared with the one before: its state, attempts that ended, children of an
 * array, and why it waits. Empty when nothing has changed.
 */
export function whatIsNew(before: JobDescription | undefined, job: JobDescription): Said[] {
  return [...endedAttempts(before, job), ...newState(before, job), ...newReason(before, job)];
}

function endedAttempts(before: JobDescription | undefined, job: JobDescription): Said[] {
  const ended = (attempts: JobDescription['attempts'] = []) =>
    attempts.filter(({ stoppedAt }) => stoppedAt !== undefined);
  const already = ended(before?.attempts).length;
  return ended(job.attempts)
    .slice(already)
    .map(({ containers, statusReason, startedAt, stoppedAt }, index) => {
      const ran =
        startedAt === undefined || stoppedAt === undefined ? '' : ` after ${durationText(stoppedAt - startedAt)}`;
      const text = `Attempt ${already + index + 1} ended${ran}: ${endText(containers, statusReason)}`;
      return { level: 'info', text };
    });
}

function newState(before: JobDescription | undefined, job: JobDescription): Said[] {
  if (before && before.status === job.status && countsText(before) === countsText(job)) return [];
  return [{ level: 'info', text: stateText(job) }];
}

/** `RUNNABLE`, and for an array `PENDING (3 RUNNABLE, 2 RUNNING, 5 SUCCEEDED)`. */
export function stateText(job: JobDescription): string {
  const counts = countsText(job);
  return counts === '' ? job.status : `${job.status} (${counts})`;
}

function countsText({ array }: JobDescription): string {
  if (!array) return '';
  return ORDER.flatMap((status) => (array.counts[status] ? [`${array.counts[status]} ${status}`] : [])).join(', ');
}

function newReason(before: JobDescription | undefined, job: JobDescription): Said[] {
  if (job.statusReason === undefined || isFinished(job) || before?.statusReason === job.statusReason) return [];
  const { reason, means, todo } = waitingReason(job.statusReason);
  const text = [`AWS says: ${reason}`, ...(means ? [`that is, ${means}`] : [])].join('; ');
  return [{ level: todo ? 'warn' : 'info', text: todo ? `${text}. ${todo}` : text }];
}

/** What is said when nothing has changed for a while. */
export function stillText(job: JobDescription | undefined, waitedMs: number): string {
  return `Still ${job ? stateText(job) : 'waiting'} after ${durationText(waitedMs)}`;
}

/** @param place from 1; 0 when the job is not among the first 100 of its queue */
export function queuePlaceText(place: number): string {
  if (place === 1) return 'It is the first in its queue';
  if (place === 2) return 'There is one job before it in the queue';
  return `There are ${place > 0 ? place - 1 : '100 or more'} jobs before it in the queue`;
}
