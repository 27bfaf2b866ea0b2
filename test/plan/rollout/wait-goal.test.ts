import { describe, expect, it } from '@jest/globals';
import type { Stage } from '../../../src/plan/rollout/stage.ts';
import type { FinalState, GoingState } from '../../../src/plan/rollout/verdict.ts';
import { waitEnd, type WaitGoal } from '../../../src/plan/rollout/wait-goal.ts';

function end(state: FinalState | GoingState, goal: WaitGoal, reached?: Stage): ReturnType<typeof waitEnd> {
  return waitEnd(
    { verdict: { state, stage: undefined, cause: undefined, evidence: [], hook: undefined }, reached },
    goal,
  );
}

const BAKE: WaitGoal = { kind: 'stage', stage: 'BAKE_TIME' };

describe.each<[string, WaitGoal]>([
  ['stable', { kind: 'stable' }],
  ['a stage', BAKE],
  ['paused', { kind: 'paused' }],
  ['none', { kind: 'none' }],
])('waiting until %s', (_what, goal) => {
  it.each<[FinalState, number]>([
    ['SUCCEEDED', 0],
    ['TIMED_OUT', 8],
    ['ROLLED_BACK', 9],
    ['FAILED', 10],
    ['STOPPED', 10],
    ['SUPERSEDED', 11],
  ])('%s ends with exit code %i', (state, exitCode) => {
    expect(end(state, goal)).toEqual({ exitCode, reached: exitCode === 0 });
  });
});

it.each<[string, GoingState, WaitGoal, Stage | undefined, ReturnType<typeof waitEnd>]>([
  ['stable: it goes on while it bakes', 'BAKING', { kind: 'stable' }, 'BAKE_TIME', undefined],
  [
    'stable: a pause is not what was asked for',
    'PAUSED',
    { kind: 'stable' },
    'SCALE_UP',
    { exitCode: 12, reached: false },
  ],
  ['a stage: it is there', 'BAKING', BAKE, 'BAKE_TIME', { exitCode: 0, reached: true }],
  ['a stage: it was passed', 'GOING', BAKE, 'CLEAN_UP', { exitCode: 0, reached: true }],
  ['a stage: not yet', 'GOING', BAKE, 'SCALE_UP', undefined],
  ['a stage: a pause before it', 'PAUSED', BAKE, 'SCALE_UP', { exitCode: 12, reached: false }],
  ['a stage: a pause in it', 'PAUSED', BAKE, 'BAKE_TIME', { exitCode: 0, reached: true }],
  ['a stage: it was reached, and is being rolled back', 'ROLLING_BACK', BAKE, 'BAKE_TIME', undefined],
  ['a stage: it was reached, and is being stopped', 'STOPPING', BAKE, 'BAKE_TIME', undefined],
  ['paused: it is', 'PAUSED', { kind: 'paused' }, undefined, { exitCode: 0, reached: true }],
  ['paused: not yet', 'GOING', { kind: 'paused' }, undefined, undefined],
  ['none: at once', 'GOING', { kind: 'none' }, undefined, { exitCode: 0, reached: true }],
])('%s', (_what, state, goal, reached, expected) => {
  expect(end(state, goal, reached)).toEqual(expected);
});
