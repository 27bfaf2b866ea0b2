import { counted } from '../../../core/amount-text.ts';
import { isFinal } from '../../../runner/pipeline/schedule.ts';
import type { JobStatus } from '../../../runner/run-record.ts';
import type { JobProgress, StepFailure } from './run-progress.ts';
import { elapsedText, TERMINAL_WORDS, stepEndText, type Paint } from '../status-texts.ts';
import { clipped, padded, printable, textWidth } from '../terminal-text.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

const STATUS_WIDTH = 'canceled'.length;
const DURATION_WIDTH = '59m 59s'.length;
const WIDEST_LABEL = 32;

/** What moves comes first, and what can be done about something before what only waits. */
const ORDER: readonly JobStatus[] = ['running', 'on_hold', 'waiting'];

/**
 * What a terminal shows of a run right now: the jobs that have not ended, and a line about all. No line is wider than the
 * terminal, and there are fewer lines than rows.
 * @param now milliseconds since the epoch
 */
export function liveFrame(
  { jobs, startedAt }: { readonly jobs: readonly JobProgress[]; readonly startedAt: number },
  { columns, rows }: FrameSize,
  now: number,
  paint: Paint,
): string[] {
  const width = Math.max(1, columns - 1);
  const unfinished = ORDER.flatMap((status) => jobs.filter((job) => job.status === status));
  const room = Math.max(0, rows - 2);
  const shown = unfinished.length > room ? unfinished.slice(0, Math.max(0, room - 1)) : unfinished;
  const hidden = unfinished.length - shown.length;
  const column = labelColumn(jobs, columns);
  return [
    ...shown.map((job) => jobLine(job, { jobs, column, width, now, paint })),
    ...(hidden > 0 && room > 0 ? [clipped(`${' '.repeat(STATUS_WIDTH)}  and ${hidden} more`, width)] : []),
    clipped(totalsText(jobs, now - startedAt), width),
  ];
}

/** What stays on a terminal of a job that has ended; what its failed step said last, and where all of it is. */
export function endedJobLines(job: JobProgress, { jobs, columns, logOf, paint }: EndedJobView): string[] {
  const { status, startedAt, endedAt, failure, reason = '' } = job;
  const took = startedAt === undefined || endedAt === undefined ? '' : elapsedText(endedAt - startedAt);
  const failed = status === 'failed' ? failure : undefined;
  const [why = '', ...more] = (failed ? `${failed.end.name}: ${stepEndText(failed.end)}` : reason).split('\n');
  const column = labelColumn(jobs, columns);
  return [
    rowText({ status, label: job.label, took, detail: printable(why), column }, paint).trimEnd(),
    ...more.map((line) => `    ${printable(line)}`),
    ...(failed ? [...failed.tail.map((line) => `    | ${line}`), `    log: ${logOf(failed)}`] : []),
  ];
}

export interface EndedJobView {
  readonly jobs: readonly JobProgress[];
  readonly columns: number;
  /** Where the log of a failed step is, as users can type it. */
  readonly logOf: (failure: StepFailure) => string;
  readonly paint: Paint;
}

interface FrameSettings {
  readonly jobs: readonly JobProgress[];
  /** Columns for labels. */
  readonly column: number;
  readonly width: number;
  readonly now: number;
  readonly paint: Paint;
}

function jobLine(job: JobProgress, { jobs, column, width, now, paint }: FrameSettings): string {
  const { status, label, startedAt } = job;
  const took = startedAt === undefined || status === 'on_hold' ? '' : elapsedText(now - startedAt);
  const taken = STATUS_WIDTH + 2 + column + 2 + DURATION_WIDTH + 2;
  if (width <= taken) return clipped(`${padded(TERMINAL_WORDS[status], STATUS_WIDTH)}  ${label}`, width);
  return rowText({ status, label, took, detail: clipped(detailOf(job, jobs), width - taken), column }, paint).trimEnd();
}

function rowText(
  {
    status,
    label,
    took,
    detail,
    column,
  }: { status: JobStatus; label: string; took: string; detail: string; column: number },
  paint: Paint,
): string {
  const word = TERMINAL_WORDS[status];
  const gap = ' '.repeat(Math.max(0, STATUS_WIDTH - word.length));
  return `${paint(status, word)}${gap}  ${padded(clipped(label, column), column)}  ${took.padStart(DURATION_WIDTH)}  ${detail}`;
}

function detailOf({ status, step, lastLine, requires }: JobProgress, jobs: readonly JobProgress[]): string {
  if (status === 'on_hold') return 'waits for your approval';
  if (status === 'waiting') {
    const pending = requires.filter((label) => jobs.some((job) => job.label === label && !isFinal(job.status)));
    return pending.length === 0 ? 'waits for its turn' : `after ${pending.join(', ')}`;
  }
  if (step === undefined) return '';
  return lastLine === '' ? step : `${step}: ${lastLine.trim()}`;
}

function labelColumn(jobs: readonly JobProgress[], columns: number): number {
  const widest = Math.max(0, ...jobs.map(({ label }) => textWidth(label)));
  return Math.min(widest, WIDEST_LABEL, Math.max(4, Math.floor(columns / 3)));
}

function totalsText(jobs: readonly JobProgress[], ms: number): string {
  const count = (status: JobStatus): number => jobs.filter((job) => job.status === status).length;
  const ended = jobs.filter(({ status }) => isFinal(status)).length;
  const counts = (['failed', 'running', 'on_hold'] as const).flatMap((status) =>
    count(status) === 0 ? [] : [`${count(status)} ${TERMINAL_WORDS[status]}`],
  );
  return [`${ended} of ${counted(jobs.length, 'job')} done`, ...counts, elapsedText(ms)].join(', ');
}
