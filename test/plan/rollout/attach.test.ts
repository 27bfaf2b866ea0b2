import { describe, expect, it } from '@jest/globals';
import {
  attachedTo,
  chooseDeployment,
  deploymentId,
  eventsOf,
  type AttachRequest,
} from '../../../src/plan/rollout/attach.ts';
import {
  BEGAN,
  deployment,
  listed,
  newerDeployment,
  OLD,
  oldDeployment,
  OUR_ARN,
  revisionArn,
  rollbackDeployment,
  service,
} from './describe.ts';

const HOUR = 3_600_000;
const OLD_ARN = `${OUR_ARN}-old`;
const NEWER_ARN = `${OUR_ARN}-newer`;
const oldListed = listed({
  arn: OLD_ARN,
  targetRevisionArn: revisionArn(900),
  status: 'SUCCESSFUL',
  createdAt: BEGAN - HOUR,
});
const newerListed = listed({ arn: NEWER_ARN, targetRevisionArn: revisionArn(2000), createdAt: BEGAN + 60_000 });
const nothing = { id: undefined, arn: undefined, hookId: undefined };
const done = { rolloutState: 'COMPLETED' };

/** What is chosen: how, and which. */
function chosen(request: Partial<AttachRequest>): string {
  const choice = chooseDeployment({
    wanted: undefined,
    recorded: undefined,
    service: service([deployment(), oldDeployment()]),
    listed: [listed(), oldListed],
    ...request,
  });
  if (choice.kind === 'found') return `${choice.how} ${deploymentId(choice)}`;
  return choice.kind === 'unknown' ? `unknown ${choice.how} ${choice.wanted}` : choice.kind;
}

describe('the deployment that is meant', () => {
  it.each<[string, Partial<AttachRequest>, string]>([
    ['is the one in flight', {}, 'in-flight ecs-svc/1000'],
    ['is the named one, by its id', { wanted: 'ecs-svc/900' }, 'named ecs-svc/900'],
    ['is the named one, by its ARN', { wanted: OLD_ARN }, 'named ecs-svc/900'],
    [
      'is the named one also when it is gone from deployments[]',
      { wanted: 'ecs-svc/900', service: service([deployment()]) },
      'named ecs-svc/900',
    ],
    ['is none when there is none of the id', { wanted: 'ecs-svc/1' }, 'unknown named ecs-svc/1'],
    ['is none when there is none of the ARN', { wanted: NEWER_ARN }, `unknown named ${NEWER_ARN}`],
    [
      'is the named one, whatever the record says',
      { wanted: OLD_ARN, recorded: { ...nothing, id: 'ecs-svc/1000' } },
      'named ecs-svc/900',
    ],
    ['is that of the record, by its id', { recorded: { ...nothing, id: 'ecs-svc/900' } }, 'recorded ecs-svc/900'],
    ['is that of the record, by its ARN', { recorded: { ...nothing, arn: OLD_ARN } }, 'recorded ecs-svc/900'],
    [
      'is that of the record by its id while AWS does not list it yet',
      { recorded: { ...nothing, id: 'ecs-svc/1000', arn: OUR_ARN }, listed: [oldListed] },
      'recorded ecs-svc/1000',
    ],
    [
      'is none when AWS does not know that of the record any more',
      { recorded: { ...nothing, id: 'ecs-svc/5' } },
      'unknown recorded ecs-svc/5',
    ],
    [
      'is the newest when none is in flight',
      { listed: [listed({ status: 'SUCCESSFUL' }), oldListed], service: service([deployment(done)]) },
      'newest ecs-svc/1000',
    ],
    [
      'is the newest also when that was rolled back, and not what runs instead',
      {
        listed: [listed({ status: 'ROLLBACK_SUCCESSFUL' }), oldListed],
        service: service([rollbackDeployment(done)], { taskDefinition: OLD }),
      },
      'newest ecs-svc/1000',
    ],
    [
      'is the one that is rolled back, and not the deployment that does it',
      {
        listed: [listed({ status: 'ROLLBACK_IN_PROGRESS' }), oldListed],
        service: service([rollbackDeployment(), deployment({ status: 'ACTIVE', rolloutState: 'FAILED' })]),
      },
      'in-flight ecs-svc/1000',
    ],
    [
      'is one that was just started and is not listed yet',
      { service: service([newerDeployment(), deployment({ status: 'ACTIVE' })]), listed: [listed(), oldListed] },
      'in-flight ecs-svc/2000',
    ],
    [
      'is the one that takes the place of another, which is being stopped',
      {
        service: service([newerDeployment(), deployment({ status: 'ACTIVE' })]),
        listed: [newerListed, listed({ status: 'STOP_REQUESTED' }), oldListed],
      },
      'in-flight ecs-svc/2000',
    ],
    ['is the one in flight where AWS has no service deployments', { listed: undefined }, 'in-flight ecs-svc/1000'],
    [
      'is the newest where AWS has no service deployments and none is in flight',
      { listed: undefined, service: service([deployment(done)]) },
      'newest ecs-svc/1000',
    ],
    ['is none when the service never had one', { listed: [], service: service([]) }, 'none'],
  ])('%s', (_, request, expected) => {
    expect(chosen(request)).toBe(expected);
  });
});

describe('what is followed', () => {
  it('is announced by its own service deployment, and not by that of what runs now', () => {
    const now = service([deployment()], { currentServiceDeployment: OUR_ARN });
    expect(attachedTo({ snapshot: undefined, listed: oldListed }, OLD, now)).toEqual({
      id: 'ecs-svc/900',
      taskDefinition: OLD,
      createdAt: BEGAN - HOUR,
      before: undefined,
      announced: OLD_ARN,
    });
    const old = { snapshot: oldDeployment(), listed: undefined };
    expect(attachedTo(old, OLD, now).announced).toBeUndefined();
  });

  it('has the events from its start to the start of the next one', () => {
    const times = [BEGAN - 1, BEGAN, BEGAN + 59_999, BEGAN + 60_000];
    const events = times.map((createdAt) => ({ id: String(createdAt), createdAt, message: '' })).toReversed();
    const { since, ids } = eventsOf({ createdAt: BEGAN }, service([], { events }), [newerListed, listed(), oldListed]);
    const told = times.filter((time) => time >= since && !ids.has(String(time)));
    expect(told).toEqual([BEGAN, BEGAN + 59_999]);
  });
});
