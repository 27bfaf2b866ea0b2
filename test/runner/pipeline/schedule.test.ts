import { describe, expect, it } from '@jest/globals';
import { nextMoves } from '../../../src/runner/pipeline/schedule.ts';
import type { FinalStatus, Workflow, WorkflowJob } from '../../../src/runner/pipeline/pipeline.ts';
import type { JobStatus } from '../../../src/runner/run-record.ts';
import { nowhere } from '../../config/support/node-of.ts';

type Required = Readonly<Record<string, readonly FinalStatus[]>>;

function workflowOf(jobs: Readonly<Record<string, Required>>): Workflow {
  const calls = Object.entries(jobs).map(([name, requires]): WorkflowJob => ({
    name,
    type: 'build',
    requires: Object.entries(requires).map(([job, statuses]) => ({ job, statuses })),
    contexts: [],
    at: nowhere,
  }));
  return { name: 'main', jobs: calls };
}

function movesOf(jobs: Readonly<Record<string, Required>>, statuses: Readonly<Record<string, JobStatus>>) {
  const { start, giveUp } = nextMoves(workflowOf(jobs), new Map(Object.entries(statuses)));
  return { start: start.map(({ name }) => name), giveUp: giveUp.map(({ job }) => job.name) };
}

describe('which job is next', () => {
  const after = (...statuses: FinalStatus[]): Readonly<Record<string, Required>> => ({ a: {}, b: { a: statuses } });

  it.each<[string, Readonly<Record<string, Required>>, Readonly<Record<string, JobStatus>>, string[], string[]]>([
    ['what requires nothing starts', after('success'), { a: 'waiting', b: 'waiting' }, ['a'], []],
    ['a running job is waited for', after('success'), { a: 'running', b: 'waiting' }, [], []],
    ['an approval on hold is waited for', after('success'), { a: 'on_hold', b: 'waiting' }, [], []],
    ['after success', after('success'), { a: 'success', b: 'waiting' }, ['b'], []],
    ['not after a failure', after('success'), { a: 'failed', b: 'waiting' }, [], ['b']],
    ['after a failure that is required', after('failed'), { a: 'failed', b: 'waiting' }, ['b'], []],
    ['not after success when a failure is required', after('failed'), { a: 'success', b: 'waiting' }, [], ['b']],
    ['after any of several', after('failed', 'canceled'), { a: 'canceled', b: 'waiting' }, ['b'], []],
    ['not after a job that did not run', after('success'), { a: 'not_run', b: 'waiting' }, [], ['b']],
    ['after one that did not run, where that is required', after('not_run'), { a: 'not_run', b: 'waiting' }, ['b'], []],
    ['a job that is not there is not waited for', { b: { gone: ['success'] } }, { b: 'waiting' }, ['b'], []],
    [
      'all that are required have to end',
      { a: {}, b: {}, c: { a: ['success'], b: ['success'] } },
      { a: 'success', b: 'running', c: 'waiting' },
      [],
      [],
    ],
    ['what has ended is not started again', { a: {} }, { a: 'success' }, [], []],
  ])('%s', (_what, jobs, statuses, start, giveUp) => {
    expect(movesOf(jobs, statuses)).toEqual({ start, giveUp });
  });
});
