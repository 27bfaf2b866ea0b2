import { describe, expect, it } from '@jest/globals';

import type { HookRun } from '../../../../src/local-aws/ecs/rollouts/deployment-record.ts';
import { afterAction, afterTime, beginHooks, hookTimes } from '../../../../src/local-aws/ecs/rollouts/hooks.ts';
import type { DeploymentPlay, HookPlay } from '../../../../src/local-aws/ecs/scenario/deployment-play.ts';

const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function:check';

function play(...hooks: Partial<HookPlay>[]): DeploymentPlay {
  const usual = { target: '*', results: ['SUCCEEDED' as const], takesMs: 1000, callBackDelayMs: 30_000 };
  return { durations: {}, hooks: hooks.map((hook) => ({ ...usual, ...hook })) };
}

function lambda(change: Partial<HookRun> = {}): HookRun {
  return {
    hookId: 'ecs-lambda-1',
    targetType: 'AWS_LAMBDA',
    targetArn: LAMBDA,
    status: 'IN_PROGRESS',
    expiresAt: 1_000_000,
    timeoutAction: 'ROLLBACK',
    calls: 0,
    nextAt: 1000,
    ...change,
  };
}

describe('the hooks of a stage', () => {
  it('begin together, each with its own id and time-out', () => {
    const hooks = beginHooks(
      [
        { hookTargetArn: LAMBDA, roleArn: 'r', lifecycleStages: ['POST_SCALE_UP', 'PRE_SCALE_UP'] },
        {
          targetType: 'PAUSE',
          lifecycleStages: ['PRE_SCALE_UP'],
          timeoutConfiguration: { timeoutInMinutes: 2, action: 'CONTINUE' },
        },
        { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] },
      ],
      'PRE_SCALE_UP',
      { play: play({ takesMs: 5000 }), now: 0, seed: 'x' },
    );
    expect(hooks).toMatchObject([
      { targetArn: LAMBDA, status: 'IN_PROGRESS', nextAt: 5000, expiresAt: 86_400_000, timeoutAction: 'ROLLBACK' },
      { targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt: 120_000, timeoutAction: 'CONTINUE' },
    ]);
    expect(new Set(hooks.map(({ hookId }) => hookId)).size).toBe(2);
  });
});

describe('a hook after a time', () => {
  it.each<[string, Partial<HookRun>, Partial<HookPlay>, number, Partial<HookRun>]>([
    ['has not answered yet', {}, {}, 999, { status: 'IN_PROGRESS', calls: 0 }],
    ['has succeeded', {}, {}, 1000, { status: 'SUCCEEDED', calls: 1 }],
    ['has failed', {}, { results: ['FAILED'] }, 1000, { status: 'FAILED' }],
    ['is called again', {}, { results: ['IN_PROGRESS', 'SUCCEEDED'] }, 1000, { status: 'IN_PROGRESS', nextAt: 32_000 }],
    [
      'answers what it answered last',
      { calls: 7 },
      { results: ['IN_PROGRESS'] },
      1000,
      { status: 'IN_PROGRESS', calls: 8 },
    ],
    ['is one that the rule is not for', {}, { target: '*:other', results: ['FAILED'] }, 1000, { status: 'SUCCEEDED' }],
    [
      'is of a stage that the rule is not for',
      {},
      { stage: 'POST_SCALE_UP', results: ['FAILED'] },
      1000,
      { status: 'SUCCEEDED' },
    ],
    [
      'has timed out',
      { expiresAt: 500 },
      {},
      500,
      { status: 'TIMED_OUT', failure: `Lifecycle hook target ${LAMBDA} timed out.` },
    ],
    ['has ended before', { status: 'FAILED' }, {}, 5000, { status: 'FAILED', calls: 0 }],
  ])('%s', (_title, change, rule, now, expected) => {
    expect(afterTime(lambda(change), 'PRE_SCALE_UP', play(rule), now)).toMatchObject(expected);
  });

  it('has no failure when its time-out is to continue', () => {
    const hook = afterTime(lambda({ expiresAt: 500, timeoutAction: 'CONTINUE' }), 'PRE_SCALE_UP', play(), 500);
    expect(hook.status).toBe('TIMED_OUT');
    expect(hook.failure).toBeUndefined();
  });

  it('has a next time only while it is under way', () => {
    expect(hookTimes(lambda())).toEqual([1_000_000, 1000]);
    expect(hookTimes(lambda({ status: 'SUCCEEDED' }))).toEqual([]);
  });
});

it('an action ends a pause', () => {
  const { targetArn: _, nextAt: __, ...pause } = lambda({ targetType: 'PAUSE', status: 'AWAITING_ACTION' });
  expect(afterAction(pause, 'CONTINUE')).toMatchObject({ status: 'SUCCEEDED' });
  expect(afterAction(pause, 'ROLLBACK')).toMatchObject({
    status: 'FAILED',
    failure: 'Lifecycle hook ecs-lambda-1 was rolled back.',
  });
});
