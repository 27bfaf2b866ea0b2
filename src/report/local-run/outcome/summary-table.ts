import { counted } from '../../../core/amount-text.ts';
import type { JobRecord, JobStatus, RunRecord, WorkflowRecord } from '../../../runner/run-record.ts';
import { deployTexts } from './deploy-texts.ts';
import { elapsedText, failedStep, jobReason, TERMINAL_WORDS, type Paint } from '../status-texts.ts';
import { padded, printable, textWidth } from '../terminal-text.ts';

export interface SummarySettings {
  /** Folder of the run, as users can type it. */
  readonly folder: string;
  readonly paint: Paint;
}

/**
 * How a run has ended:
 *
 *     release
 *       ok       build   42s
 *       failed   test    12s  Run tests: exit code 1
 *                             .circleci/local/runs/3/logs/release/test/02-run-tests.log
 *       not run  deploy       test is failed, and success is required
 *       deploys
 *         web 1.4.2 to staging: SUCCESS
 */
export function summaryTable({ workflows }: RunRecord, settings: SummarySettings): string {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  const widths = {
    status: widest(jobs.map(({ status }) => TERMINAL_WORDS[status])),
    name: widest(jobs.map(({ name }) => printable(name))),
    took: widest(jobs.map(tookText)),
  };
  return workflows.map((workflow) => `${workflowLines(workflow, widths, settings).join('\n')}\n`).join('\n');
}

interface Widths {
  readonly status: number;
  readonly name: number;
  readonly took: number;
}

function workflowLines({ name, jobs }: WorkflowRecord, widths: Widths, settings: SummarySettings): string[] {
  const deploys = deployTexts(jobs.flatMap(({ nodes }) => nodes));
  return [
    printable(name),
    ...jobs.flatMap((job) => jobLines(job, widths, settings)),
    ...(deploys.length === 0 ? [] : ['  deploys', ...deploys.map((text) => `    ${text}`)]),
  ];
}

function jobLines(job: JobRecord, { status, name, took }: Widths, { folder, paint }: SummarySettings): string[] {
  const word = TERMINAL_WORDS[job.status];
  const cells = [
    `  ${paint(job.status, word)}${' '.repeat(status - word.length)}`,
    padded(printable(job.name), name),
    tookText(job).padStart(took),
    jobReason(job),
  ];
  const log = job.status === 'failed' ? failedStep(job)?.step.log : undefined;
  const indent = ' '.repeat(2 + status + 2 + name + 2 + took + 2);
  return [cells.join('  ').trimEnd(), ...(log === undefined ? [] : [`${indent}${folder}/${log}`])];
}

function tookText({ startedAt, finishedAt, type }: JobRecord): string {
  if (startedAt === undefined || finishedAt === undefined || type === 'approval') return '';
  return elapsedText(Date.parse(finishedAt) - Date.parse(startedAt));
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}

/** One sentence on a run that has ended, and what to do next. */
export function outcomeText({ workflows, startedAt, finishedAt }: RunRecord): string {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  const named = (...statuses: readonly JobStatus[]): string[] =>
    jobs.filter(({ status }) => statuses.includes(status)).map(({ name }) => printable(name));
  const took = finishedAt === undefined ? '' : ` in ${elapsedText(Date.parse(finishedAt) - Date.parse(startedAt))}`;
  const [failed, held, canceled] = [named('failed', 'unauthorized'), named('on_hold'), named('canceled')];
  if (failed.length > 0)
    return `${failed.length} of ${counted(jobs.length, 'job')} failed${took}: ${failed.join(', ')}.\n`;
  if (canceled.length > 0) return `Canceled${took}: ${canceled.join(', ')}.\n`;
  if (held.length > 0) {
    const flags = held.map((name) => `--approve ${/^[\w./@:+-]+$/.test(name) ? name : JSON.stringify(name)}`).join(' ');
    return `Stopped${took}, as nobody approved ${held.join(', ')}. To go on, run it with ${flags}.\n`;
  }
  const idle = named('not_run').length;
  const elsewhere = jobs.filter(runsElsewhere).length;
  const rest = [
    idle === 0 ? '' : ` ${counted(idle, 'job')} had nothing to do.`,
    elsewhere === 0 ? '' : ` ${counted(elsewhere, 'job')} can run on CircleCI only, and did not run here.`,
  ];
  return `${counted(named('success').length - elsewhere, 'job')} succeeded${took}.${rest.join('')}\n`;
}

/** What only CircleCI can run, as a release, is passed over for the jobs after it. */
function runsElsewhere({ type, nodes, status }: JobRecord): boolean {
  return status === 'success' && nodes.length === 0 && type !== 'approval' && type !== 'no-op';
}
