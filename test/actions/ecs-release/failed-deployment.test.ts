import { describe, expect, it } from '@jest/globals';
import { isLeftFailed, notRolledBack, rolledBackTo } from '../../../src/actions/ecs-release/failed-deployment.ts';
import { DeployError } from '../../../src/core/errors.ts';
import type { Proof } from '../../../src/plan/rollout/proof.ts';
import { beginRollout, type Rollout } from '../../../src/plan/rollout/track.ts';
import type { Cause, Verdict } from '../../../src/plan/rollout/verdict.ts';

function ended(state: Verdict['state'], kind?: Cause['kind']): Rollout {
  const ours = {
    id: 'ecs-svc/1',
    taskDefinition: 'web:2',
    createdAt: undefined,
    before: 'web:1',
    announced: undefined,
  };
  const begun = beginRollout(ours);
  return { ...begun, verdict: { ...begun.verdict, state, cause: kind && { kind, text: 'because' } } };
}

const HOLDS: Proof = {
  holds: true,
  supersededBy: undefined,
  runningTasks: 2,
  missingTasks: 0,
  containers: [],
  problems: [],
};

describe('a deployment that failed and that the service still has', () => {
  it.each<[string, Rollout, Proof | undefined]>([
    ['was given up by the circuit breaker without a rollback', ended('FAILED', 'circuit-breaker'), undefined],
    ['was given up because of an alarm', ended('FAILED', 'alarm'), undefined],
    ['was stopped, and AWS does not say why', ended('STOPPED', 'other'), undefined],
    ['succeeded, and what runs is something else', ended('SUCCEEDED'), { ...HOLDS, holds: false, problems: ['x'] }],
  ])('%s', (_what, rollout, proof) => {
    expect(isLeftFailed({ rollout, proof })).toBe(true);
  });

  it.each<[string, Rollout, Proof | undefined]>([
    ['was rolled back by ECS', ended('ROLLED_BACK', 'circuit-breaker'), undefined],
    ['was stopped by somebody', ended('STOPPED', 'stop-request'), undefined],
    ['was stopped when its time was over', ended('STOPPED', 'time-limit'), undefined],
    ['was deleted with its service', ended('FAILED', 'service-deleted'), undefined],
    ['was superseded', ended('SUPERSEDED', 'newer-deployment'), undefined],
    ['had not ended in time', ended('TIMED_OUT', 'time-limit'), undefined],
    ['is paused', ended('PAUSED'), undefined],
    ['succeeded and is proven', ended('SUCCEEDED'), HOLDS],
    ['succeeded and was superseded since', ended('SUCCEEDED'), { ...HOLDS, holds: false, supersededBy: 'ecs-svc/2' }],
  ])('is not one that %s', (_what, rollout, proof) => {
    expect(isLeftFailed({ rollout, proof })).toBe(false);
  });
});

const FAILURE = new DeployError({
  code: 'ecs.deployment_failed',
  title: 'the deployment of web failed: the circuit breaker counted 3 failed tasks',
  message: 'web is STOPPED\n3 tasks: exit code 1',
  hints: ['Nothing was rolled back. To take it back: aws-deploy rollback-service --service web', 'Look at the log.'],
  exitCode: 10,
});

it('what was rolled back says so, with the reason of the failure and without how to go back, and is exit code 9', () => {
  expect(rolledBackTo(FAILURE, 'web:7')).toMatchObject({
    code: 'ecs.deployment_failed',
    title: `${FAILURE.title}; rolled back to web:7`,
    message: FAILURE.message,
    hints: ['Look at the log.'],
    exitCode: 9,
  });
});

it('what could not be rolled back holds both reasons, and is exit code 10', () => {
  const rollback = new DeployError({ code: 'aws.denied', title: 'not allowed', hints: ['Allow it.'], exitCode: 3 });
  expect(notRolledBack(FAILURE, rollback)).toMatchObject({
    title: `${FAILURE.title}; it could not be rolled back: not allowed`,
    message: FAILURE.message,
    hints: ['Allow it.', ...FAILURE.hints],
    exitCode: 10,
  });
});
