import { expect, it } from '@jest/globals';
import type { DeploymentSnapshot, ServiceDeployment, ServiceSnapshot } from '../../../src/plan/rollout/observation.ts';
import { beginRollout, observe, type Observation } from '../../../src/plan/rollout/track.ts';
import { isFinal, timedOut } from '../../../src/plan/rollout/verdict.ts';
import {
  BEGAN,
  deployment,
  hook,
  listed,
  newerDeployment,
  oldDeployment,
  OUR_ARN,
  OURS,
  OTHER,
  OLD,
  revisionArn,
  rollbackDeployment,
  service,
  serviceDeployment,
} from './describe.ts';

/** The same numbers in every run: xorshift. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Pick = <T>(...choices: readonly T[]) => T;

function picker(seed: number): Pick {
  const next = numbers(seed);
  return (...choices) => choices[next(choices.length)] as (typeof choices)[number];
}

const STATUSES = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
  'COMPLETED',
  'SUCCESS',
  '',
];

/** Anything that AWS may say while ours has not succeeded; everything else around it has. */
function anyService(pick: Pick): ServiceSnapshot | 'missing' | undefined {
  const own: Partial<DeploymentSnapshot> = {
    status: pick('PRIMARY', 'ACTIVE', 'INACTIVE', 'DRAINING'),
    rolloutState: pick('IN_PROGRESS', 'FAILED', undefined),
    rolloutStateReason: pick(undefined, 'tasks failed to start', 'ECS deployment ecs-svc/900 completed.'),
    runningCount: 2,
    pendingCount: 0,
  };
  const done = { rolloutState: 'COMPLETED', status: 'PRIMARY', runningCount: 2, pendingCount: 0 };
  const taskDefinition = pick(OURS.taskDefinition, OLD, OTHER);
  const others = [oldDeployment, rollbackDeployment, newerDeployment].map((make) => make({ ...done, taskDefinition }));
  const seen = service(pick([deployment(own)], [pick(...others)], [deployment(own), pick(...others)], others, []), {
    status: pick('ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAINING'),
    rollsBack: pick(true, false),
    taskDefinition,
    currentServiceDeployment: pick(undefined, OUR_ARN, 'another'),
    events: [
      { id: 'a', createdAt: BEGAN + 1, message: '(service web) has reached a steady state.' },
      { id: 'b', createdAt: BEGAN + 2, message: '(service web) (deployment ecs-svc/10001) deployment completed.' },
      { id: 'c', createdAt: BEGAN + 3, message: '(service web) (deployment ecs-svc/900) deployment completed.' },
    ],
  });
  return pick<ServiceSnapshot | 'missing' | undefined>(seen, seen, seen, seen, 'missing', undefined);
}

function anyDeployment(pick: Pick): ServiceDeployment | 'missing' | undefined {
  const own = serviceDeployment({
    status: pick(...STATUSES),
    statusReason: pick(undefined, 'circuit breaker', 'SUCCESSFUL', 'another deployment was successful'),
    stage: pick(undefined, 'SCALE_UP', 'BAKE_TIME', 'CLEAN_UP', 'NEW_STAGE'),
    hooks: pick([], [hook()], [hook({ status: 'SUCCEEDED' })], [hook({ status: 'FAILED' })]),
  });
  const others = serviceDeployment({ arn: 'another', status: 'SUCCESSFUL' });
  return pick<ServiceDeployment | 'missing' | undefined>(own, own, others, 'missing', undefined);
}

function anyLook(pick: Pick): Observation {
  const newer = listed({ arn: 'another', status: 'SUCCESSFUL', targetRevisionArn: revisionArn(2000) });
  return { service: anyService(pick), deployment: anyDeployment(pick), newer: pick([], [newer]) };
}

const SEQUENCES = 20_000;

it(`in ${SEQUENCES} sequences in which only other deployments succeeded, ours never did`, () => {
  const wrong: number[] = [];
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const pick = picker(seed);
    let rollout = beginRollout(OURS, pick(OUR_ARN, undefined));
    for (let count = pick(1, 2, 3, 5, 8); count > 0; count--) rollout = observe(rollout, anyLook(pick));
    if (rollout.verdict.state === 'SUCCEEDED') wrong.push(seed);
    if (timedOut(rollout.verdict, 1000).state === 'SUCCEEDED') wrong.push(seed);
  }
  expect(wrong).toEqual([]);
});

it('in the same sequences, its own success ends whatever had not ended before', () => {
  let ended = 0;
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const pick = picker(seed);
    let rollout = beginRollout(OURS, OUR_ARN);
    for (let count = pick(0, 1, 2, 3); count > 0; count--) rollout = observe(rollout, anyLook(pick));
    if (isFinal(rollout.verdict)) continue;
    ended += 1;
    const success = serviceDeployment({ status: 'SUCCESSFUL' });
    const { state } = observe(rollout, { service: undefined, deployment: success, newer: [] }).verdict;
    if (state !== 'SUCCEEDED') throw new Error(`sequence ${seed} ends in ${state}`);
  }
  expect(ended).toBeGreaterThan(1000);
});
