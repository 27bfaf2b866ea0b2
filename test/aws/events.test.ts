import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventsOperations } from '../../src/aws/events.ts';
import { openSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { awsEnvironment, localAwsForTests, REGION } from '../support/local-aws-world.ts';
import { alteringProxy } from './altering-proxy.ts';

const localAws = localAwsForTests();
let events: EventsOperations;
let others: EventBridgeClient;

async function operations(endpoint: string): Promise<EventsOperations> {
  const env = await awsEnvironment({ endpoint });
  const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
  return session.events();
}

beforeEach(async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  others = new EventBridgeClient({ endpoint: localAws().endpoint, region: REGION, credentials });
  events = await operations(localAws().endpoint);
});
afterEach(() => others.destroy());

const ID = { bus: 'default', name: 'nightly' };
const RULE: JsonObject = {
  Name: 'nightly',
  EventBusName: 'default',
  ScheduleExpression: 'rate(1 day)',
  State: 'ENABLED',
  Description: 'Each night',
};
const TARGET: JsonObject = {
  Id: 'crawl',
  Arn: `arn:aws:batch:${REGION}:123456789012:job-queue/nights`,
  RoleArn: 'arn:aws:iam::123456789012:role/events',
  BatchParameters: { JobDefinition: 'crawl', JobName: 'crawl' },
};

describe('a rule', () => {
  it('that is not there is undefined, and so is one on a bus that is not there', async () => {
    expect(await events.rule(ID)).toBeUndefined();
    expect(await events.rule({ ...ID, bus: 'nowhere' })).toBeUndefined();
  });

  it('comes back as it was sent, without what AWS only tells', async () => {
    await events.putRule(RULE);
    const found = await events.rule(ID);
    expect(found).toEqual({
      arn: `arn:aws:events:${REGION}:123456789012:rule/nightly`,
      managedBy: undefined,
      settings: RULE,
    });
  });

  it('and its targets keep what the SDK has never heard of', async () => {
    await events.putRule(RULE);
    await events.putTarget(ID, TARGET);
    const proxy = await alteringProxy(localAws().endpoint, (answer) => {
      if (Array.isArray(answer['Targets'])) return { Targets: [{ ...TARGET, BrandNew: { deep: [1] } }] };
      return 'ScheduleExpression' in answer ? { ...answer, BrandNew: [2] } : answer;
    });
    const through = await operations(proxy.endpoint);
    await through.putRule((await through.rule(ID))?.settings ?? {});
    expect(proxy.bodies.at(-1)).toEqual({ ...RULE, BrandNew: [2] });
    const [target = {}] = await through.targets(ID);
    await through.putTarget(ID, target);
    expect(proxy.bodies.at(-1)).toEqual({
      Rule: 'nightly',
      EventBusName: 'default',
      Targets: [{ ...TARGET, BrandNew: { deep: [1] } }],
    });
  });
});

describe('putTarget', () => {
  it('leaves the other targets alone', async () => {
    await events.putRule(RULE);
    await events.putTarget(ID, TARGET);
    expect(await events.putTarget(ID, { ...TARGET, Id: 'index' })).toEqual([]);
    expect((await events.targets(ID)).map(({ Id }) => Id)).toEqual(['crawl', 'index']);
  });

  it('gives the entries that were refused', async () => {
    await events.putRule(RULE);
    localAws().control.setScenario({
      events: { failEntries: [{ id: 'crawl', code: 'InternalFailure', message: 'Not today.' }] },
    });
    expect(await events.putTarget(ID, TARGET)).toEqual([
      { id: 'crawl', code: 'InternalFailure', message: 'Not today.' },
    ]);
  });
});

describe('buses and rules', () => {
  it('are all found, over many pages', async () => {
    await others.send(new CreateEventBusCommand({ Name: 'orders' }));
    for (let count = 0; count < 101; count++) {
      await others.send(new PutRuleCommand({ Name: `r${count}`, ScheduleExpression: 'rate(1 day)' }));
    }
    expect((await events.buses()).toSorted()).toEqual(['default', 'orders']);
    expect(await events.rules('default')).toHaveLength(101);
    expect(await events.rules('orders')).toEqual([]);
    await others.send(new PutTargetsCommand({ Rule: 'r7', Targets: [TARGET as never] }));
    expect(await events.targets({ bus: 'default', name: 'r7' })).toEqual([TARGET]);
  });
});
