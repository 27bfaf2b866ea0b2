import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunRecorder, type RecorderSettings } from '../../../src/runner/record/run-recorder.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';
import type { JobStatus, RunRecord } from '../../../src/runner/run-record.ts';
import { pipelineOf } from '../support/pipeline-of.ts';

const PIPELINE = pipelineOf('jobs: {build: {machine: true, steps: []}}\nworkflows: {main: {jobs: [build]}}');
const FACTS = { number: 3, config: 'c.yml', dirty: false, startedAt: '2026-11-20T03:00:00.000Z' };
const END = { exitCode: 1, finishedAt: '2026-11-20T03:01:00.000Z' };

let folder: string;
let problems: Error[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  problems = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function recorder(settings: Partial<RecorderSettings> = {}): RunRecorder {
  return new RunRecorder({
    pipeline: PIPELINE,
    facts: FACTS,
    folder,
    problem: (error) => problems.push(error),
    delayMs: 0,
    ...settings,
  });
}

const jobIs = (status: JobStatus): RunEvent => ({ kind: 'job', workflow: 'main', job: 'build', status, at: 0 });

const written = (): RunRecord => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;

/** Resolves when the file says so; the test runner's time-out says when it never does. */
async function untilWritten(accept: (record: RunRecord) => boolean): Promise<void> {
  for (;;) {
    if (readdirSync(folder).includes('run.json') && accept(written())) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('run.json', () => {
  it('is there before the first job', async () => {
    const kept = recorder();
    await untilWritten(({ workflows }) => workflows[0]?.jobs[0]?.status === 'waiting');
    expect(written()).toEqual(kept.record);
  });

  it('follows the run, so that a run that was killed is known up to there', async () => {
    const kept = recorder();
    kept.listen(jobIs('running'));
    await untilWritten(({ workflows }) => workflows[0]?.jobs[0]?.status === 'running');
    expect(written()).not.toHaveProperty('finishedAt');
  });

  it('has the end', async () => {
    const kept = recorder({ delayMs: 60_000 });
    kept.listen(jobIs('failed'));
    kept.keep({ workflow: 'main', job: 'build', node: 0 }, { artifacts: ['artifacts/a'] });
    const record = await kept.finish({ ...END, localAws: ['batch: 1'] });
    expect(written()).toEqual(record);
    expect(record).toMatchObject({ ...END, localAws: ['batch: 1'] });
    expect(record.workflows[0]?.jobs[0]).toMatchObject({ status: 'failed', nodes: [{ artifacts: ['artifacts/a'] }] });
  });

  it('leaves nothing else behind, however often it was written', async () => {
    const kept = recorder();
    for (const status of ['running', 'failed', 'running', 'success'] as const) {
      kept.listen(jobIs(status));
      await untilWritten(({ workflows }) => workflows[0]?.jobs[0]?.status === status);
    }
    await kept.finish(END);
    expect(readdirSync(folder)).toEqual(['run.json']);
  });
});

it('other forms of the record are written at the end', async () => {
  const text = ({ exitCode }: RunRecord): string => `exit ${exitCode}`;
  await recorder({ views: [{ file: 'view.txt', text }] }).finish(END);
  expect(readFileSync(join(folder, 'view.txt'), 'utf8')).toBe('exit 1');
});

it('what can not be written is told once, and the run goes on', async () => {
  const kept = recorder({ folder: join(folder, 'gone') });
  kept.listen(jobIs('running'));
  await expect(kept.finish(END)).resolves.toMatchObject(END);
  expect(problems).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
});
