import { describe, expect, it } from '@jest/globals';
import type { JobDescription } from '../../../src/plan/job-run/job-description.ts';
import { judge, type JobVerdict } from '../../../src/plan/job-run/verdict.ts';
import { attempt, container, CREATED, job } from './describe.ts';

it.each(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'] as const)(
  'a job that is %s has no verdict',
  (status) => {
    expect(judge(job({ status }))).toBeUndefined();
  },
);

describe('a finished job', () => {
  const ran = { startedAt: CREATED + 30_000, stoppedAt: CREATED + 90_000 };

  it.each<[string, Partial<JobDescription>, Partial<JobVerdict>]>([
    [
      'that succeeded at once',
      { status: 'SUCCEEDED', ...ran, attempts: [attempt(30, 90, { containers: [container(0)] })] },
      { succeeded: true, exitCode: 0, attempts: 1, queuedSeconds: 30, runSeconds: 60 },
    ],
    [
      'that succeeded in its second attempt: both count as running time, the last one has the exit code',
      {
        status: 'SUCCEEDED',
        startedAt: CREATED + 100_000,
        attempts: [attempt(30, 40, { containers: [container(1)] }), attempt(100, 105, { containers: [container(0)] })],
      },
      { succeeded: true, exitCode: 0, attempts: 2, queuedSeconds: 30, runSeconds: 15 },
    ],
    [
      'whose script exited with 3',
      { status: 'FAILED', ...ran, attempts: [attempt(30, 90, { containers: [container(3)] })] },
      { succeeded: false, exitCode: 3, attempts: 1 },
    ],
    [
      'with several containers: the one that failed decides',
      {
        status: 'FAILED',
        ...ran,
        attempts: [
          attempt(30, 90, { containers: [container(0, undefined, 'proxy'), container(7, undefined, 'main')] }),
        ],
      },
      { exitCode: 7 },
    ],
    [
      'that never started',
      { status: 'FAILED', statusReason: 'Job Terminated by user.' },
      { succeeded: false, exitCode: undefined, attempts: 0, queuedSeconds: undefined, runSeconds: undefined },
    ],
    [
      'that AWS lists without attempts although it ran',
      { status: 'SUCCEEDED', ...ran, containers: [container(0)] },
      { succeeded: true, exitCode: 0, attempts: 1, runSeconds: 60 },
    ],
    [
      'that is an array has no exit code of its own',
      { status: 'FAILED', ...ran, array: { size: 2, counts: { SUCCEEDED: 1, FAILED: 1 } } },
      { succeeded: false, exitCode: undefined, attempts: 0, queuedSeconds: 30, runSeconds: 60 },
    ],
    [
      'whose times contradict each other, as clocks of two machines do, took no negative time',
      { status: 'SUCCEEDED', attempts: [attempt(-1, -5, { containers: [container(0)] })] },
      { queuedSeconds: 0, runSeconds: 0 },
    ],
  ])('%s', (_what, told, verdict) => {
    expect(judge(job(told))).toMatchObject(verdict);
  });
});
