import { describe, expect, it } from '@jest/globals';

import { planRollback, planStages, trafficSteps } from '../../../../src/local-aws/ecs/rollouts/stages.ts';

const BEFORE_TRAFFIC = ['PRE_SCALE_UP', 'SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT'];
const STEP = ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'];
const AFTER_TRAFFIC = ['POST_PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME', 'CLEAN_UP'];

describe('the stages of a deployment', () => {
  it.each([
    ['BLUE_GREEN', {}, STEP],
    ['CANARY', {}, [...STEP, ...STEP]],
    ['LINEAR', { linearConfiguration: { stepPercent: 40 } }, [...STEP, ...STEP, ...STEP]],
  ] as const)('%s', (strategy, configuration, steps) => {
    const stages = planStages({ strategy, ...configuration }, 1).map(({ stage }) => stage);
    expect(stages).toEqual([...BEFORE_TRAFFIC, ...steps, ...AFTER_TRAFFIC]);
  });

  it('begin with a reconciliation when more than one revision is at work', () => {
    expect(planStages({ strategy: 'BLUE_GREEN' }, 2)[0]).toEqual({ stage: 'RECONCILE_SERVICE' });
  });

  it('lead back as far as the traffic had come', () => {
    const back = (test: number, production: number): string[] =>
      planRollback({ test, production }).map(({ stage }) => stage);
    expect(back(0, 0)).toEqual(['CLEAN_UP']);
    expect(back(100, 0)).toEqual(['TEST_TRAFFIC_SHIFT', 'CLEAN_UP']);
    expect(back(100, 10)).toEqual(['PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT', 'CLEAN_UP']);
  });
});

describe('the traffic', () => {
  const MINUTE = 60_000;
  it.each([
    ['blue/green: all at once', { strategy: 'BLUE_GREEN' }, [{ production: 100 }]],
    [
      'canary: by default 5 % for 10 minutes',
      { strategy: 'CANARY' },
      [{ production: 5, bakeMs: 10 * MINUTE }, { production: 100 }],
    ],
    [
      'canary: as configured',
      { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 1 } },
      [{ production: 12.5, bakeMs: MINUTE }, { production: 100 }],
    ],
    [
      'linear: the last step is what is left, and does not bake',
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 33.3, stepBakeTimeInMinutes: 2 } },
      [
        { production: 33.3, bakeMs: 2 * MINUTE },
        { production: 66.6, bakeMs: 2 * MINUTE },
        { production: 99.9, bakeMs: 2 * MINUTE },
        { production: 100 },
      ],
    ],
  ] as const)('%s', (_title, configuration, steps) => {
    expect(trafficSteps(configuration)).toEqual(steps);
  });

  it('linear: by default ten steps of 10 %, 6 minutes apart', () => {
    const steps = trafficSteps({ strategy: 'LINEAR' });
    expect(steps.map(({ production }) => production)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(steps.map(({ bakeMs }) => bakeMs)).toEqual([...Array<number>(9).fill(6 * MINUTE), undefined]);
  });
});
