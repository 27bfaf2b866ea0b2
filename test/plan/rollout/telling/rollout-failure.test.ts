import { expect, it } from '@jest/globals';
import { rolloutFailure } from '../../../../src/plan/rollout/telling/rollout-failure.ts';
import type { FinalState, GoingState } from '../../../../src/plan/rollout/verdict.ts';
import { OURS } from '../describe.ts';

const PULL = '3 tasks stopped: CannotPullContainerError: not found';

function failure(state: FinalState | GoingState): ReturnType<typeof rolloutFailure> {
  const cause = { kind: 'circuit-breaker', text: 'the circuit breaker counted 3 failed tasks (threshold 3)' } as const;
  const verdict = { state, stage: undefined, cause, evidence: ['it is ROLLBACK_SUCCESSFUL'], hook: undefined };
  return rolloutFailure({ service: 'web', rollout: { ours: OURS, verdict }, digest: [PULL], hints: ['Do this next.'] });
}

it('says what happened, why, on what evidence, and what to do', () => {
  expect(failure('ROLLED_BACK')).toMatchObject({
    code: 'ecs.rolled_back',
    exitCode: 9,
    title: 'the deployment of web was rolled back: the circuit breaker counted 3 failed tasks (threshold 3)',
    message: `it is ROLLBACK_SUCCESSFUL\n${PULL}`,
    hints: ['Do this next.', expect.stringContaining('could not be pulled') as unknown],
  });
});

it('says once what is evidence and a reason as well', () => {
  const [cause, stage, hook] = [undefined, undefined, undefined];
  const verdict = { state: 'ROLLED_BACK' as const, stage, cause, hook, evidence: ['Circuit breaker: 3 failed tasks'] };
  const digest = ['Circuit breaker: 3 failed tasks', '    | again', '    | again'];
  const told = rolloutFailure({ service: 'web', rollout: { ours: OURS, verdict }, digest, hints: [] });
  expect(told?.message).toBe('Circuit breaker: 3 failed tasks\n    | again\n    | again');
});

it.each<[FinalState | GoingState, number]>([
  ['FAILED', 10],
  ['STOPPED', 10],
  ['SUPERSEDED', 11],
  ['TIMED_OUT', 8],
  ['PAUSED', 12],
])('%s has exit code %i', (state, exitCode) => {
  expect(failure(state)?.exitCode).toBe(exitCode);
});

it.each<[FinalState | GoingState]>([['SUCCEEDED'], ['GOING'], ['BAKING'], ['ROLLING_BACK'], ['STOPPING']])(
  '%s is no failure',
  (state) => {
    expect(failure(state)).toBeUndefined();
  },
);
