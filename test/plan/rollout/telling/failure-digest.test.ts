import { describe, expect, it } from '@jest/globals';
import {
  digestHints,
  failureDigest,
  stoppedText,
  type FailureFacts,
} from '../../../../src/plan/rollout/telling/failure-digest.ts';
import { BEGAN, container, hook, OURS, task } from '../describe.ts';

const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';

function digest(told: Partial<FailureFacts>): string[] {
  return failureDigest({ ours: OURS, deployment: undefined, stoppedTasks: [], logs: [], events: [], ...told });
}

function stopped(number: number, told: Parameters<typeof task>[0] = {}): ReturnType<typeof task> {
  return task({
    arn: `arn:aws:ecs:eu-west-1:123456789012:task/demo/${String(number).repeat(32).slice(0, 32)}`,
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: BEGAN + number * 1000,
    containers: [container({ exitCode: 1 })],
    ...told,
  });
}

describe('stopped tasks', () => {
  it('are one line for each way to stop, the most frequent first', () => {
    const tasks = [
      stopped(1, { stopCode: 'TaskFailedToStart', stoppedReason: PULL, containers: [] }),
      stopped(2),
      stopped(3),
    ];
    expect(digest({ stoppedTasks: tasks })).toEqual([
      `2 tasks stopped: Essential container in task exited; web: exit code 1 (task ${'2'.repeat(32)}, the first of them)`,
      `1 task stopped: ${PULL} (task ${'1'.repeat(32)})`,
    ]);
  });

  it('of other deployments are not told', () => {
    expect(digest({ stoppedTasks: [stopped(1, { startedBy: 'ecs-svc/900' })] })).toEqual([]);
  });

  it('that were stopped because it was over are not told', () => {
    const scaledDown = stopped(1, {
      stopCode: 'ServiceSchedulerInitiated',
      containers: [container({ exitCode: 143 })],
    });
    expect(digest({ stoppedTasks: [scaledDown] })).toEqual([]);
  });

  it('that the scheduler stopped because they failed are told', () => {
    const killed = stopped(1, {
      stopCode: 'ServiceSchedulerInitiated',
      containers: [container({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' })],
    });
    expect(digest({ stoppedTasks: [killed] })[0]).toContain('OutOfMemoryError');
  });

  it('whose reasons differ only in the ids of tasks are one line', () => {
    const reasons = [4, 5].map((number) =>
      stopped(number, { stoppedReason: `Task failed ELB health checks in (task ${String(number).repeat(32)})` }),
    );
    expect(digest({ stoppedTasks: reasons })).toHaveLength(1);
  });

  it('that stopped in many ways are told up to a number', () => {
    const tasks = Array.from({ length: 9 }, (_, index) => stopped(index + 1, { stoppedReason: `reason ${index}` }));
    expect(digest({ stoppedTasks: tasks }).at(-1)).toBe('and tasks that stopped in 4 other ways');
  });

  it.each([
    ['a container without an exit code has its reason', { containers: [container({ reason: 'boom' })] }, 'web: boom'],
    ['a container that exited with 0 is left out', { containers: [container({ exitCode: 0 })] }, 'exited'],
    [
      'without a reason, the code of AWS stands for it',
      { stoppedReason: undefined, containers: [] },
      'EssentialContainerExited',
    ],
  ])('%s', (_what, told, ending) => {
    expect(stoppedText(stopped(1, told)).endsWith(ending)).toBe(true);
  });
});

it('the circuit breaker, alarms and hooks are told with their numbers and names', () => {
  const deployment = {
    breaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    alarms: { status: 'TRIGGERED', triggered: ['web-5xx', 'web-latency'] },
    hooks: [
      hook({ kind: 'AWS_LAMBDA', target: 'arn:aws:lambda:eu-west-1:123456789012:function:smoke', status: 'FAILED' }),
    ],
  };
  expect(digest({ deployment })).toEqual([
    'Circuit breaker: 3 failed tasks, threshold 3 (TRIGGERED)',
    'Alarms that went off: web-5xx, web-latency',
    'The hook smoke: FAILED',
  ]);
});

it('a circuit breaker that is off is not told', () => {
  const deployment = { breaker: { status: 'DISABLED', failureCount: 0, threshold: 3 }, alarms: undefined, hooks: [] };
  expect(digest({ deployment })).toEqual([]);
});

it('last lines of logs and events follow', () => {
  const logs = [
    { taskArn: 'x/abc', container: 'web', lines: ['starting', 'no DATABASE_URL'] },
    { taskArn: 'x/def', container: 'web', lines: [] },
  ];
  const events = [{ id: 'e', createdAt: BEGAN, message: '(service web) deployment failed' }];
  expect(digest({ logs, events })).toEqual([
    'Last lines of web in task abc:',
    '  | starting',
    '  | no DATABASE_URL',
    'Events of the service:',
    '  (service web) deployment failed',
  ]);
});

it('of many events, the last ones are told', () => {
  const events = Array.from({ length: 30 }, (_, index) => ({
    id: `${index}`,
    createdAt: index,
    message: `event ${index}`,
  }));
  const lines = digest({ events });
  expect([lines.length, lines.at(-1)]).toEqual([11, '  event 29']);
});

it.each([
  ['an image that can not be pulled', PULL, /could not be pulled/],
  ['memory', 'web: exit code 137, OutOfMemoryError: Container killed', /more memory/],
  ['health checks', 'Task failed ELB health checks in (target-group x)', /not healthy/],
  ['secrets', 'ResourceInitializationError: unable to pull secrets or registry auth', /execution role/],
  [
    'room',
    '(service web) was unable to place a task because no container instance met all of its requirements.',
    /no room/,
  ],
  ['the wrong processor', 'exec format error', /another processor/],
])('there is advice on %s', (_what, line, advice) => {
  const hints = digestHints([line, line]);
  expect(hints).toHaveLength(1);
  expect(hints[0]).toMatch(advice);
});
