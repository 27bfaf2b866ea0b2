import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  type ListRulesCommandInput,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import { batchTarget, eventsClient, JOB_QUEUE, nightlyRule } from './events-client.ts';

let localAws: LocalAws;
let events: EventBridgeClient;

beforeAll(async () => {
  localAws = await startLocalAws();
  events = eventsClient(localAws);
});
beforeEach(() => localAws.control.reset());
afterAll(async () => {
  events.destroy();
  await localAws.close();
});

const put = (more: Partial<PutRuleCommandInput> = {}) =>
  events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)', ...more }));
const describeRule = async (Name = 'nightly', EventBusName?: string) => {
  const { $metadata: _, ...rule } = await events.send(new DescribeRuleCommand({ Name, EventBusName }));
  return rule;
};

const ARN = 'arn:aws:events:eu-central-1:123456789012:rule/nightly';

describe('a rule', () => {
  it('is enabled once put', async () => {
    expect((await put()).RuleArn).toBe(ARN);
    expect(await describeRule()).toEqual({
      Name: 'nightly',
      Arn: ARN,
      EventBusName: 'default',
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      CreatedBy: '123456789012',
    });
  });

  it('is replaced whole when it is put again, but keeps its targets and tags', async () => {
    await put({ Description: 'night', State: 'DISABLED', Tags: [{ Key: 'team', Value: 'data' }] });
    await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [batchTarget()] }));
    await put({ ScheduleExpression: 'rate(1 day)', Tags: [{ Key: 'ignored', Value: '' }] });
    const rule = await describeRule();
    expect(rule).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'rate(1 day)' });
    expect(rule).not.toHaveProperty('Description');
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'nightly' }));
    expect(Targets).toEqual([batchTarget()]);
    const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it('may have an event pattern instead', async () => {
    const EventPattern = '{"source":["aws.batch"],"detail":{"status":["FAILED"]}}';
    await put({ ScheduleExpression: undefined, EventPattern });
    expect(await describeRule()).toMatchObject({ EventPattern });
  });

  it('is disabled and enabled', async () => {
    await put();
    await events.send(new DisableRuleCommand({ Name: 'nightly' }));
    expect((await describeRule()).State).toBe('DISABLED');
    await events.send(new EnableRuleCommand({ Name: 'nightly' }));
    expect((await describeRule()).State).toBe('ENABLED');
  });

  it('is deleted when it has no targets left', async () => {
    await nightlyRule(events, batchTarget());
    const remove = () => events.send(new DeleteRuleCommand({ Name: 'nightly' }));
    expect(await failureOf(remove())).toMatchObject({
      name: 'ValidationException',
      message: "Rule can't be deleted since it has targets.",
    });
    await events.send(new RemoveTargetsCommand({ Rule: 'nightly', Ids: ['crawl'] }));
    await remove();
    expect((await failureOf(describeRule())).name).toBe('ResourceNotFoundException');
    await expect(remove()).resolves.toBeDefined();
  });

  it.each([
    ['described', () => describeRule()],
    ['enabled', () => events.send(new EnableRuleCommand({ Name: 'nightly' }))],
    ['disabled', () => events.send(new DisableRuleCommand({ Name: 'nightly' }))],
    ['given targets', () => events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [batchTarget()] }))],
    ['asked for targets', () => events.send(new ListTargetsByRuleCommand({ Rule: 'nightly' }))],
  ])('that is not there cannot be %s', async (_case, call) => {
    expect(await failureOf(call())).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule nightly does not exist on EventBus default.',
    });
  });

  it.each<[string, Partial<PutRuleCommandInput>, string, string]>([
    [
      'a 1 in the plural',
      { ScheduleExpression: 'rate(1 minutes)' },
      'ValidationException',
      'Parameter ScheduleExpression is not valid.',
    ],
    [
      'at',
      { ScheduleExpression: 'at(2026-11-20T03:00:00)' },
      'ValidationException',
      'Parameter ScheduleExpression is not valid.',
    ],
    [
      'five fields',
      { ScheduleExpression: 'cron(15 12 * * ?)' },
      'ValidationException',
      'Parameter ScheduleExpression is not valid.',
    ],
    [
      'neither schedule nor pattern',
      { ScheduleExpression: undefined },
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    ],
    ['a name with a space', { Name: 'a b' }, 'ValidationException', "at 'name' failed to satisfy constraint"],
    ['another state', { State: 'ON' as 'ENABLED' }, 'ValidationException', "at 'state'"],
    [
      'a pattern that is no JSON',
      { EventPattern: '{' },
      'InvalidEventPatternException',
      'Event pattern is not valid. Reason:',
    ],
    [
      'a bare value in a pattern',
      { EventPattern: '{"source":"aws.batch"}' },
      'InvalidEventPatternException',
      '"source" must be an object or an array',
    ],
    [
      'an empty list in a pattern',
      { EventPattern: '{"detail":{"status":[]}}' },
      'InvalidEventPatternException',
      'Empty arrays are not allowed',
    ],
    [
      'a long pattern',
      { EventPattern: `{"source":["${'x'.repeat(2048)}"]}` },
      'ValidationException',
      'exceeds limit of 2048',
    ],
    [
      'a bus that is not there',
      { EventBusName: 'team' },
      'ResourceNotFoundException',
      'Event bus team does not exist.',
    ],
  ])('%s is refused', async (_case, more, name, message) => {
    const failure = await failureOf(put(more));
    expect(failure.name).toBe(name);
    expect(failure.message).toContain(message);
  });
});

describe('rules are listed', () => {
  const list = async (more: ListRulesCommandInput = {}) => {
    const { Rules, NextToken } = await events.send(new ListRulesCommand(more));
    return { names: Rules!.map(({ Name }) => Name), token: NextToken };
  };

  it('by prefix and in pages', async () => {
    for (const Name of ['a1', 'a2', 'a3', 'b1']) await put({ Name });
    const first = await list({ NamePrefix: 'a', Limit: 2 });
    const second = await list({ NamePrefix: 'a', Limit: 2, NextToken: first.token });
    expect([first.names, second.names]).toEqual([['a1', 'a2'], ['a3']]);
    expect(second.token).toBeUndefined();
  });

  it('by the target that they have', async () => {
    await nightlyRule(events, batchTarget());
    await put({ Name: 'other' });
    const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: JOB_QUEUE }));
    expect(RuleNames).toEqual(['nightly']);
  });

  it('for each region apart', async () => {
    await put();
    const elsewhere = eventsClient(localAws, 'us-east-1');
    expect((await elsewhere.send(new ListRulesCommand({}))).Rules).toEqual([]);
    elsewhere.destroy();
  });
});

describe('event buses', () => {
  const BUS = 'arn:aws:events:eu-central-1:123456789012:event-bus/team';
  const EventPattern = '{"source":["team"]}';
  beforeEach(() => events.send(new CreateEventBusCommand({ Name: 'team' })));

  it('have rules of their own, also by the ARN of the bus', async () => {
    await put({ EventBusName: BUS, ScheduleExpression: undefined, EventPattern });
    expect(await describeRule('nightly', 'team')).toMatchObject({
      Arn: 'arn:aws:events:eu-central-1:123456789012:rule/team/nightly',
      EventBusName: 'team',
    });
    expect((await failureOf(describeRule())).name).toBe('ResourceNotFoundException');
  });

  it('have schedules on the default one only', async () => {
    expect(await failureOf(put({ EventBusName: 'team' }))).toMatchObject({
      name: 'ValidationException',
      message: 'ScheduleExpression is supported only on the default event bus.',
    });
  });

  it('are described, listed and deleted', async () => {
    expect(await events.send(new DescribeEventBusCommand({ Name: 'team' }))).toMatchObject({ Arn: BUS });
    expect(await events.send(new DescribeEventBusCommand({}))).toMatchObject({ Name: 'default' });
    const names = async () => (await events.send(new ListEventBusesCommand({}))).EventBuses!.map(({ Name }) => Name);
    expect(await names()).toEqual(['default', 'team']);
    await events.send(new DeleteEventBusCommand({ Name: 'team' }));
    expect(await names()).toEqual(['default']);
  });

  it('are not created twice, nor deleted with rules', async () => {
    const again = await failureOf(events.send(new CreateEventBusCommand({ Name: 'team' })));
    expect(again.name).toBe('ResourceAlreadyExistsException');
    await put({ EventBusName: 'team', ScheduleExpression: undefined, EventPattern });
    const removed = await failureOf(events.send(new DeleteEventBusCommand({ Name: 'team' })));
    expect(removed.name).toBe('ValidationException');
    const removedDefault = await failureOf(events.send(new DeleteEventBusCommand({ Name: 'default' })));
    expect(removedDefault.name).toBe('ValidationException');
  });
});

it('tags of a rule are added and removed', async () => {
  await put();
  await events.send(
    new TagResourceCommand({
      ResourceARN: ARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    }),
  );
  await events.send(new UntagResourceCommand({ ResourceARN: ARN, TagKeys: ['a'] }));
  const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
  expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  const nothing = await failureOf(events.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}x` })));
  expect(nothing.name).toBe('ResourceNotFoundException');
});

it('nobody puts events here, and that is said', async () => {
  const failure = await failureOf(events.send(new PutEventsCommand({ Entries: [{ Source: 's' }] })));
  expect(failure).toMatchObject({ name: 'NotImplementedException', $metadata: { httpStatusCode: 501 } });
});
