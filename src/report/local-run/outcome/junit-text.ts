import type { JobRecord, NodeRecord, RunRecord, StepRecord } from '../../../runner/run-record.ts';
import { TERMINAL_WORDS, stepEndText } from '../status-texts.ts';
import { printable } from '../terminal-text.ts';

/** A run as JUnit's XML: a suite for each job, and in it a case for each step; a job without steps is a case itself. */
export function junitText(record: RunRecord): string {
  const suites = record.workflows.flatMap(({ name, jobs }) => jobs.map((job) => suiteOf(`${name}/${job.name}`, job)));
  const cases = suites.flatMap((suite) => suite.cases);
  const attributes = { name: `aws-deploy local run ${record.number}`, ...totals(cases), ...timeOf(record) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributesText(attributes)}>`,
    ...suites.flatMap(({ name, job, cases: own }) => [
      `  <testsuite${attributesText({ name, ...totals(own), ...timeOf(job), ...(job.startedAt === undefined ? {} : { timestamp: job.startedAt }) })}>`,
      ...own.flatMap((each) => caseLines(each, name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

type Verdict = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly seconds: number;
  readonly log?: string;
}

function suiteOf(name: string, job: JobRecord): { name: string; job: JobRecord; cases: Case[] } {
  const cases = job.nodes.flatMap((node, index) => nodeCases(node, job.nodes.length > 1 ? ` (node ${index})` : ''));
  const tellsFailure = cases.some(({ verdict }) => verdict === 'failure' || verdict === 'error');
  const isBad = job.status === 'failed' || job.status === 'unauthorized' || job.status === 'canceled';
  return { name, job, cases: cases.length === 0 || (isBad && !tellsFailure) ? [...cases, jobCase(job)] : cases };
}

function nodeCases({ steps }: NodeRecord, node: string): Case[] {
  return steps.map((step, index) => ({
    name: `${index + 1}. ${step.name}${node}`,
    ...verdictOf(step),
    seconds: secondsOf(step),
    ...(step.log === undefined ? {} : { log: step.log }),
  }));
}

function verdictOf(step: StepRecord): { verdict: Verdict; message: string } {
  const message = stepEndText(step);
  switch (step.status) {
    case 'success':
    case 'halted':
      return { verdict: 'passed', message };
    case 'failed':
      return step.background ? { verdict: 'skipped', message } : { verdict: 'failure', message };
    case 'skipped':
      return { verdict: 'skipped', message };
    case 'canceled':
      return step.background ? { verdict: 'passed', message } : { verdict: 'error', message };
    case 'running':
      return { verdict: 'error', message: 'it did not end' };
  }
}

function jobCase(job: JobRecord): Case {
  const message = job.reason ?? TERMINAL_WORDS[job.status];
  const verdict = job.status === 'success' ? 'passed' : job.status === 'not_run' ? 'skipped' : 'error';
  const isWaiting = job.status === 'waiting' || job.status === 'on_hold';
  return { name: job.name, verdict: isWaiting ? 'skipped' : verdict, message, seconds: 0 };
}

function caseLines({ name, verdict, message, seconds, log }: Case, suite: string): string[] {
  const head = `    <testcase${attributesText({ name, classname: suite, time: seconds.toFixed(3) })}`;
  const inside = [
    ...(verdict === 'passed' ? [] : [`      <${verdict}${attributesText({ message })}/>`]),
    ...(log === undefined ? [] : [`      <system-out>${escaped(log)}</system-out>`]),
  ];
  return inside.length === 0 ? [`${head}/>`] : [`${head}>`, ...inside, '    </testcase>'];
}

function totals(cases: readonly Case[]): Readonly<Record<string, string>> {
  const count = (verdict: Verdict): string => String(cases.filter((each) => each.verdict === verdict).length);
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

type Timed = Pick<StepRecord, 'finishedAt'> & { readonly startedAt?: string };

function timeOf(timed: Timed): Readonly<Record<string, string>> {
  return { time: secondsOf(timed).toFixed(3) };
}

function secondsOf({ startedAt, finishedAt }: Timed): number {
  if (startedAt === undefined || finishedAt === undefined) return 0;
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 can't hold most control characters, and no half of a surrogate pair. */
function escaped(text: string): string {
  return printable(text.replaceAll('\n', ' '))
    .replaceAll(/[\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}
