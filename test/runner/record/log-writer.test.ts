import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogWriter } from '../../../src/runner/record/log-writer.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';
import { pipelineOf } from '../support/pipeline-of.ts';

const PIPELINE = pipelineOf('jobs: {build: {machine: true, steps: []}}\nworkflows: {main: {jobs: [build]}}');
const id = { workflow: 'main', job: 'build', node: 0 };

const started = (step: number): RunEvent => ({ kind: 'step-started', id, step, name: `step ${step}`, at: 0 });
const output = (step: number, text: string): RunEvent => ({ kind: 'output', id, step, text, at: 0 });
const ended = (step: number): RunEvent => ({
  kind: 'step-ended',
  id,
  step,
  end: { name: `step ${step}`, kind: 'run', status: 'success', startedAt: '', reruns: 0 },
  at: 0,
});

let folder: string;
let problems: Error[];
let writer: LogWriter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
  problems = [];
  writer = new LogWriter(PIPELINE, folder, (error) => problems.push(error));
});

afterEach(() => {
  writer.close();
  rmSync(folder, { recursive: true });
});

const log = (step: number): string =>
  readFileSync(join(folder, `logs/main/build/0${step + 1}-step-${step}.log`), 'utf8');

it('each step has a log, also while another one runs in the background', () => {
  for (const event of [
    started(0),
    output(0, 'a\n'),
    started(1),
    output(1, 'b\n'),
    output(0, 'c\n'),
    ended(1),
    ended(0),
  ])
    writer.listen(event);
  expect([log(0), log(1)]).toEqual(['a\nc\n', 'b\n']);
});

it('what was said is in the log at once', () => {
  for (const event of [started(0), output(0, 'a\n')]) writer.listen(event);
  expect(log(0)).toBe('a\n');
});

it('a step that says nothing has an empty log', () => {
  for (const event of [started(0), ended(0)]) writer.listen(event);
  expect(log(0)).toBe('');
});

it('what comes after the end is left out', () => {
  for (const event of [started(0), ended(0), output(0, 'late\n')]) writer.listen(event);
  writer.close();
  expect(log(0)).toBe('');
});

it('what can not be written is told once', () => {
  writeFileSync(join(folder, 'logs'), 'no folder');
  for (const event of [started(0), output(0, 'a\n'), ended(0), started(1)]) writer.listen(event);
  expect(problems).toEqual([expect.objectContaining({ code: expect.stringMatching(/^E(NOTDIR|EXIST)$/) })]);
});

describe('the log of a step that says too much', () => {
  beforeEach(() => {
    writer.close();
    writer = new LogWriter(PIPELINE, folder, (error) => problems.push(error), 1000);
  });
  const yes = 'y\n'.repeat(300);

  it('ends at the limit, and says so', () => {
    for (const event of [started(0), output(0, yes), output(0, yes), output(0, yes), output(0, yes), ended(0)])
      writer.listen(event);
    expect(log(0)).toBe(
      `${yes.repeat(2)}\n[The log ends here, at 1000 B: what the step said after this is not kept.]\n`,
    );
  });

  it('leaves the other logs alone', () => {
    for (const event of [started(0), started(1), output(0, yes), output(0, yes), output(1, 'a\n')])
      writer.listen(event);
    expect(log(1)).toBe('a\n');
  });

  it('is told to the user once', () => {
    for (const step of [0, 1]) {
      for (const event of [started(step), output(step, yes), output(step, yes), output(step, yes)])
        writer.listen(event);
    }
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^logs\/main\/build\/01-step-0\.log ends at /),
    ]);
  });

  it('has no more when the step is started again', () => {
    for (const event of [started(0), output(0, yes), output(0, yes), ended(0)]) writer.listen(event);
    const before = log(0);
    for (const event of [started(0), output(0, 'again\n')]) writer.listen(event);
    expect(log(0)).toBe(before);
  });
});
