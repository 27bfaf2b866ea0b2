import {
  DeploymentLifecycleHookStage,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { knownStage, STAGES, type Stage } from '../../../src/plan/rollout/stage.ts';
import { beginRollout, hasReached, observe } from '../../../src/plan/rollout/track.ts';
import { isFinal } from '../../../src/plan/rollout/verdict.ts';
import { look, OUR_ARN, OURS, serviceDeployment } from './describe.ts';

it('every stage that the SDK knows, of deployments or of hooks, has its place', () => {
  const known = [...Object.values(ServiceDeploymentLifecycleStage), ...Object.values(DeploymentLifecycleHookStage)];
  expect([...STAGES].toSorted()).toEqual([...new Set(known)].toSorted());
});

it('of the statuses that the SDK knows, four are ends', () => {
  const ends = Object.values(ServiceDeploymentStatus).filter((status) => {
    const seen = look({ deployment: serviceDeployment({ status }) });
    return isFinal(observe(beginRollout(OURS, OUR_ARN), seen).verdict);
  });
  expect(ends.toSorted()).toEqual(['ROLLBACK_FAILED', 'ROLLBACK_SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
});

it('a stage that is newer than this code has none', () => {
  expect(knownStage('PRE_WARM')).toBeUndefined();
});

describe('a stage is reached', () => {
  function reached(stages: readonly string[], wanted: Stage, status = 'IN_PROGRESS'): boolean {
    const looks = stages.map((stage) => look({ deployment: serviceDeployment({ stage }) }));
    const last = look({ deployment: serviceDeployment({ status, stage: stages.at(-1) }) });
    return hasReached([...looks, last].reduce(observe, beginRollout(OURS, OUR_ARN)), wanted);
  }

  it.each<[string, readonly string[], Stage, boolean]>([
    ['when it is there', ['SCALE_UP'], 'SCALE_UP', true],
    [
      'when it was passed between two looks',
      ['PRE_SCALE_UP', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
      'TEST_TRAFFIC_SHIFT',
      true,
    ],
    ['not before', ['PRE_SCALE_UP', 'SCALE_UP'], 'TEST_TRAFFIC_SHIFT', false],
    [
      'for good, although an old answer or the next step of a canary goes back',
      ['PRODUCTION_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
      'PRODUCTION_TRAFFIC_SHIFT',
      true,
    ],
    ['not by a stage that is unknown', ['SCALE_UP', 'PRE_WARM'], 'POST_SCALE_UP', false],
  ])('%s', (_when, stages, wanted, is) => {
    expect(reached(stages, wanted)).toBe(is);
  });

  it('by a deployment that succeeded, whatever was seen of it', () => {
    expect(reached([], 'BAKE_TIME', 'SUCCESSFUL')).toBe(true);
  });

  it('not by going through the stages again on the way back', () => {
    const back = look({ deployment: serviceDeployment({ status: 'ROLLBACK_IN_PROGRESS', stage: 'BAKE_TIME' }) });
    expect(hasReached(observe(beginRollout(OURS, OUR_ARN), back), 'BAKE_TIME')).toBe(false);
  });
});
