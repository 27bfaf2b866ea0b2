import { CreateEventBusCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from '@jest/globals';
import { findUses, repoint, type DefinitionUses } from '../../../src/actions/schedule/uses.ts';
import { openSession, type AwsSession } from '../../../src/aws/session.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { arnOf, byHand, clockOf, QUEUE_ARN, ROLE, scheduleWorldForTests } from './schedule-world.ts';

const world = scheduleWorldForTests();

async function session(): Promise<AwsSession> {
  const env = await awsEnvironment(world().localAws);
  const clock = clockOf(world().localAws);
  return openSession({ env, clock, region: undefined, expectedAccountId: undefined });
}

async function uses(name = 'crawl'): Promise<DefinitionUses> {
  return findUses(await session(), name);
}

const told = ({ uses: found }: DefinitionUses): [string, number | undefined][] =>
  found.map(({ by, revision }) => [by, revision]);

const submitting = (JobDefinition: string) => ({
  Target: {
    ...byHand().Target,
    Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
    RoleArn: ROLE,
    Input: JSON.stringify({ JobName: 'j', JobQueue: 'q', JobDefinition }),
  },
});

async function putRule(name: string, JobDefinition: string, bus?: string): Promise<void> {
  const on = bus === undefined ? {} : { EventBusName: bus };
  const when = bus === undefined ? { ScheduleExpression: 'rate(1 day)' } : { EventPattern: '{"source":["a"]}' };
  const { events } = world();
  await events.send(new PutRuleCommand({ Name: name, ...on, ...when }));
  const target = { Id: 'j', Arn: QUEUE_ARN, RoleArn: ROLE, BatchParameters: { JobDefinition, JobName: 'j' } };
  await events.send(new PutTargetsCommand({ Rule: name, ...on, Targets: [target] }));
}

describe('what submits a definition', () => {
  it('is found by name, name:revision and ARN, and by exactly this name', async () => {
    const references = {
      'by-arn': arnOf(3),
      'by-name': 'crawl',
      'by-arn-of-name': arnOf(3).replace(/:3$/, ''),
      'by-name-and-revision': 'crawl:2',
      longer: 'crawl-more:2',
      shorter: 'craw',
      elsewhere: arnOf(3).replace('eu-west-1', 'us-east-1'),
    };
    for (const [Name, reference] of Object.entries(references)) {
      await world().createByHand({ Name, ...submitting(reference) });
    }
    expect(told(await uses())).toEqual([
      ['schedule by-arn', 3],
      ['schedule by-arn-of-name', undefined],
      ['schedule by-name', undefined],
      ['schedule by-name-and-revision', 2],
    ]);
  });

  it('is found in every group, on every bus, and over many pages', async () => {
    await world().scheduler.send(new CreateScheduleGroupCommand({ Name: 'crawlers' }));
    await world().events.send(new CreateEventBusCommand({ Name: 'orders' }));
    await world().createByHand({ GroupName: 'crawlers', ...submitting(arnOf(1)) });
    for (let count = 0; count < 101; count++) {
      await world().createByHand({ Name: `other-${count}`, ...submitting(count === 100 ? 'crawl:1' : 'other:1') });
    }
    await putRule('nightly', arnOf(1));
    await putRule('on-order', 'crawl', 'orders');
    expect(told(await uses())).toEqual([
      ['schedule crawlers/nightly', 1],
      ['schedule other-100', 1],
      ['rule nightly', 1],
      ['rule orders/on-order', undefined],
    ]);
  });

  it('that is paused counts, and it is told', async () => {
    await world().createByHand({ State: 'DISABLED', ...submitting('crawl:1') });
    expect((await uses()).uses).toMatchObject([{ by: 'schedule nightly', enabled: false }]);
  });

  it('that may not be read is told, and no error', async () => {
    await world().createByHand(submitting('crawl:1'));
    world().localAws.control.setScenario({
      iam: { deny: [{ action: 'scheduler:GetSchedule' }, { action: 'events:ListRules' }] },
    });
    expect(await uses()).toEqual({
      uses: [],
      unreadable: ['schedule nightly', 'the rules of event bus default'],
    });
  });

  it('that can not be told from what is submitted is unreadable', async () => {
    await world().createByHand({
      Target: { ...submitting('').Target, Input: '{"JobDefinition":"<aws.scheduler.execution-id>"}' },
    });
    expect((await uses()).unreadable).toEqual(['what schedule nightly submits']);
  });
});

describe('repoint', () => {
  const silent = () => undefined;
  const progress = { step: silent, info: silent, warn: silent, output: silent };

  async function moveTo(revision: number) {
    const opened = await session();
    const described = await (await opened.batch()).revision('crawl', revision);
    const { uses: found } = await findUses(opened, 'crawl');
    const to = { name: 'crawl', reference: arnOf(revision), described: described! };
    const context = { clock: clockOf(world().localAws), progress, signal: new AbortController().signal };
    return repoint(found, to, opened, context);
  }

  it('moves schedules and rules that are pinned, also back, and leaves those that go by the name', async () => {
    await world().register();
    await world().register();
    await world().createByHand(submitting(arnOf(2)));
    await world().createByHand({ Name: 'by-name', ...submitting('crawl') });
    await putRule('nightly', arnOf(2));
    const moved = await moveTo(1);
    expect(moved).toMatchObject([
      { use: { by: 'schedule nightly' }, outcome: { status: 'changed' } },
      { use: { by: 'rule nightly' }, outcome: { status: 'changed' } },
    ]);
    expect(told(await uses())).toEqual([
      ['schedule by-name', undefined],
      ['schedule nightly', 1],
      ['rule nightly', 1],
    ]);
  });

  it('moves the others when one can not be moved', async () => {
    await world().register();
    await world().register();
    await world().createByHand(submitting(arnOf(1)));
    await putRule('nightly', arnOf(1));
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'scheduler:UpdateSchedule' }] } });
    expect(await moveTo(2)).toMatchObject([
      { use: { by: 'schedule nightly' }, error: { code: 'aws.access_denied' } },
      { use: { by: 'rule nightly' }, outcome: { status: 'changed' } },
    ]);
  });
});
