import { describe, expect, it } from '@jest/globals';
import type { LifecycleHook } from '../../../src/plan/rollout/observation.ts';
import { choosePause, decidedBy, pauseText } from '../../../src/plan/rollout/pause.ts';
import { BEGAN, hook } from './describe.ts';

const ONE = hook({ id: 'one' });
const TWO = hook({ id: 'two' });
const ENDED = hook({ id: 'one', status: 'SUCCEEDED' });
const LAMBDA = hook({ id: 'lambda', kind: 'AWS_LAMBDA', status: 'IN_PROGRESS' });

describe('the pause that is to be ended', () => {
  it.each<[string, LifecycleHook[], string | undefined, unknown]>([
    ['is the one that waits', [LAMBDA, ONE], undefined, { kind: 'end', hook: ONE }],
    ['is the named one of several', [ONE, TWO], 'two', { kind: 'end', hook: TWO }],
    ['is none when nothing waits', [LAMBDA, ENDED], undefined, { kind: 'none' }],
    ['has to be named when several wait', [ONE, TWO], undefined, { kind: 'several', hooks: [ONE, TWO] }],
    ['is none when the named one was ended', [ENDED], 'one', { kind: 'passed', hookId: 'one' }],
    ['is never another than the named one', [TWO], 'one', { kind: 'passed', hookId: 'one' }],
    ['is no function', [hook({ id: 'f', kind: 'AWS_LAMBDA' })], 'f', { kind: 'passed', hookId: 'f' }],
  ])('%s', (_, hooks, wanted, expected) => {
    expect(choosePause({ hooks }, wanted)).toEqual(expected);
  });
});

describe('what is said of a pause', () => {
  it.each<[string, Partial<LifecycleHook>, string | undefined, string]>([
    ['its stage', {}, 'BAKE_TIME', 'the pause hook-1 (BAKE_TIME)'],
    ['no stage that it has not', {}, undefined, 'the pause hook-1'],
    [
      'what would have become of the deployment',
      { expiresAt: BEGAN },
      undefined,
      'the pause hook-1, which would have been rolled back at 2026-11-20T12:00:00.000Z',
    ],
    [
      'that it would have gone on',
      { expiresAt: BEGAN, timeoutAction: 'CONTINUE' },
      undefined,
      'the pause hook-1, which would have ended by itself at 2026-11-20T12:00:00.000Z',
    ],
  ])('%s', (_, told, stage, expected) => {
    expect(pauseText(hook(told), { stage })).toBe(expected);
  });

  it.each([
    [{ onCircleCI: true, buildNumber: '17', pipelineNumber: 42, project: 'web' }, 'job 17 of pipeline 42 of web'],
    [{ onCircleCI: true }, 'a job'],
    [{ onCircleCI: false, buildNumber: '17' }, 'somebody outside CircleCI'],
  ])('who decides: %j is %s', (job, expected) => {
    const unknown = { buildNumber: undefined, pipelineNumber: undefined, project: undefined };
    expect(decidedBy({ ...unknown, ...job })).toBe(expected);
  });
});
