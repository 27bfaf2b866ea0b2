import { describe, expect, it } from '@jest/globals';
import { firstRecord, stepFacts, withEvent, withKept } from '../../../src/runner/record/record-events.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';
import type { JobRecord, RunRecord, StepRecord } from '../../../src/runner/run-record.ts';
import { pipelineOf } from '../support/pipeline-of.ts';

const PIPELINE = pipelineOf(`
jobs:
  build: {machine: true, steps: [checkout, {run: make}]}
  test: {machine: true, parallelism: 2, steps: [{run: make test}]}
workflows:
  main:
    jobs:
      - build
      - hold: {type: approval}
      - test: {requires: [build, {hold: success}]}
`);
const FACTS = { number: 3, config: '.circleci/config.yml', dirty: false, startedAt: '2026-11-20T03:00:00.000Z' };
const BUILD = { workflow: 'main', job: 'build', node: 0 };
const AT = Date.parse('2026-11-20T03:00:01.000Z');
const AT_TEXT = '2026-11-20T03:00:01.000Z';

const first = firstRecord(PIPELINE, FACTS);

function after(...events: RunEvent[]): RunRecord {
  const facts = stepFacts(PIPELINE);
  return events.reduce((record, event) => withEvent(record, event, facts), first);
}

function jobOf(record: RunRecord, name: string): JobRecord | undefined {
  return record.workflows[0]?.jobs.find((job) => job.name === name);
}

const job = (status: JobRecord['status'], at = AT, reason?: string): RunEvent => ({
  kind: 'job',
  workflow: 'main',
  job: 'build',
  status,
  at,
  ...(reason === undefined ? {} : { reason }),
});

it('at the beginning all jobs wait, with a place for each of their nodes', () => {
  const node = { steps: [], artifacts: [] };
  expect(first).toEqual({
    schema: 'aws-deploy/local-run@1',
    ...FACTS,
    workflows: [
      {
        name: 'main',
        jobs: [
          { name: 'build', type: 'build', status: 'waiting', requires: [], nodes: [node] },
          { name: 'hold', type: 'approval', status: 'waiting', requires: [], nodes: [] },
          {
            name: 'test',
            type: 'build',
            status: 'waiting',
            requires: [
              { job: 'build', statuses: ['success'] },
              { job: 'hold', statuses: ['success'] },
            ],
            nodes: [node, node],
          },
        ],
      },
    ],
  });
});

describe('a job', () => {
  it('has the time when it began', () => {
    expect(jobOf(after(job('running')), 'build')).toMatchObject({ status: 'running', startedAt: AT_TEXT });
  });

  it('has the times of both its ends, and why it failed', () => {
    const ended = jobOf(after(job('running'), job('failed', AT + 1500, 'no disk')), 'build');
    expect(ended).toMatchObject({
      status: 'failed',
      startedAt: AT_TEXT,
      finishedAt: '2026-11-20T03:00:02.500Z',
      reason: 'no disk',
    });
  });

  it('that never ran has no beginning', () => {
    expect(jobOf(after(job('not_run')), 'build')).not.toHaveProperty('startedAt');
  });

  it('leaves the others alone', () => {
    expect(jobOf(after(job('running')), 'test')).toBe(jobOf(first, 'test'));
  });
});

describe('a step', () => {
  const started: RunEvent = { kind: 'step-started', id: BUILD, step: 0, name: 'Checkout code', at: AT };
  const end: StepRecord = {
    name: 'Checkout code',
    kind: 'checkout',
    status: 'failed',
    exitCode: 1,
    startedAt: AT_TEXT,
    finishedAt: AT_TEXT,
    reruns: 2,
  };
  const log = 'logs/main/build/01-checkout-code.log';

  it('that runs is of its kind, and says where its log is', () => {
    expect(jobOf(after(started), 'build')?.nodes[0]?.steps).toEqual([
      { name: 'Checkout code', kind: 'checkout', status: 'running', startedAt: AT_TEXT, reruns: 0, log },
    ]);
  });

  it('that has ended is as its end says', () => {
    const record = after(started, { kind: 'step-ended', id: BUILD, step: 0, end, at: AT });
    expect(jobOf(record, 'build')?.nodes[0]?.steps).toEqual([{ ...end, log }]);
  });

  it('in the background keeps its place', () => {
    const record = after(
      started,
      { kind: 'step-started', id: BUILD, step: 1, name: 'make', at: AT },
      { kind: 'step-ended', id: BUILD, step: 0, end, at: AT },
    );
    expect(jobOf(record, 'build')?.nodes[0]?.steps.map(({ name, status }) => [name, status])).toEqual([
      ['Checkout code', 'failed'],
      ['make', 'running'],
    ]);
  });

  it('is of its node', () => {
    const record = after({ kind: 'step-started', id: { ...BUILD, job: 'test', node: 1 }, step: 0, name: 'x', at: AT });
    expect(jobOf(record, 'test')?.nodes.map(({ steps }) => steps.map((step) => step.log))).toEqual([
      [],
      ['logs/main/test/1/01-x.log'],
    ]);
  });
});

it.each<RunEvent>([
  { kind: 'output', id: BUILD, step: 0, text: 'x\n', at: AT },
  { kind: 'note', text: 'x', at: AT },
])('nothing changes by $kind', (event) => {
  expect(after(event)).toBe(first);
});

it('a node has its artifacts', () => {
  const record = withKept(
    first,
    { workflow: 'main', job: 'test', node: 1 },
    { artifacts: ['artifacts/main/test/1/a'] },
  );
  expect(jobOf(record, 'test')?.nodes.map(({ artifacts }) => artifacts)).toEqual([[], ['artifacts/main/test/1/a']]);
});
