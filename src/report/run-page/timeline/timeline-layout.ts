import type { StepRecord } from '../../../runner/run-record.ts';
import { durationText } from '../../../core/duration-text.ts';
import { momentOf, type Span } from '../text/moments.ts';
import type { PageJob, PageWorkflow } from '../page-run.ts';

/** A row of the timeline: a job, or one of its nodes. Places are parts of the whole time, from 0 to 1. */
export interface TimelineRow {
  readonly job: PageJob;
  /** As `CIRCLE_NODE_INDEX` has it; undefined when the job has one only. */
  readonly node: number | undefined;
  readonly span: Span;
  readonly bar: Bar;
  readonly steps: readonly StepBar[];
}

export interface Bar {
  readonly from: number;
  readonly to: number;
}

export interface StepBar extends Bar {
  readonly step: StepRecord;
  readonly span: Span;
  /** 1 for a step in the background: later ones run at the same time. */
  readonly lane: 0 | 1;
}

/** Rows of the jobs of a workflow that have started, by their start. What has not ended goes on to the end of the whole. */
export function timelineRows({ jobs }: PageWorkflow, whole: Span): TimelineRow[] {
  const rows = jobs.flatMap((job): TimelineRow[] => {
    const span = spanIn(job.record, whole);
    if (span === undefined) return [];
    const several = job.nodes.length > 1;
    const nodes = job.nodes.length === 0 ? [undefined] : job.nodes;
    return nodes.map((node, index) => {
      const own = several ? nodeSpan(node?.record.steps ?? [], span, whole) : span;
      const steps = stepBars(node?.record.steps ?? [], whole);
      return { job, node: several ? index : undefined, span: own, bar: barOf(own, whole), steps };
    });
  });
  return rows.toSorted((a, b) => (a.job === b.job ? 0 : a.span.start - b.span.start));
}

/** A node begins with its job and ends with its last step. */
function nodeSpan(steps: readonly StepRecord[], job: Span, whole: Span): Span {
  const ends = steps.flatMap((step) => spanIn(step, whole)?.end ?? []);
  return ends.length === 0
    ? job
    : { start: job.start, end: ends.reduce((most, end) => Math.max(most, end), job.start) };
}

function stepBars(steps: readonly StepRecord[], whole: Span): StepBar[] {
  return steps.flatMap((step) => {
    const span = step.status === 'skipped' ? undefined : spanIn(step, whole);
    return span === undefined ? [] : { step, span, lane: step.background ? 1 : 0, ...barOf(span, whole) };
  });
}

function spanIn(
  { startedAt, finishedAt }: { readonly startedAt?: string; readonly finishedAt?: string },
  whole: Span,
): Span | undefined {
  const start = momentOf(startedAt);
  if (start === undefined) return undefined;
  return { start, end: Math.max(start, momentOf(finishedAt) ?? whole.end) };
}

function barOf({ start, end }: Span, whole: Span): Bar {
  const length = Math.max(1, whole.end - whole.start);
  const part = (moment: number): number => Math.min(1, Math.max(0, (moment - whole.start) / length));
  return { from: part(start), to: part(end) };
}

export interface Tick {
  readonly at: number;
  readonly text: string;
  /** Every other one, which narrow pages leave out. */
  readonly isMinor: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const INTERVALS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
];
const MOST_TICKS = 9;

/** Marks of the axis, at most ten, at round times since the start. */
export function ticksOf({ start, end }: Span): Tick[] {
  const length = Math.max(1, end - start);
  const day = 24 * HOUR;
  const interval = INTERVALS.find((each) => length / each <= MOST_TICKS) ?? Math.ceil(length / day / MOST_TICKS) * day;
  const count = Math.floor(length / interval);
  return Array.from({ length: count + 1 }, (_, index) => ({
    at: (index * interval) / length,
    text: tickText(index * interval),
    isMinor: index % 2 === 1,
  }));
}

function tickText(ms: number): string {
  if (ms === 0) return '0';
  return ms > SECOND && ms % SECOND !== 0 ? `${ms / SECOND}s` : durationText(ms);
}
