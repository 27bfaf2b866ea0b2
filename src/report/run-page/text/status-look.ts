import type { JobRecord, JobStatus, RunRecord, WorkflowRecord } from '../../../runner/run-record.ts';
import { STATUS_WORDS, type Status } from '../../status-words.ts';
import { markup, type Markup } from './markup.ts';

/** How a status looks: its words, the class of its colours, and its icon, which differ also without colour. */
interface Look {
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'busy' | 'mute';
  readonly icon: string;
}

const LOOKS: Readonly<Record<Status, Omit<Look, 'words'>>> = {
  success: { tone: 'good', icon: 'i-check' },
  failed: { tone: 'bad', icon: 'i-cross' },
  unauthorized: { tone: 'bad', icon: 'i-lock' },
  canceled: { tone: 'warn', icon: 'i-slash' },
  on_hold: { tone: 'warn', icon: 'i-pause' },
  running: { tone: 'busy', icon: 'i-play' },
  waiting: { tone: 'mute', icon: 'i-dots' },
  not_run: { tone: 'mute', icon: 'i-dash' },
  skipped: { tone: 'mute', icon: 'i-skip' },
  halted: { tone: 'mute', icon: 'i-stop' },
};

const UNKNOWN: Look = { words: 'unknown', tone: 'mute', icon: 'i-dots' };

export function lookOf(status: Status): Look {
  return Object.hasOwn(LOOKS, status) ? { words: STATUS_WORDS[status], ...LOOKS[status] } : UNKNOWN;
}

/** A job's status in words; an approval that succeeded was approved. */
export function jobWords({ type, status }: JobRecord): string {
  return type === 'approval' && status === 'success' ? 'approved' : lookOf(status).words;
}

/** The icon of a status, in its colour, for the eye only. */
export function icon(status: Status): Markup {
  const { tone, icon: name } = lookOf(status);
  return markup`<svg class="i ${tone}" aria-hidden="true"><use href="#${name}"/></svg>`;
}

/** The worst first: what the whole is when one of its parts is that. */
const WORST_FIRST: readonly JobStatus[] = [
  'failed',
  'unauthorized',
  'canceled',
  'running',
  'on_hold',
  'waiting',
  'success',
  'not_run',
];

export function workflowStatus({ jobs }: WorkflowRecord): JobStatus {
  const there = new Set(jobs.map(({ status }) => status));
  return WORST_FIRST.find((status) => there.has(status)) ?? 'not_run';
}

/** By the exit code of `local run`; without one, by the jobs. */
export function runStatus({ exitCode, finishedAt, workflows }: RunRecord): JobStatus {
  if (exitCode === 0) return 'success';
  if (exitCode === 6) return 'canceled';
  if (exitCode === 12) return 'on_hold';
  if (exitCode !== undefined) return 'failed';
  if (finishedAt === undefined) return 'running';
  const there = new Set(workflows.map(workflowStatus));
  return WORST_FIRST.find((status) => there.has(status)) ?? 'not_run';
}

/** As `9 success, 1 failed`, the worst first. */
export function countsText(jobs: readonly JobRecord[]): string {
  return WORST_FIRST.flatMap((status) => {
    const count = jobs.filter((job) => job.status === status).length;
    return count === 0 ? [] : [`${count} ${lookOf(status).words}`];
  }).join(', ');
}

const SHAPES: Readonly<Record<string, string>> = {
  'i-check': '<path d="M4.2 8.4l2.5 2.5 5.1-5.5"/>',
  'i-cross': '<path d="M5 5l6 6M11 5l-6 6"/>',
  'i-lock': '<path d="M5 8h6v3.5H5zM6.2 8V6.3a1.8 1.8 0 0 1 3.6 0V8"/>',
  'i-slash': '<path d="M4.5 11.5l7-7"/>',
  'i-pause': '<path d="M6.3 5v6M9.7 5v6"/>',
  'i-play': '<path d="M6.4 4.8v6.4L11.3 8z"/>',
  'i-dots': '<path d="M4.6 8h.01M8 8h.01M11.4 8h.01"/>',
  'i-dash': '<path d="M5 8h6"/>',
  'i-skip': '<path d="M5 5l3.4 3L5 11M11 5v6"/>',
  'i-stop': '<path d="M5.6 5.6h4.8v4.8H5.6z"/>',
};

/** The icons, once in the page, each a ring with a sign in it; and how bars of failed steps are hatched. */
export const ICONS = `<svg width="0" height="0" class="defs" aria-hidden="true"><defs>${Object.entries(SHAPES)
  .map(([id, shape]) => `<symbol id="${id}" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/>${shape}</symbol>`)
  .join(
    '',
  )}<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatching" d="M0 0V6"/></pattern></defs></svg>`;
