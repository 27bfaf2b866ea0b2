import { describe, expect, it } from '@jest/globals';
import type { Stage } from '../../../src/plan/rollout/stage.ts';
import type { FinalState, GoingState } from '../../../src/plan/rollout/verdict.ts';
import type { DeploymentSnapshot, ServiceSnapshot } from '../../../src/plan/rollout/observation.ts';
import { missingTasks, waitEnd, waitGoal, type WaitGoal } from '../../../src/plan/rollout/wait-goal.ts';

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

describe('a count of tasks that was asked for', () => {
  const FIVE: WaitGoal = { kind: 'stable', tasks: 5 };
  const seen = (desiredCount: number, runningCount: number, pendingCount: number): ServiceSnapshot => {
    const counts = { desiredCount, runningCount, pendingCount } as DeploymentSnapshot;
    return { deployments: [{ ...counts, id: 'ecs-svc/1' }] } as Partial<ServiceSnapshot> as ServiceSnapshot;
  };

  it.each<[string, WaitGoal, ServiceSnapshot | undefined, string | undefined]>([
    ['is there', FIVE, seen(5, 5, 0), undefined],
    ['is not there while AWS still tells the count before', FIVE, seen(2, 2, 0), '2 tasks run and 0 are pending, of 5'],
    ['is not there while some are pending', FIVE, seen(5, 5, 1), '5 tasks run and 1 are pending, of 5'],
    ['is not there while more run', FIVE, seen(5, 6, 0), '6 tasks run and 0 are pending, of 5'],
    ['is not looked for when none was', waitGoal('stable'), seen(5, 2, 3), undefined],
    ['is not looked for at another deployment', FIVE, { ...seen(5, 2, 3), deployments: [] }, undefined],
  ])('%s', (_what, goal, service, missing) => {
    expect(missingTasks(goal, { id: 'ecs-svc/1' }, service)).toBe(missing);
  });
});
