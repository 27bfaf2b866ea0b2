import { durationText } from '../../core/duration-text.ts';
import type { JobRecord, JobStatus, StepRecord } from '../../runner/run-record.ts';
import { STATUS_WORDS, type Status } from '../status-words.ts';
import { clipped, printable } from './terminal-text.ts';

/** How a terminal tells each status: words that also say it without a colour. Where all goes well, they are short. */
export const TERMINAL_WORDS: Readonly<Record<Status, string>> = { ...STATUS_WORDS, success: 'ok' };

const COLORS: Readonly<Record<JobStatus, number>> = {
  success: 32,
  failed: 31,
  canceled: 33,
  unauthorized: 31,
  not_run: 2,
  waiting: 2,
  running: 36,
  on_hold: 33,
};

/** Puts the colour of a status around a text; without colours the text stays as it is. */
export type Paint = (status: JobStatus, text: string) => string;

export const plainPaint: Paint = (_status, text) => text;

export const colorPaint: Paint = (status, text) => `\u001B[${COLORS[status]}m${text}\u001B[0m`;

/** The time that something has taken up to now, in whole seconds: `0s`, `1m 23s`. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return seconds === 0 ? '0s' : durationText(seconds * 1000);
}

/** How a step ended, in words: `exit code 1`, or why. */
export function stepEndText({ status, exitCode, reason }: StepRecord): string {
  if (reason !== undefined) return printable(reason.split('\n')[0] ?? '');
  if (status === 'failed' && exitCode !== undefined) return `exit code ${exitCode}`;
  return TERMINAL_WORDS[status];
}

/** The step that made a job fail, the first one of all nodes, with the number of its node. */
export function failedStep({ nodes }: JobRecord): { readonly step: StepRecord; readonly node: number } | undefined {
  const failed = nodes.flatMap(({ steps }, node) => {
    const step = steps.find(({ status, background }) => status === 'failed' && !background);
    return step ? [{ step, node }] : [];
  });
  return failed.toSorted((a, b) => (a.step.finishedAt ?? '').localeCompare(b.step.finishedAt ?? ''))[0];
}

/** Names of steps without one are commands, which may be long. */
const LONGEST_NAME = 72;

export function shortName(name: string): string {
  return clipped(printable(name), LONGEST_NAME);
}

/** Why a job has the status that it has, in one line; empty when there is nothing to say. */
export function jobReason(job: JobRecord): string {
  const failed = job.status === 'failed' ? failedStep(job) : undefined;
  if (!failed) return printable(job.reason?.split('\n')[0] ?? '');
  const node = job.nodes.length > 1 ? ` (node ${failed.node})` : '';
  return `${shortName(failed.step.name)}${node}: ${stepEndText(failed.step)}`;
}
