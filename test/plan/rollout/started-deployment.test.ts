import { describe, expect, it } from '@jest/globals';
import type { ListedServiceDeployment, ServiceSnapshot } from '../../../src/plan/rollout/observation.ts';
import {
  deploymentInFlight,
  serviceDeploymentInFlight,
  serviceDeploymentOf,
  startedDeployment,
} from '../../../src/plan/rollout/started-deployment.ts';
import {
  BEGAN,
  deployment,
  listed,
  newerDeployment,
  oldDeployment,
  OLD,
  NEW,
  OUR_ARN,
  OURS,
  revisionArn,
  service,
} from './describe.ts';

const BEFORE = service([oldDeployment({ status: 'PRIMARY' })], { taskDefinition: OLD });

describe('what an update started', () => {
  it('is the deployment that was not there before, by its id', () => {
    expect(startedDeployment(BEFORE, service([deployment(), oldDeployment()]), NEW)).toEqual({
      kind: 'started',
      deployment: OURS,
    });
  });

  it('is the new one also when the same task definition is deployed again', () => {
    const again = deployment({ id: 'ecs-svc/1000', taskDefinition: OLD });
    expect(startedDeployment(BEFORE, service([again, oldDeployment()]), OLD)).toMatchObject({
      kind: 'started',
      deployment: { id: 'ecs-svc/1000' },
    });
  });

  it('is the first deployment of a service that was created', () => {
    expect(startedDeployment(undefined, service([deployment()]), NEW)).toMatchObject({
      kind: 'started',
      deployment: { id: OURS.id, before: undefined },
    });
  });

  it('is new also when AWS does not call it PRIMARY yet', () => {
    const green = deployment({ status: 'ACTIVE' });
    expect(startedDeployment(BEFORE, service([oldDeployment({ status: 'PRIMARY' }), green]), NEW)).toMatchObject({
      kind: 'started',
      deployment: { id: OURS.id },
    });
  });

  it('took the place of what came after the look before', () => {
    const other = deployment({ id: 'ecs-svc/1000', status: 'ACTIVE', taskDefinition: 'web:9' });
    expect(startedDeployment(BEFORE, service([deployment(), other, oldDeployment()]), NEW)).toMatchObject({
      deployment: { id: OURS.id, before: OLD, replaced: 'web:9' },
    });
  });

  it('took no place of what came after itself', () => {
    const after = service([newerDeployment(), deployment({ status: 'ACTIVE' }), oldDeployment()]);
    expect(startedDeployment(BEFORE, after, NEW)).toEqual({ kind: 'started', deployment: OURS });
  });

  it('is nothing when the service has just this already', () => {
    const same = service([deployment()]);
    expect(startedDeployment(same, same, NEW)).toMatchObject({ kind: 'nothing', primary: { id: OURS.id } });
  });

  it.each<[string, ServiceSnapshot]>([
    ['only what was there before', BEFORE],
    ['only what somebody else started meanwhile', service([newerDeployment(), oldDeployment()])],
    ['no deployment', service([])],
  ])('is unclear when the answer shows %s', (_what, after) => {
    expect(startedDeployment(BEFORE, after, NEW)).toEqual({ kind: 'unclear' });
  });

  it('does not depend on what AWS calls the current service deployment, which may be that before', () => {
    const after = service([deployment(), oldDeployment()], { currentServiceDeployment: 'the one before that' });
    expect(startedDeployment(BEFORE, after, NEW).kind).toBe('started');
  });
});

describe('the service deployment of ours', () => {
  const before = listed({ arn: 'before', targetRevisionArn: revisionArn(900), createdAt: BEGAN - 3_600_000 });
  const others = listed({ arn: 'others', targetRevisionArn: revisionArn(2000), createdAt: BEGAN + 1000 });

  it.each<[string, readonly ListedServiceDeployment[], string | undefined]>([
    ['is the one for the revision with its number', [others, listed(), before], OUR_ARN],
    ['is not one whose number only ends like it', [listed({ targetRevisionArn: revisionArn(21000) })], undefined],
    ['is none while only that before is listed', [before], undefined],
    ['is none while only that of somebody else is listed', [others, before], undefined],
    [
      'is none where numbers are no numbers and the answer named none',
      [listed({ targetRevisionArn: 'x/a-uuid' })],
      undefined,
    ],
  ])('%s', (_which, all, arn) => {
    expect(serviceDeploymentOf(OURS, all)?.arn).toBe(arn);
  });

  it.each<[string, readonly ListedServiceDeployment[], string | undefined]>([
    [
      'is the one that the answer named where numbers do not tell',
      [others, listed({ targetRevisionArn: 'x/a' })],
      OUR_ARN,
    ],
    [
      'is not that one when it is older than ours',
      [listed({ targetRevisionArn: 'x/a', createdAt: BEGAN - 1 })],
      undefined,
    ],
    ['is the one with the number although the answer named another', [listed(), { ...others, arn: 'named' }], OUR_ARN],
  ])('%s', (_which, all, arn) => {
    const announced = all.some((each) => each.arn === 'named') ? 'named' : OUR_ARN;
    expect(serviceDeploymentOf({ ...OURS, announced }, all)?.arn).toBe(arn);
  });

  it('is named by the answer of the call, unless it names the one before', () => {
    const answer = service([deployment(), oldDeployment()], { currentServiceDeployment: OUR_ARN });
    const unchanged = { ...answer, currentServiceDeployment: 'the one before' };
    const start = { ...BEFORE, currentServiceDeployment: 'the one before' };
    const named = [answer, unchanged].map((after) => {
      const started = startedDeployment(start, after, NEW);
      return started.kind === 'started' ? started.deployment.announced : started.kind;
    });
    expect(named).toEqual([OUR_ARN, undefined]);
  });
});

describe('a deployment in flight', () => {
  it.each([
    ['PENDING', true],
    ['IN_PROGRESS', true],
    ['STOP_REQUESTED', true],
    ['ROLLBACK_REQUESTED', true],
    ['ROLLBACK_IN_PROGRESS', true],
    ['SUCCESSFUL', false],
    ['STOPPED', false],
    ['ROLLBACK_SUCCESSFUL', false],
    ['ROLLBACK_FAILED', false],
  ])('%s: %s', (status, is) => {
    expect(serviceDeploymentInFlight([listed({ status })]) !== undefined).toBe(is);
  });

  it('is the newest of several', () => {
    const later = listed({ arn: 'later', createdAt: BEGAN + 1 });
    expect(serviceDeploymentInFlight([listed(), later])?.arn).toBe('later');
  });

  it.each<[string, ServiceSnapshot, string | undefined]>([
    ['is the primary one while its rollout goes on', service([deployment(), oldDeployment()]), OURS.id],
    ['is none when that is completed', service([deployment({ rolloutState: 'COMPLETED' })]), undefined],
    ['is none when that has failed', service([deployment({ rolloutState: 'FAILED' }), oldDeployment()]), undefined],
    [
      'is the primary one beside others where AWS tells no rollout state',
      service([deployment({ rolloutState: undefined }), oldDeployment({ rolloutState: undefined })]),
      OURS.id,
    ],
    ['is none alone where AWS tells no rollout state', service([deployment({ rolloutState: undefined })]), undefined],
  ])('of deployments[] %s', (_which, seen, id) => {
    expect(deploymentInFlight(seen)?.id).toBe(id);
  });
});
