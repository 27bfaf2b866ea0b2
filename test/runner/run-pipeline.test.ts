import { describe, expect, it } from '@jest/globals';
import type { Pipeline, WorkflowJob } from '../../src/runner/pipeline/pipeline.ts';
import type { RunEvent } from '../../src/runner/run-event.ts';
import { runPipeline, type JobEnd } from '../../src/runner/run-pipeline.ts';
import { environmentOf } from '../../src/runner/pipeline/parts.ts';
import { nowhere } from '../config/support/node-of.ts';

const body: NonNullable<WorkflowJob['job']> = {
  executor: { kind: 'machine', image: 'default' },
  environment: environmentOf(undefined),
  workingDirectory: '~/project',
  shell: 'bash',
  parallelism: 1,
  steps: [],
};

function call(name: string, requires: readonly string[] = [], fields: Partial<WorkflowJob> = {}): WorkflowJob {
  return {
    name,
    type: 'build',
    requires: requires.map((job) => ({ job, statuses: ['success'] })),
    contexts: [],
    job: body,
    at: nowhere,
    ...fields,
  };
}

const approval = (name: string, requires: readonly string[]): WorkflowJob => {
  const { job: _job, ...rest } = call(name, requires, { type: 'approval' });
  return rest;
};

interface Played {
  events: string[];
  statuses: Record<string, string>;
  mostAtOnce: number;
}

interface Play {
  jobs: readonly WorkflowJob[];
  ends?: Readonly<Record<string, JobEnd>>;
  atOnce?: number;
  approved?: boolean;
  /** Cancels the run when this job starts. */
  cancelAt?: string;
}

async function play({ jobs, ends = {}, atOnce = 10, approved = true, cancelAt }: Play): Promise<Played> {
  const pipeline: Pipeline = { workflows: [{ name: 'main', jobs }] };
  const events: string[] = [];
  const canceling = new AbortController();
  let [now, most] = [0, 0];
  const listen = (event: RunEvent): void => {
    if (event.kind === 'job') events.push(`${event.job} ${event.status}${event.reason ? ` (${event.reason})` : ''}`);
  };
  const end = await runPipeline({
    pipeline,
    atOnce,
    listen,
    now: () => 0,
    signal: canceling.signal,
    approve: async () => approved,
    async runJob(_workflow, job) {
      most = Math.max(most, ++now);
      if (job.name === cancelAt) canceling.abort();
      await Promise.resolve();
      now--;
      return canceling.signal.aborted ? { status: 'canceled' } : (ends[job.name] ?? { status: 'success' });
    },
  });
  return { events, statuses: Object.fromEntries(end.get('main') ?? []), mostAtOnce: most };
}

describe('runPipeline', () => {
  it('runs a job as soon as what it requires has succeeded', async () => {
    const { events } = await play({ jobs: [call('deploy', ['build']), call('build')] });
    expect(events).toEqual(['build running', 'build success', 'deploy running', 'deploy success']);
  });

  it('runs side by side what can, and no more at once than is wanted', async () => {
    const jobs = ['a', 'b', 'c', 'd'].map((name) => call(name));
    expect((await play({ jobs })).mostAtOnce).toBe(4);
    expect((await play({ jobs, atOnce: 2 })).mostAtOnce).toBe(2);
  });

  it('does not run what follows a failure, and says why; failures all the way down', async () => {
    const jobs = [call('a'), call('b', ['a']), call('c', ['b'])];
    const { events, statuses } = await play({ jobs, ends: { a: { status: 'failed', reason: 'exit code 3' } } });
    expect(statuses).toEqual({ a: 'failed', b: 'not_run', c: 'not_run' });
    expect(events.slice(1)).toEqual([
      'a failed (exit code 3)',
      'b not_run (a is failed, and success is required)',
      'c not_run (b is not run, and success is required)',
    ]);
  });

  it('holds an approval, and goes on when it is given', async () => {
    const jobs = [approval('hold', []), call('deploy', ['hold'])];
    const { events } = await play({ jobs });
    expect(events).toEqual(['hold on_hold', 'hold success', 'deploy running', 'deploy success']);
  });

  it('ends with the approval on hold when nobody gives it', async () => {
    const { statuses } = await play({ jobs: [approval('hold', []), call('deploy', ['hold'])], approved: false });
    expect(statuses).toEqual({ hold: 'on_hold', deploy: 'waiting' });
  });

  it('starts nothing more after a cancel, not even what requires one', async () => {
    const afterCancel = call('notify', [], { requires: [{ job: 'a', statuses: ['canceled'] }] });
    const { statuses } = await play({ jobs: [call('a'), call('b', ['a']), afterCancel], cancelAt: 'a' });
    expect(statuses).toEqual({ a: 'canceled', b: 'canceled', notify: 'canceled' });
  });

  it('cancels what waited for its turn', async () => {
    const { statuses } = await play({ jobs: [call('a'), call('b')], atOnce: 1, cancelAt: 'a' });
    expect(statuses).toEqual({ a: 'canceled', b: 'canceled' });
  });

  it('passes jobs that run nothing', async () => {
    const { job: _job, ...noOp } = call('point', [], { type: 'no-op' });
    expect((await play({ jobs: [noOp, call('b', ['point'])] })).statuses).toEqual({ point: 'success', b: 'success' });
  });
});
