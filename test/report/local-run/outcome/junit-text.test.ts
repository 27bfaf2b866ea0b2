import { describe, expect, it } from '@jest/globals';
import { junitText } from '../../../../src/report/local-run/outcome/junit-text.ts';
import type { JobRecord, RunRecord, StepRecord } from '../../../../src/runner/run-record.ts';

const START = '2026-11-20T03:00:00.000Z';

const job = (more: Partial<JobRecord>): JobRecord => ({
  name: 'build',
  type: 'build',
  status: 'success',
  requires: [],
  nodes: [],
  ...more,
});

const step = (more: Partial<StepRecord>): StepRecord => ({
  name: 'make',
  kind: 'run',
  status: 'success',
  startedAt: START,
  reruns: 0,
  ...more,
});

const ofSteps = (status: JobRecord['status'], ...steps: readonly StepRecord[]): JobRecord =>
  job({ status, nodes: [{ steps, artifacts: [] }] });

function junitOf(...jobs: readonly JobRecord[]): string {
  const record: RunRecord = {
    schema: 'aws-deploy/local-run@1',
    number: 3,
    config: 'config.yml',
    dirty: false,
    startedAt: START,
    finishedAt: '2026-11-20T03:01:23.000Z',
    workflows: [{ name: 'main', jobs }],
  };
  return junitText(record);
}

it('a run is a suite for each job, and a case for each step', () => {
  const steps = [
    step({ finishedAt: '2026-11-20T03:00:01.500Z', log: 'logs/a.log' }),
    step({ name: 'Test <all> & "more"\u0000', status: 'failed', exitCode: 2 }),
  ];
  expect(
    junitOf(
      { ...ofSteps('failed', ...steps), startedAt: START, finishedAt: '2026-11-20T03:00:02.000Z' },
      job({ name: 'deploy', status: 'not_run', reason: 'build is failed' }),
    ),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aws-deploy local run 3" tests="3" failures="1" errors="0" skipped="1" time="83.000">
  <testsuite name="main/build" tests="2" failures="1" errors="0" skipped="0" time="2.000" timestamp="${START}">
    <testcase name="1. make" classname="main/build" time="1.500">
      <system-out>logs/a.log</system-out>
    </testcase>
    <testcase name="2. Test &lt;all&gt; &amp; &quot;more&quot;" classname="main/build" time="0.000">
      <failure message="exit code 2"/>
    </testcase>
  </testsuite>
  <testsuite name="main/deploy" tests="1" failures="0" errors="0" skipped="1" time="0.000">
    <testcase name="deploy" classname="main/deploy" time="0.000">
      <skipped message="build is failed"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

describe('a case', () => {
  it.each([
    [step({ status: 'halted' }), []],
    [step({ status: 'skipped', reason: 'not now' }), ['<skipped message="not now"/>']],
    [step({ status: 'canceled' }), ['<error message="canceled"/>']],
    [step({ status: 'running' }), ['<error message="it did not end"/>']],
    [step({ status: 'failed', background: true, exitCode: 1 }), ['<skipped message="exit code 1"/>']],
    [step({ status: 'canceled', background: true }), []],
  ])('of %j', (given, verdicts) => {
    expect(junitOf(ofSteps('success', given)).match(/<(?:failure|error|skipped) .*>/g) ?? []).toEqual(verdicts);
  });

  it.each([
    [job({ status: 'unauthorized', reason: 'no context' }), '<error message="no context"/>'],
    [job({ status: 'on_hold', type: 'approval' }), '<skipped message="on hold"/>'],
    [ofSteps('failed', step({})), '<error message="failed"/>'],
  ])('says how a job ended where no step says it: %j', (given, verdict) => {
    expect(junitOf(given)).toContain(verdict);
  });

  it('of a job on several nodes says which', () => {
    const node = { steps: [step({})], artifacts: [] };
    expect(junitOf(job({ nodes: [node, node] }))).toMatch(/name="1. make \(node 0\)"[^]*name="1. make \(node 1\)"/);
  });

  it('holds only what XML can', () => {
    const text = junitOf(ofSteps('failed', step({ status: 'failed', reason: 'a\uD800b\uFFFFc\u001B[1md' })));
    expect(text).toContain('message="a\uFFFDb\uFFFDcd"');
  });
});
