import { describe, expect, it } from '@jest/globals';
import { deploymentId } from '../../../src/plan/rollout/attach.ts';
import { decideRollback, lastCompleted, type RollbackSituation } from '../../../src/plan/service-rollback/decide.ts';
import {
  BEGAN,
  deployment,
  listed,
  oldDeployment,
  OUR_ARN,
  revisionArn,
  rollbackDeployment,
  service,
} from '../rollout/describe.ts';
import { REJECTED, revision, VERIFIED } from './revisions.ts';

const old = listed({
  arn: `${OUR_ARN}-old`,
  targetRevisionArn: revisionArn(900),
  status: 'SUCCESSFUL',
  createdAt: BEGAN - 3_600_000,
});
const inFlight: RollbackSituation = {
  service: service([deployment(), oldDeployment()]),
  listed: [listed(), old],
  current: revision(8, 'new'),
  before: revision(7, 'old'),
  named: undefined,
  key: undefined,
};
const over: Partial<RollbackSituation> = {
  service: service([deployment({ rolloutState: 'COMPLETED' })]),
  listed: [listed({ status: 'SUCCESSFUL' }), old],
  before: undefined,
};
const ended = (status: string): Partial<RollbackSituation> => ({
  service: service([rollbackDeployment({ rolloutState: 'COMPLETED' })]),
  listed: [listed({ status }), old],
  current: revision(7, 'old'),
  before: undefined,
});
const BY_ROLLBACK = { 'rolled-back-from': 'web:7' };

describe('a rollback', () => {
  it.each<[string, Partial<RollbackSituation>, string]>([
    ['takes back what is in flight', {}, 'stop ecs-svc/1000'],
    ['takes back what waits at a pause', { listed: [listed({ status: 'IN_PROGRESS' }), old] }, 'stop ecs-svc/1000'],
    [
      'follows what ECS takes back already',
      { listed: [listed({ status: 'ROLLBACK_IN_PROGRESS' }), old] },
      'taken-back ecs-svc/1000',
    ],
    ['goes no further back after ECS has', ended('ROLLBACK_SUCCESSFUL'), 'taken-back ecs-svc/1000'],
    [
      'goes further back when ECS went back to what was left',
      { ...ended('ROLLBACK_SUCCESSFUL'), current: revision(7, 'old', REJECTED) },
      'deploy',
    ],
    [
      'does not take a rollback for good by which ECS goes back to what was left',
      {
        listed: [listed({ status: 'ROLLBACK_IN_PROGRESS' }), old],
        current: revision(7, 'old', REJECTED),
        before: revision(7, 'old', REJECTED),
      },
      'deploy',
    ],
    [
      'sees its own deployment fail, and does not take that for good',
      {
        listed: [listed({ status: 'ROLLBACK_IN_PROGRESS' }), old],
        current: revision(8, 'new', { 'rollback-key': 'k', ...BY_ROLLBACK }),
        before: revision(7, 'old', REJECTED),
        key: 'k',
      },
      'follow same-key ecs-svc/1000',
    ],
    ['deploys another revision when ECS could not go back', ended('ROLLBACK_FAILED'), 'deploy'],
    ['deploys another revision after a deployment that failed', ended('STOPPED'), 'deploy'],
    ['deploys another revision when nothing is in flight', over, 'deploy'],
    [
      'follows what it has started itself',
      { ...over, current: revision(8, 'new', { 'rollback-key': 'k' }), key: 'k' },
      'follow same-key ecs-svc/1000',
    ],
    [
      'follows what it has started itself while that is in flight',
      { current: revision(8, 'new', { 'rollback-key': 'k' }), key: 'k' },
      'follow same-key ecs-svc/1000',
    ],
    [
      'goes back from what another rollback has started',
      { ...over, current: revision(8, 'new', { 'rollback-key': 'other' }), key: 'k' },
      'deploy',
    ],
    [
      'finishes one that was not seen to its end',
      { ...over, current: revision(8, 'new', { 'rolling-back': new Date(BEGAN - 2000).toISOString() }) },
      'follow unfinished ecs-svc/1000',
    ],
    [
      'takes no tag of long ago for one that was not seen to its end',
      { ...over, current: revision(8, 'new', { 'rolling-back': new Date(BEGAN - 3_600_000).toISOString() }) },
      'deploy',
    ],
    [
      'does not take back a rollback, which would bring back what was left',
      { current: revision(8, 'new', BY_ROLLBACK), before: revision(7, 'old', REJECTED) },
      'follow is-rollback ecs-svc/1000',
    ],
    [
      'deploys another revision when ECS would go back to what was left',
      { before: revision(7, 'old', REJECTED) },
      'deploy',
    ],
    [
      'takes back a deployment of what a rollback once brought out',
      { current: revision(8, 'new', BY_ROLLBACK), before: revision(7, 'old', VERIFIED) },
      'stop ecs-svc/1000',
    ],
    ['deploys another revision where AWS has no service deployments', { listed: undefined }, 'deploy'],
    [
      'follows a rollback of ECS where it has no service deployments',
      { listed: undefined, service: service([rollbackDeployment(), deployment({ status: 'ACTIVE' })]) },
      'follow is-rollback ecs-svc/1001',
    ],
  ])('%s', (_, told, expected) => {
    expect(decided(told)).toBe(expected);
  });
});

describe('a rollback to a named revision', () => {
  it.each<[string, Partial<RollbackSituation>, string]>([
    ['deploys it', { ...over, named: revision(3, 'other') }, 'deploy'],
    ['deploys it over what is in flight', { named: revision(3, 'other') }, 'deploy'],
    ['follows it when it is on its way', { named: revision(8, 'new') }, 'follow named ecs-svc/1000'],
    ['follows it also under another number', { named: revision(3, 'new') }, 'follow named ecs-svc/1000'],
    ['proves it when it runs already', { ...over, named: revision(8, 'new') }, 'follow named ecs-svc/1000'],
    [
      'deploys it again when it was stopped',
      { ...over, listed: [listed({ status: 'STOPPED' }), old], named: revision(8, 'new') },
      'deploy',
    ],
    [
      'follows ECS on its way back to it',
      {
        ...ended('ROLLBACK_IN_PROGRESS'),
        service: service([rollbackDeployment(), deployment({ status: 'ACTIVE' })]),
        before: revision(7, 'old'),
        named: revision(7, 'old'),
      },
      'taken-back ecs-svc/1000',
    ],
    [
      'deploys it anew when ECS is taking it back',
      { listed: [listed({ status: 'ROLLBACK_IN_PROGRESS' }), old], named: revision(8, 'new') },
      'deploy',
    ],
    [
      'deploys it although the same job has gone back to another one',
      { ...over, current: revision(8, 'new', { 'rollback-key': 'k' }), key: 'k', named: revision(3, 'other') },
      'deploy',
    ],
  ])('%s', (_, told, expected) => {
    expect(decided(told)).toBe(expected);
  });
});

describe('ECS goes back to', () => {
  it.each([
    ['the last that came out before', [listed(), old], old],
    ['none that came out since', [{ ...old, createdAt: BEGAN + 1 }, listed()], undefined],
    ['none that did not come out', [listed(), { ...old, status: 'STOPPED' }], undefined],
  ])('%s', (_, all, expected) => {
    expect(lastCompleted(all, listed())).toEqual(expected);
  });
});

function decided(told: Partial<RollbackSituation>): string {
  const decision = decideRollback({ ...inFlight, ...told });
  if (decision.kind === 'deploy') return decision.kind;
  const why = decision.kind === 'follow' ? [decision.why] : [];
  return [decision.kind, ...why, deploymentId(decision.deployment)].join(' ');
}
