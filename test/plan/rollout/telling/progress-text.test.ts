import { describe, expect, it } from '@jest/globals';
import type { ServiceDeployment } from '../../../../src/plan/rollout/observation.ts';
import { countsText, stateText, stillText, whatIsNew } from '../../../../src/plan/rollout/telling/progress-text.ts';
import { beginRollout, observe, type Rollout } from '../../../../src/plan/rollout/track.ts';
import { deployment, hook, look, OUR_ARN, OURS, service, serviceDeployment } from '../describe.ts';

function seen(told: Partial<ServiceDeployment>): Rollout {
  return observe(beginRollout(OURS, OUR_ARN), look({ deployment: serviceDeployment(told) }));
}

describe('what is new', () => {
  it.each<[string, Partial<ServiceDeployment>, Partial<ServiceDeployment>, string[]]>([
    ['a stage', { stage: 'SCALE_UP' }, { stage: 'POST_SCALE_UP' }, ['In progress: POST_SCALE_UP']],
    ['nothing, when it is as before', { stage: 'SCALE_UP' }, { stage: 'SCALE_UP' }, []],
    ['the bake time', { stage: 'CLEAN_UP' }, { stage: 'BAKE_TIME' }, ['Baking: BAKE_TIME']],
    [
      'a rollback, with its cause',
      {},
      { status: 'ROLLBACK_IN_PROGRESS', breaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 } },
      ['Rolling back, because the circuit breaker counted 3 failed tasks (threshold 3)'],
    ],
    [
      'a pause, with what becomes of it',
      {},
      { hooks: [hook({ id: 'approve', expiresAt: Date.parse('2026-11-21T12:00:00Z') })] },
      ['Paused (the pause approve; it is rolled back at 2026-11-21T12:00:00.000Z)'],
    ],
    ['not its end, which its judge tells', {}, { status: 'SUCCESSFUL' }, []],
  ])('is %s', (_what, before, now, texts) => {
    expect(whatIsNew(seen(before), seen(now)).map(({ text }) => text)).toEqual(texts);
  });

  it('is a warning when it goes back', () => {
    expect(whatIsNew(seen({}), seen({ status: 'ROLLBACK_REQUESTED' }))[0]?.level).toBe('warn');
  });
});

it('a pause that goes on by itself says so', () => {
  const paused = seen({ hooks: [hook({ expiresAt: 0, timeoutAction: 'CONTINUE' })] });
  expect(stateText(paused)).toContain('it goes on by itself at 1970-01-01');
});

describe('counts', () => {
  it('are those of our deployment', () => {
    expect(countsText(OURS, service([deployment({ failedTasks: 2 })]), undefined)).toBe('1 of 2 tasks run, 2 failed');
  });

  it('come from the service deployment where deployments[] was not asked for', () => {
    const target = { ...serviceDeployment().target, productionWeight: 10 };
    expect(countsText(OURS, undefined, serviceDeployment({ target }))).toBe('1 of 2 tasks run, 10 % of the traffic');
  });

  it('are empty where nothing is known', () => {
    expect(countsText(OURS, service([]), undefined)).toBe('');
  });
});

it('what is said when nothing changes', () => {
  expect(stillText(seen({ stage: 'BAKE_TIME' }), '2 of 2 tasks run', 125_000)).toBe(
    'Still: Baking: BAKE_TIME, 2 of 2 tasks run after 2m 5s',
  );
});
