import {
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
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
beforeEach(async () => {
  localAws.control.reset();
  localAws.control.setScenario({});
  await nightlyRule(events);
});
afterAll(async () => {
  events.destroy();
  await localAws.close();
});

const put = (...Targets: Target[]) => events.send(new PutTargetsCommand({ Rule: 'nightly', Targets }));
const targets = async () => (await events.send(new ListTargetsByRuleCommand({ Rule: 'nightly' }))).Targets!;
const ids = async () => (await targets()).map(({ Id }) => Id);

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:nights';
const DEAD = 'arn:aws:sqs:eu-central-1:123456789012:dead';

describe('PutTargets', () => {
  it('replaces the target of the same id whole, and keeps all others', async () => {
    const other = batchTarget({ Id: 'other', DeadLetterConfig: { Arn: DEAD } });
    await put(batchTarget({ Input: '{}', RetryPolicy: { MaximumRetryAttempts: 1 } }), other);
    const next = batchTarget({ BatchParameters: { JobDefinition: 'crawl:8', JobName: 'n' } });
    await put(next);
    expect(await targets()).toEqual([next, other]);
  });

  it('says that no entry failed', async () => {
    expect(await put(batchTarget())).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
  });

  it('takes all parameters of a Batch target, and a definition that is not there', async () => {
    const target = batchTarget({
      BatchParameters: {
        JobDefinition: 'arn:aws:batch:eu-central-1:123456789012:job-definition/nobody:7',
        JobName: 'n',
        ArrayProperties: { Size: 10_000 },
        RetryStrategy: { Attempts: 10 },
      },
    });
    await put(target);
    expect(await targets()).toEqual([target]);
  });

  it('tells of an entry that fails, and keeps the others', async () => {
    localAws.control.setScenario({
      events: { failEntries: [{ id: 'bad-*', code: 'ConcurrentModificationException', message: 'Try again' }] },
    });
    expect(await put(batchTarget({ Id: 'bad-1' }), batchTarget({ Id: 'good' }))).toMatchObject({
      FailedEntryCount: 1,
      FailedEntries: [{ TargetId: 'bad-1', ErrorCode: 'ConcurrentModificationException', ErrorMessage: 'Try again' }],
    });
    expect(await ids()).toEqual(['good']);
  });

  it('takes five targets and no more', async () => {
    const five = ['1', '2', '3', '4', '5'].map((Id) => batchTarget({ Id }));
    await put(...five);
    expect(await failureOf(put(batchTarget({ Id: '6' })))).toMatchObject({
      name: 'LimitExceededException',
      message: 'The requested resource exceeds the maximum number allowed.',
    });
    await expect(put(batchTarget({ Id: '5' }))).resolves.toBeDefined();
  });

  it.each<[string, Target[], string]>([
    ['no target', [], "at 'targets' failed to satisfy constraint"],
    ['no id', [batchTarget({ Id: undefined })], "Value null at 'targets.1.member.id'"],
    ['an id with a space', [batchTarget({ Id: 'a b' })], "Value 'a b' at 'targets.1.member.id'"],
    ['an id twice', [batchTarget(), batchTarget()], "More than one target with Id 'crawl' is provided."],
    [
      'no ARN at all',
      [batchTarget({ Arn: 'nights' })],
      'Parameter nights is not valid. Reason: Provided Arn is not in correct format.',
    ],
    ['no role for a job', [batchTarget({ RoleArn: undefined })], `RoleArn is required for target ${JOB_QUEUE}.`],
    [
      'no parameters for a job',
      [batchTarget({ BatchParameters: undefined })],
      'Parameter(s) BatchParameters must be specified for target: crawl.',
    ],
    [
      'parameters of a job for a topic',
      [batchTarget({ Arn: TOPIC })],
      'Parameter(s) BatchParameters not supported for target: crawl.',
    ],
    [
      'no definition',
      [batchTarget({ BatchParameters: { JobDefinition: undefined, JobName: 'n' } })],
      'batchParameters.jobDefinition',
    ],
    [
      'an array of one',
      [batchTarget({ BatchParameters: { JobDefinition: 'd', JobName: 'n', ArrayProperties: { Size: 1 } } })],
      'Size must be in between 2 and 10000.',
    ],
    [
      'eleven attempts',
      [batchTarget({ BatchParameters: { JobDefinition: 'd', JobName: 'n', RetryStrategy: { Attempts: 11 } } })],
      'Attempts must be in between 1 and 10.',
    ],
    ['Input that is no JSON', [batchTarget({ Input: 'night' })], 'JSON syntax error in input for target crawl.'],
    [
      'two inputs',
      [batchTarget({ Input: '{}', InputPath: '$.detail' })],
      'Only one of Input, InputPath, or InputTransformer must be provided for target crawl.',
    ],
    [
      'a topic for dead letters',
      [batchTarget({ DeadLetterConfig: { Arn: TOPIC } })],
      'sns is not supported as a dead letter resource.',
    ],
    [
      'a FIFO queue for dead letters',
      [batchTarget({ DeadLetterConfig: { Arn: `${DEAD}.fifo` } })],
      'SQS FIFO is not supported by Dead Letter Queues.',
    ],
    [
      'a queue elsewhere',
      [batchTarget({ DeadLetterConfig: { Arn: DEAD.replace('eu-central-1', 'us-east-1') } })],
      'eu-central-1',
    ],
    ['186 retries', [batchTarget({ RetryPolicy: { MaximumRetryAttempts: 186 } })], 'less than or equal to 185'],
  ])('refuses %s', async (_case, given, message) => {
    const failure = await failureOf(put(...given));
    expect(failure.name).toBe('ValidationException');
    expect(failure.message).toContain(message);
    expect(await ids()).toEqual([]);
  });
});

describe('targets of a rule', () => {
  beforeEach(() => put(...['c', 'a', 'b'].map((Id) => batchTarget({ Id }))));

  it('are listed in pages', async () => {
    const list = async (NextToken?: string) => {
      const page = await events.send(new ListTargetsByRuleCommand({ Rule: 'nightly', Limit: 2, NextToken }));
      return { ids: page.Targets!.map(({ Id }) => Id), token: page.NextToken };
    };
    const first = await list();
    expect([first.ids, (await list(first.token)).ids]).toEqual([['a', 'b'], ['c']]);
  });

  it('are removed by their ids', async () => {
    const removed = await events.send(new RemoveTargetsCommand({ Rule: 'nightly', Ids: ['a', 'nobody', 'c'] }));
    expect(removed).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    expect(await ids()).toEqual(['b']);
  });
});
