import { describe, expect, it } from '@jest/globals';
import type { ServiceDeployment } from '../../../src/plan/rollout/observation.ts';
import { beginRollout, observe, type Observation, type Rollout } from '../../../src/plan/rollout/track.ts';
import type { Cause, Verdict } from '../../../src/plan/rollout/verdict.ts';
import {
  BEGAN,
  deployment,
  hook,
  listed,
  look,
  newerDeployment,
  oldDeployment,
  OLD,
  OUR_ARN,
  OURS,
  revisionArn,
  rollbackDeployment,
  service,
  serviceDeployment,
} from './describe.ts';

function after(looks: readonly Observation[]): Rollout {
  return looks.reduce(observe, beginRollout(OURS, OUR_ARN));
}

/** A look at the service deployment alone. */
function at(told: Partial<ServiceDeployment>, more: Partial<Observation> = {}): Observation {
  return look({ deployment: serviceDeployment(told), ...more });
}

const NEWER = listed({ arn: 'newer', targetRevisionArn: revisionArn(2000), createdAt: BEGAN + 60_000 });
const TRIGGERED = { status: 'TRIGGERED', failureCount: 3, threshold: 3 };

/** How a deployment can end by the word of its service deployment. */
const ENDS: readonly [string, Observation, Verdict['state'], Cause['kind'] | undefined][] = [
  ['success', at({ status: 'SUCCESSFUL' }), 'SUCCEEDED', undefined],
  [
    'a circuit breaker that rolls back',
    at({ status: 'ROLLBACK_SUCCESSFUL', breaker: TRIGGERED }),
    'ROLLED_BACK',
    'circuit-breaker',
  ],
  ['a circuit breaker that only stops', at({ status: 'STOPPED', breaker: TRIGGERED }), 'FAILED', 'circuit-breaker'],
  [
    'a circuit breaker that AWS tells in words only',
    at({
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
    }),
    'FAILED',
    'circuit-breaker',
  ],
  [
    'an alarm that rolls back',
    at({ status: 'ROLLBACK_SUCCESSFUL', alarms: { status: 'TRIGGERED', triggered: ['5xx'] } }),
    'ROLLED_BACK',
    'alarm',
  ],
  [
    'an alarm that only stops',
    at({ status: 'STOPPED', alarms: { status: 'TRIGGERED', triggered: ['5xx'] } }),
    'FAILED',
    'alarm',
  ],
  [
    'a hook that failed',
    at({ status: 'ROLLBACK_SUCCESSFUL', hooks: [hook({ kind: 'AWS_LAMBDA', status: 'FAILED' })] }),
    'ROLLED_BACK',
    'hook',
  ],
  [
    'a pause that nobody ended',
    at({ status: 'ROLLBACK_SUCCESSFUL', hooks: [hook({ status: 'TIMED_OUT' })] }),
    'ROLLED_BACK',
    'hook',
  ],
  [
    'a stop with rollback',
    at({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: {
        reason: 'Service deployment rolled back because of a user initiated StopServiceDeployment call.',
        revisionArn: revisionArn(900),
      },
    }),
    'ROLLED_BACK',
    'stop-request',
  ],
  [
    'a stop without rollback',
    at({ status: 'STOPPED', statusReason: 'Stopped by user request.' }),
    'STOPPED',
    'stop-request',
  ],
  ['a stop without a reason', at({ status: 'STOPPED' }), 'STOPPED', 'other'],
  ['a newer deployment', at({ status: 'STOPPED' }, { newer: [NEWER] }), 'SUPERSEDED', 'newer-deployment'],
  ['a rollback that failed', at({ status: 'ROLLBACK_FAILED', breaker: TRIGGERED }), 'FAILED', 'circuit-breaker'],
  [
    'its own failure before a newer deployment came',
    at({ status: 'STOPPED', breaker: TRIGGERED }, { newer: [NEWER] }),
    'FAILED',
    'circuit-breaker',
  ],
  [
    'a stop that somebody asked for before a newer deployment came',
    at({ status: 'STOPPED', statusReason: 'Stopped by user request.' }, { newer: [NEWER] }),
    'STOPPED',
    'stop-request',
  ],
  [
    'a newer deployment that AWS names itself',
    at({
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because a new service deployment was started.',
    }),
    'SUPERSEDED',
    'newer-deployment',
  ],
  [
    'a service that is being deleted',
    look({ service: service([deployment()], { status: 'DRAINING' }) }),
    'FAILED',
    'service-deleted',
  ],
  ['a service that was deleted', look({ service: service([], { status: 'INACTIVE' }) }), 'FAILED', 'service-deleted'],
];

/** What may have been seen before the end, in whatever order. */
const WAYS: readonly [string, readonly Observation[]][] = [
  ['nothing', []],
  ['PENDING', [at({ status: 'PENDING' })]],
  ['a rolling update', [at({}), at({})]],
  ['stages', [at({ stage: 'SCALE_UP' }), at({ stage: 'PRODUCTION_TRAFFIC_SHIFT' }), at({ stage: 'BAKE_TIME' })]],
  ['stages out of order, as old answers come', [at({ stage: 'BAKE_TIME' }), at({ stage: 'SCALE_UP' })]],
  ['a pause that was ended', [at({ hooks: [hook()] }), at({ hooks: [hook({ status: 'SUCCEEDED' })] })]],
  ['a rollback on its way', [at({ status: 'ROLLBACK_REQUESTED' }), at({ status: 'ROLLBACK_IN_PROGRESS' })]],
  ['a stop on its way', [at({ status: 'STOP_REQUESTED' })]],
  ['one look without the service', [look({ service: 'missing' })]],
  ['a state that is newer than this code', [at({ status: 'SOMETHING_NEW', stage: 'SOME_STAGE' })]],
  [
    'counts that are as desired',
    [look({ service: service([deployment({ runningCount: 2, pendingCount: 0 })]), deployment: serviceDeployment() })],
  ],
];

describe.each(WAYS)('after %s', (_way, looks) => {
  it.each(ENDS)('%s ends it', (_end, end, state, cause) => {
    const { verdict } = after([...looks, end]);
    expect([verdict.state, verdict.cause?.kind]).toEqual([state, cause]);
  });

  it('it has not ended', () => {
    expect(['GOING', 'BAKING', 'PAUSED', 'STOPPING', 'ROLLING_BACK']).toContain(after(looks).verdict.state);
  });
});

it.each(ENDS)('%s is final, whatever is seen later', (_end, end) => {
  const ended = after([end]);
  for (const [, later] of ENDS) expect(observe(ended, later)).toBe(ended);
});

describe('while it goes on', () => {
  it.each<[string, Observation, Verdict['state']]>([
    ['PENDING is going', at({ status: 'PENDING' }), 'GOING'],
    ['a stage is going', at({ stage: 'SCALE_UP' }), 'GOING'],
    ['the bake time is baking', at({ stage: 'BAKE_TIME' }), 'BAKING'],
    ['a pause that waits is paused', at({ stage: 'POST_TEST_TRAFFIC_SHIFT', hooks: [hook()] }), 'PAUSED'],
    ['a function that runs is going', at({ hooks: [hook({ kind: 'AWS_LAMBDA', status: 'IN_PROGRESS' })] }), 'GOING'],
    ['a pause in the bake time is paused', at({ stage: 'BAKE_TIME', hooks: [hook()] }), 'PAUSED'],
    ['a rollback that was asked for is rolling back', at({ status: 'ROLLBACK_REQUESTED' }), 'ROLLING_BACK'],
    [
      'a pause while it rolls back is rolling back',
      at({ status: 'ROLLBACK_IN_PROGRESS', hooks: [hook()] }),
      'ROLLING_BACK',
    ],
  ])('%s', (_what, seen, state) => {
    expect(after([seen]).verdict.state).toBe(state);
  });

  it('a pause says which hook waits', () => {
    expect(after([at({ hooks: [hook({ id: 'approve' })] })]).verdict.hook?.id).toBe('approve');
  });

  it('a service that was not found once may be too new for the answer', () => {
    expect(after([look({ service: 'missing' }), look({ service: service([deployment()]) })]).verdict.state).toBe(
      'GOING',
    );
  });

  it('E1: a service that was not found twice is gone, and no success', () => {
    const { verdict } = after([look({ service: 'missing' }), look({ service: 'missing' })]);
    expect(verdict).toMatchObject({ state: 'FAILED', cause: { kind: 'service-deleted' } });
  });
});

describe('another deployment that is to take its place', () => {
  const displaced = look({
    service: service([newerDeployment(), deployment({ status: 'ACTIVE' }), oldDeployment()]),
    deployment: serviceDeployment(),
  });

  it('supersedes it when two looks say so', () => {
    expect(after([displaced]).verdict.state).toBe('GOING');
    const { verdict } = after([displaced, displaced]);
    expect([verdict.state, verdict.cause?.kind]).toEqual(['SUPERSEDED', 'newer-deployment']);
    expect(verdict.cause?.text).toContain('ecs-svc/2000');
  });

  it('is none when it is older, as blue is in a blue/green deployment', () => {
    const blue = look({
      service: service([oldDeployment({ status: 'PRIMARY' }), deployment({ status: 'ACTIVE' })], {
        taskDefinition: OLD,
      }),
      deployment: serviceDeployment({ stage: 'SCALE_UP' }),
    });
    expect(after([blue, blue, blue]).verdict.state).toBe('GOING');
  });

  it('is none when it is the rollback of ours', () => {
    const rolling = look({
      service: service([rollbackDeployment(), deployment({ status: 'ACTIVE' })]),
      deployment: serviceDeployment(),
    });
    expect(after([rolling, rolling, rolling]).verdict.state).toBe('GOING');
  });

  it('does not hide that ours is rolled back', () => {
    const rolling = { ...displaced, deployment: serviceDeployment({ status: 'ROLLBACK_IN_PROGRESS' }) };
    expect(after([rolling, rolling, rolling]).verdict.state).toBe('ROLLING_BACK');
  });
});

describe('E8: after a rollback', () => {
  const steady = {
    service: service([rollbackDeployment({ rolloutState: 'COMPLETED', runningCount: 2, pendingCount: 0 })], {
      taskDefinition: OLD,
    }),
  };

  it('one deployment that runs as desired is no success', () => {
    const looks = [at({ status: 'ROLLBACK_IN_PROGRESS', breaker: TRIGGERED }, steady)];
    expect(after([...looks, ...looks, ...looks]).verdict.state).toBe('ROLLING_BACK');
  });

  it('the first look that sees its end ends it', () => {
    expect(after([at({ status: 'ROLLBACK_SUCCESSFUL', breaker: TRIGGERED }, steady)]).verdict.state).toBe(
      'ROLLED_BACK',
    );
  });
});

describe('where AWS has a service deployment', () => {
  it('the success of another one counts for nothing', () => {
    const others = serviceDeployment({ arn: 'somebody-elses', status: 'SUCCESSFUL' });
    expect(after([look({ deployment: others }), look({ deployment: others })]).verdict.state).toBe('GOING');
  });

  it('what deployments[] says does not end it', () => {
    const completed = service([deployment({ rolloutState: 'COMPLETED' })]);
    expect(after([at({ stage: 'BAKE_TIME' }), look({ service: completed })]).verdict.state).toBe('BAKING');
  });

  it('deployments[] takes over when it is no longer there', () => {
    const completed = service([deployment({ rolloutState: 'COMPLETED' })]);
    expect(after([at({}), look({ service: completed, deployment: 'missing' })]).verdict.state).toBe('SUCCEEDED');
  });
});
