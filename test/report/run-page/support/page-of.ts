import type { JobRecord, RunRecord, StepRecord } from '../../../../src/runner/run-record.ts';
import { logOfText } from './log-of-text.ts';
import { runPage } from '../../../../src/report/run-page/run-page.ts';
import type { RunPageInput } from '../../../../src/report/run-page/run-page-input.ts';
import { after, SAMPLE_RUN, sampleLog } from './sample-run.ts';

export const SAMPLE_LOGS: RunPageInput = { logs: (path, most) => logOfText(sampleLog(path), most) };

export function step(more: Partial<StepRecord> = {}): StepRecord {
  return {
    name: 'Run tests',
    kind: 'run',
    status: 'success',
    startedAt: after(0),
    finishedAt: after(2),
    reruns: 0,
    ...more,
  };
}

export function job(more: Partial<JobRecord> = {}, ...steps: StepRecord[]): JobRecord {
  const nodes = steps.length === 0 ? [] : [{ steps, artifacts: [] }];
  return {
    name: 'build',
    type: 'build',
    status: 'success',
    requires: [],
    startedAt: after(0),
    finishedAt: after(3),
    nodes,
    ...more,
  };
}

export function run(jobs: readonly JobRecord[], more: Partial<RunRecord> = {}): RunRecord {
  const { localAws: _none, commit: _commit, branch: _branch, ...sample } = SAMPLE_RUN;
  return { ...sample, dirty: false, workflows: [{ name: 'main', jobs }], ...more };
}

export function pageOf(record: RunRecord, log = '', more: Partial<RunPageInput> = {}): string {
  return runPage(record, { logs: (_path, most) => logOfText(log, most), ...more });
}

/** What a reader sees: no tags, no style. */
export function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

/** The page's tags with the names of their attributes, and nothing of their values or of the text between. */
export function skeleton(page: string): string[] {
  const body = page.slice(page.indexOf('<body>'));
  return [...body.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
}
