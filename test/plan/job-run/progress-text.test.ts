import { describe, expect, it } from '@jest/globals';
import type { JobDescription } from '../../../src/plan/job-run/job-description.ts';
import { queuePlaceText, stillText, whatIsNew } from '../../../src/plan/job-run/progress-text.ts';
import { attempt, container, job } from './describe.ts';

const texts = (before: Partial<JobDescription> | undefined, now: Partial<JobDescription>): string[] =>
  whatIsNew(before && job(before), job(now)).map(({ text }) => text);

describe('what is new about a job', () => {
  const failedOnce = [attempt(10, 20, { containers: [container(1, 'Essential container in task exited')] })];
  const failedTwice = [...failedOnce, attempt(60, undefined), attempt(60, 65, { statusReason: 'Host EC2 terminated' })];

  it.each<[string, Partial<JobDescription> | undefined, Partial<JobDescription>, string[]]>([
    ['its first state', undefined, { status: 'SUBMITTED' }, ['SUBMITTED']],
    ['nothing', { status: 'RUNNABLE' }, { status: 'RUNNABLE' }, []],
    ['another state, whichever were passed over', { status: 'SUBMITTED' }, { status: 'RUNNING' }, ['RUNNING']],
    [
      'an attempt that ended and is repeated',
      { status: 'RUNNING' },
      { status: 'RUNNABLE', attempts: failedOnce },
      ['Attempt 1 ended after 10s: exit code 1, Essential container in task exited', 'RUNNABLE'],
    ],
    [
      'only the attempts that ended since',
      { status: 'RUNNING', attempts: failedOnce },
      { status: 'FAILED', attempts: failedTwice },
      ['Attempt 2 ended after 5s: Host EC2 terminated', 'FAILED'],
    ],
    [
      'children of an array',
      { status: 'PENDING', array: { size: 3, counts: { RUNNABLE: 3 } } },
      { status: 'PENDING', array: { size: 3, counts: { SUCCEEDED: 1, RUNNING: 2 } } },
      ['PENDING (2 RUNNING, 1 SUCCEEDED)'],
    ],
    ['the same reason', { status: 'RUNNABLE', statusReason: 'x' }, { status: 'RUNNABLE', statusReason: 'x' }, []],
    ['a reason in plain words', { status: 'RUNNABLE' }, { status: 'RUNNABLE', statusReason: 'x' }, ['AWS says: x']],
    [
      'no reason of a finished job: that is told at the end',
      { status: 'RUNNING' },
      { status: 'FAILED', statusReason: 'x' },
      ['FAILED'],
    ],
  ])('%s', (_what, before, now, lines) => {
    expect(texts(before, now)).toEqual(lines);
  });
});

describe('RUNNABLE can last for ever, and the reason is told with what to do', () => {
  it.each([
    ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 'Raise maxvCpus'],
    ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 'allow larger instance types'],
    ['MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS', 'AWSBatchServiceRole'],
    ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - All compute environments', 'Allow more instance types'],
    ['MISCONFIGURATION:SOMETHING_NEW', 'Look at the compute environments of the queue'],
    ['CAPACITY:SOMETHING_NEW', 'Wait longer (runnable_timeout)'],
  ])('%s', (statusReason, todo) => {
    const [said] = whatIsNew(job({ status: 'RUNNABLE' }), job({ status: 'RUNNABLE', statusReason }));
    expect(said).toMatchObject({
      level: 'warn',
      text: expect.stringContaining(`AWS says: ${statusReason}; that is, `),
    });
    expect(said?.text).toContain(todo);
  });
});

it('when nothing changes, it says how long already', () => {
  expect(stillText(job({ status: 'RUNNING' }), 3_720_000)).toBe('Still RUNNING after 1h 2m');
  expect(stillText(undefined, 60_000)).toBe('Still waiting after 1m');
});

it.each([
  [1, 'It is the first in its queue'],
  [8, 'There are 7 jobs before it in the queue'],
  [2, 'There is one job before it in the queue'],
  [0, 'There are 100 or more jobs before it in the queue'],
])('place %d in the queue', (place, text) => {
  expect(queuePlaceText(place)).toBe(text);
});
