import { describe, expect, it } from '@jest/globals';
import type { DeploymentSnapshot, ServiceSnapshot } from '../../../src/plan/rollout/observation.ts';
import type { OurDeployment } from '../../../src/plan/rollout/started-deployment.ts';
import { beginRollout, observe } from '../../../src/plan/rollout/track.ts';
import type { Verdict } from '../../../src/plan/rollout/verdict.ts';
import {
  BEGAN,
  deployment,
  look,
  newerDeployment,
  OLD,
  oldDeployment,
  OURS,
  rollbackDeployment,
  service,
} from './describe.ts';

/** The verdict after looks that show only `deployments[]`. */
function after(looks: readonly ServiceSnapshot[], ours: OurDeployment = OURS): Verdict {
  return looks.map((seen) => look({ service: seen })).reduce(observe, beginRollout(ours)).verdict;
}

const FAILED: Partial<DeploymentSnapshot> = {
  rolloutState: 'FAILED',
  rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  failedTasks: 3,
};
const STOPPED: Partial<DeploymentSnapshot> = {
  rolloutState: 'FAILED',
  rolloutStateReason: 'Service deployment was stopped by the user.',
};
const DAY_MS = 86_400_000;

/** A deployment without a rollout state, and what its service has told 90 days later. */
function forgotten(
  more: Partial<DeploymentSnapshot> = {},
  others: readonly DeploymentSnapshot[] = [],
): ServiceSnapshot {
  const own = deployment({ rolloutState: undefined, createdAt: BEGAN, runningCount: 2, pendingCount: 0, ...more });
  const message = '(service web) has reached a steady state.';
  return service([own, ...others], { events: [{ id: 'e', createdAt: BEGAN + 90.5 * DAY_MS, message }] });
}

const UNDER_WAY = service([deployment(), oldDeployment()]);
const FAILED_EVENT = {
  id: 'e1',
  createdAt: BEGAN + 200_000,
  message: '(service web) (deployment ecs-svc/1000) deployment failed: tasks failed to start.',
};

describe('a rolling update ends', () => {
  it.each<[string, readonly ServiceSnapshot[], Verdict['state']]>([
    [
      'SUCCEEDED when its own rollout is completed',
      [service([deployment({ rolloutState: 'COMPLETED' })])],
      'SUCCEEDED',
    ],
    [
      'FAILED by the circuit breaker when nothing is rolled back',
      [UNDER_WAY, service([deployment(FAILED), oldDeployment()], { rollsBack: false })],
      'FAILED',
    ],
    [
      'ROLLED_BACK when the deployment that AWS started for it is completed',
      [
        UNDER_WAY,
        service([rollbackDeployment(), deployment({ ...FAILED, status: 'ACTIVE' })]),
        service([rollbackDeployment({ rolloutState: 'COMPLETED', rolloutStateReason: 'ECS deployment completed.' })]),
      ],
      'ROLLED_BACK',
    ],
    [
      'ROLLED_BACK also when nobody looked until it was over: an event tells',
      [
        UNDER_WAY,
        service([rollbackDeployment({ rolloutState: 'COMPLETED', rolloutStateReason: undefined })], {
          taskDefinition: OLD,
          events: [FAILED_EVENT],
        }),
      ],
      'ROLLED_BACK',
    ],
    [
      'ROLLED_BACK when it was stopped for that, although the rollback began later',
      [
        UNDER_WAY,
        service([deployment(STOPPED), oldDeployment()]),
        service([rollbackDeployment(), deployment({ ...STOPPED, status: 'ACTIVE' })]),
        service([rollbackDeployment({ rolloutState: 'COMPLETED' })]),
      ],
      'ROLLED_BACK',
    ],
    [
      'STOPPED when it was stopped, and no rollback comes look after look',
      Array.from({ length: 3 }, () => service([deployment(STOPPED), oldDeployment()])),
      'STOPPED',
    ],
    [
      'FAILED when the rollback fails, too',
      [
        UNDER_WAY,
        service([rollbackDeployment({ rolloutState: 'FAILED' }), deployment({ ...FAILED, status: 'ACTIVE' })]),
      ],
      'FAILED',
    ],
    [
      'SUPERSEDED when somebody starts another one',
      [UNDER_WAY, service([newerDeployment(), deployment({ status: 'ACTIVE' })])],
      'SUPERSEDED',
    ],
    [
      'SUPERSEDED also when the other one has completed and ours is gone',
      [UNDER_WAY, service([newerDeployment({ rolloutState: 'COMPLETED' })])],
      'SUPERSEDED',
    ],
    [
      'SUPERSEDED when the other one runs the same task definition: only the id counts',
      [UNDER_WAY, service([newerDeployment({ taskDefinition: OURS.taskDefinition, rolloutState: 'COMPLETED' })])],
      'SUPERSEDED',
    ],
    [
      'SUPERSEDED when somebody deploys what was before, and nothing says that ours failed',
      [UNDER_WAY, service([newerDeployment({ taskDefinition: OLD, rolloutState: 'COMPLETED' })])],
      'SUPERSEDED',
    ],
    [
      'FAILED when it failed first and another one was started then',
      [service([deployment(FAILED)]), service([newerDeployment(), deployment({ ...FAILED, status: 'ACTIVE' })])],
      'FAILED',
    ],
    [
      'SUPERSEDED when it had completed, but another one took its place before anybody looked',
      [service([newerDeployment(), deployment({ status: 'ACTIVE', rolloutState: 'COMPLETED' })])],
      'SUPERSEDED',
    ],
    [
      'SUCCEEDED behind a Classic Load Balancer, where only an event with its id tells',
      [
        service([deployment({ rolloutState: undefined })], {
          events: [
            { id: 'e', createdAt: BEGAN, message: '(service web) (deployment ecs-svc/1000) deployment completed.' },
          ],
        }),
      ],
      'SUCCEEDED',
    ],
    ['SUCCEEDED so long ago that AWS tells its end nowhere any more', [forgotten()], 'SUCCEEDED'],
  ])('%s', (_how, looks, state) => {
    expect(after(looks).state).toBe(state);
  });

  it('FAILED when the first deployment of a service fails: there is nothing to roll back to', () => {
    expect(after([service([deployment(FAILED)])], { ...OURS, before: undefined }).state).toBe('FAILED');
  });
});

describe('a rolling update goes on', () => {
  it.each<[string, readonly ServiceSnapshot[], Verdict['state']]>([
    ['while AWS says so', [UNDER_WAY], 'GOING'],
    [
      'when all tasks run as desired, but the rollout is not completed',
      [service([deployment({ runningCount: 2, pendingCount: 0 })])],
      'GOING',
    ],
    [
      'behind a Classic Load Balancer, when only the old deployment is said to be completed',
      [
        service([deployment({ rolloutState: undefined, runningCount: 2 })], {
          events: [
            { id: 'e', createdAt: BEGAN, message: '(service web) (deployment ecs-svc/900) deployment completed.' },
          ],
        }),
      ],
      'GOING',
    ],
    ['when it is old, and not alone', [forgotten({}, [oldDeployment()])], 'GOING'],
    ['when it is old, and tasks are missing', [forgotten({ runningCount: 1 })], 'GOING'],
    ['when it is old, and a rollout that is told goes on', [forgotten({ rolloutState: 'IN_PROGRESS' })], 'GOING'],
    ['when it is not old enough', [forgotten({ createdAt: BEGAN + DAY_MS })], 'GOING'],
    [
      'when an old answer still shows the deployment before',
      [service([oldDeployment({ status: 'PRIMARY' })])],
      'GOING',
    ],
    ['when AWS lists no deployment at all', [service([])], 'GOING'],
    [
      'ROLLING_BACK when it failed and AWS is about to start the rollback',
      [service([deployment(FAILED), oldDeployment()])],
      'ROLLING_BACK',
    ],
    [
      'ROLLING_BACK while the deployment for that is in progress',
      [service([rollbackDeployment(), deployment({ ...FAILED, status: 'ACTIVE' })])],
      'ROLLING_BACK',
    ],
  ])('%s', (_when, looks, state) => {
    expect(after(looks).state).toBe(state);
  });
});

it('a rollback keeps the reason for which ours failed', () => {
  const { state, cause } = after([
    service([deployment(FAILED), oldDeployment()]),
    service([rollbackDeployment({ rolloutState: 'COMPLETED', rolloutStateReason: 'ECS deployment completed.' })]),
  ]);
  expect(state).toBe('ROLLED_BACK');
  expect(cause).toMatchObject({ kind: 'circuit-breaker', text: `AWS says: ${FAILED.rolloutStateReason}` });
});
