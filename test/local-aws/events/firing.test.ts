import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import { DAY, happened, HOUR, runs, startAtFriday } from '../scheduler/scheduler-client.ts';
import { batchTarget, eventsClient, JOB_QUEUE, nightlyRule } from './events-client.ts';

let localAws: LocalAws;
let events: EventBridgeClient;

beforeAll(async () => {
  localAws = await startAtFriday();
  events = eventsClient(localAws);
});
beforeEach(() => {
  localAws.control.reset();
  fail(400);
});
afterAll(async () => {
  events.destroy();
  await localAws.close();
});

const DEAD = 'arn:aws:sqs:eu-central-1:123456789012:dead';

/** Makes every target fail, by default for good: what is told here is when targets are called, and what happens then. */
function fail(status: number, code = 'Broken'): void {
  localAws.control.setScenario({ events: { failTargets: [{ target: '*', code, message: 'by night', status }] } });
}

const put = (ScheduleExpression: string) => events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression }));
const putTargets = (...Targets: Target[]) => events.send(new PutTargetsCommand({ Rule: 'nightly', Targets }));
const times = () => runs(localAws, 'events').map((run) => run.split(' ')[0]);

describe('a rule calls its targets', () => {
  it('each night that passes, by the clock of UTC', async () => {
    await nightlyRule(events, batchTarget());
    await localAws.control.advance(2 * DAY);
    expect(times()).toEqual(['2026-11-20T03:00Z', '2026-11-21T03:00Z']);
  });

  it('all of them', async () => {
    await nightlyRule(events, batchTarget({ Id: 'b' }), batchTarget({ Id: 'a' }));
    await localAws.control.advance(DAY);
    expect(times()).toEqual(['2026-11-20T03:00Z', '2026-11-20T03:00Z']);
    const executions = happened(localAws, 'events').invocations.map(({ executionId }) => executionId);
    expect(new Set(executions).size).toBe(2);
  });

  it('at a rate that starts when it is put', async () => {
    await put('rate(8 hours)');
    await putTargets(batchTarget());
    await localAws.control.advance(DAY);
    expect(times()).toEqual(['2026-11-20T08:00Z', '2026-11-20T16:00Z', '2026-11-21T00:00Z']);
  });

  it('with the parameters that it has when its time comes', async () => {
    await nightlyRule(events, batchTarget({ Id: 'gone' }));
    await events.send(new RemoveTargetsCommand({ Rule: 'nightly', Ids: ['gone'] }));
    await putTargets(batchTarget({ Arn: `${JOB_QUEUE}-2` }));
    await localAws.control.advance(DAY);
    expect(happened(localAws, 'events').invocations.map(({ target }) => target)).toEqual([`${JOB_QUEUE}-2`]);
  });

  it('not while it is disabled, and not for what it missed', async () => {
    await nightlyRule(events, batchTarget());
    await events.send(new DisableRuleCommand({ Name: 'nightly' }));
    await localAws.control.advance(2 * DAY);
    expect(times()).toEqual([]);
    await events.send(new EnableRuleCommand({ Name: 'nightly' }));
    await localAws.control.advance(DAY);
    expect(times()).toEqual(['2026-11-22T03:00Z']);
  });

  it('no more once it is deleted', async () => {
    await nightlyRule(events, batchTarget());
    await localAws.control.advance(DAY);
    await events.send(new RemoveTargetsCommand({ Rule: 'nightly', Ids: ['crawl'] }));
    await events.send(new DeleteRuleCommand({ Name: 'nightly' }));
    await localAws.control.advance(DAY);
    expect(times()).toEqual(['2026-11-20T03:00Z']);
  });

  it('never when it has an event pattern only', async () => {
    await events.send(new PutRuleCommand({ Name: 'nightly', EventPattern: '{"source":["aws.batch"]}' }));
    await putTargets(batchTarget());
    await localAws.control.advance(DAY);
    expect(times()).toEqual([]);
  });
});

describe('a target of a rule that fails', () => {
  const RetryPolicy = { MaximumRetryAttempts: 1 };

  it('is tried again, and then its event goes to the dead-letter queue', async () => {
    fail(500);
    await nightlyRule(events, batchTarget({ RetryPolicy, DeadLetterConfig: { Arn: DEAD } }));
    await localAws.control.advance(DAY);
    expect(runs(localAws, 'events')).toEqual(['2026-11-20T03:00Z retrying', '2026-11-20T03:01Z failed']);
    const [letter] = happened(localAws, 'events').deadLetters[DEAD]!;
    expect(letter!.messageAttributes).toEqual({
      RULE_ARN: 'arn:aws:events:eu-central-1:123456789012:rule/nightly',
      TARGET_ARN: JOB_QUEUE,
      ERROR_CODE: 'Broken',
      ERROR_MESSAGE: 'by night',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '1',
    });
    expect(JSON.parse(letter!.body)).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-11-20T03:00:00Z',
      resources: ['arn:aws:events:eu-central-1:123456789012:rule/nightly'],
    });
  });

  it('is tried for a day without a policy of its own', async () => {
    fail(500);
    await nightlyRule(events, batchTarget());
    await localAws.control.advance(3 * HOUR);
    expect(happened(localAws, 'events').pending).toMatchObject([
      { target: { RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } } },
    ]);
  });

  it.each([
    ['NO_PERMISSIONS', 'AccessDeniedException'],
    ['NO_RESOURCE', 'ResourceNotFoundException'],
    ['ClientException', 'ClientException'],
  ])('for good is not tried again: %s', async (code, name) => {
    fail(400, name);
    await nightlyRule(events, batchTarget({ DeadLetterConfig: { Arn: DEAD } }));
    await localAws.control.advance(DAY);
    expect(runs(localAws, 'events')).toEqual(['2026-11-20T03:00Z failed']);
    const [letter] = happened(localAws, 'events').deadLetters[DEAD]!;
    expect(letter!.messageAttributes).toMatchObject({ ERROR_CODE: code, RETRY_ATTEMPTS: '0' });
  });

  it('is one that this AWS does not have', async () => {
    localAws.control.setScenario({});
    await nightlyRule(events, { Id: 'topic', Arn: 'arn:aws:sns:eu-central-1:123456789012:nights' });
    await localAws.control.advance(DAY);
    expect(happened(localAws, 'events').invocations).toMatchObject([
      { outcome: 'failed', error: { code: 'NotImplementedException' } },
    ]);
  });
});

it('rules, their targets and what happened are in the state', async () => {
  await nightlyRule(events, batchTarget());
  await localAws.control.advance(DAY);
  expect(localAws.control.state()['events']).toMatchObject({
    regions: { 'eu-central-1': { rules: { 'default/nightly': { targets: { crawl: { Arn: JOB_QUEUE } } } } } },
    invocations: [{ outcome: 'failed' }],
  });
});

describe('a scenario that says what EventBridge does not know is refused', () => {
  it.each([
    [{ events: { failures: [] } }, '"events" has no member "failures", only "failTargets" and "failEntries".'],
    [{ events: { failTargets: {} } }, '"events.failTargets" must be a list.'],
    [{ events: { failTargets: ['*'] } }, '"events.failTargets[0]" must be an object.'],
    [{ events: { failTargets: [{ target: '*' }] } }, '"events.failTargets[0]" needs "code".'],
    [{ events: { failEntries: [{ id: 1, code: 'x' }] } }, '"events.failEntries[0]": "id" must be a string.'],
    [{ scheduler: { failTargets: [{ target: '*', code: 'x', status: '1' }] } }, '"status" must be a number.'],
    [{ scheduler: { failTargets: [{ target: '*', code: 'x', often: 1 }] } }, 'has no member "often".'],
    [{ scheduler: { maximumSchedules: -1 } }, '"scheduler.maximumSchedules" must be a whole number from 0.'],
    [{ scheduler: { quota: 1 } }, '"scheduler" has no member "quota", only "failTargets" and "maximumSchedules".'],
  ])('%j', (scenario, problem) => {
    expect(() => localAws.control.setScenario(scenario)).toThrow(problem);
  });
});
