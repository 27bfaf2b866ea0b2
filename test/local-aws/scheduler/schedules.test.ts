import {
  CreateScheduleCommand,
  type CreateScheduleInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import {
  FRIDAY,
  HOUR,
  nightly,
  QUEUE,
  registerTarget,
  ROLE,
  schedulerClient,
  startAtFriday,
} from './scheduler-client.ts';

let localAws: LocalAws;
let scheduler: SchedulerClient;

beforeAll(async () => {
  localAws = await startAtFriday();
  scheduler = schedulerClient(localAws);
});
beforeEach(() => {
  localAws.control.reset();
  localAws.control.setScenario({});
});
afterAll(async () => {
  scheduler.destroy();
  await localAws.close();
});

const create = (more: Partial<CreateScheduleInput> = {}) => scheduler.send(new CreateScheduleCommand(nightly(more)));
const update = (more: Partial<CreateScheduleInput> = {}) => scheduler.send(new UpdateScheduleCommand(nightly(more)));
const get = async (Name = 'nightly', GroupName?: string) => {
  const { $metadata: _, ...schedule } = await scheduler.send(new GetScheduleCommand({ Name, GroupName }));
  return schedule;
};

/** Every optional field set to something other than its default. */
const FULL: Partial<CreateScheduleInput> = {
  Description: 'crawls at night',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  State: 'DISABLED',
  StartDate: new Date('2026-12-01T00:00:00Z'),
  EndDate: new Date('2027-12-01T00:00:00Z'),
  KmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1',
  ActionAfterCompletion: 'DELETE',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
  Target: registerTarget({
    DeadLetterConfig: { Arn: QUEUE },
    RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
  }),
};

const DEFAULTS = {
  Arn: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightly',
  GroupName: 'default',
  Name: 'nightly',
  ScheduleExpression: 'cron(0 3 * * ? *)',
  ScheduleExpressionTimezone: 'UTC',
  State: 'ENABLED',
  ActionAfterCompletion: 'NONE',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { ...registerTarget(), RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
};

describe('a schedule', () => {
  it('is created with AWS defaults: 185 retries in 24 hours, UTC, enabled, no dead-letter queue', async () => {
    const { ScheduleArn } = await create();
    expect(ScheduleArn).toBe(DEFAULTS.Arn);
    expect(await get()).toEqual({ ...DEFAULTS, CreationDate: FRIDAY, LastModificationDate: FRIDAY });
  });

  it('is read back as it was created', async () => {
    await create(FULL);
    expect(await get()).toMatchObject(FULL);
  });

  it('is replaced whole by UpdateSchedule: what is left out goes back to its default', async () => {
    await create(FULL);
    await localAws.control.advance(HOUR);
    await update();
    const LastModificationDate = new Date(FRIDAY.getTime() + HOUR);
    expect(await get()).toEqual({ ...DEFAULTS, CreationDate: FRIDAY, LastModificationDate });
  });

  it('keeps everything when it is read, changed and written back', async () => {
    await create(FULL);
    const { Arn: _arn, CreationDate: _created, LastModificationDate: _modified, ...read } = await get();
    await scheduler.send(
      new UpdateScheduleCommand({ ...(read as CreateScheduleInput), ScheduleExpression: 'cron(0 4 * * ? *)' }),
    );
    expect(await get()).toMatchObject({ ...FULL, ScheduleExpression: 'cron(0 4 * * ? *)' });
  });

  it('may keep a start that has passed, but not get one', async () => {
    await create({ StartDate: FRIDAY });
    await localAws.control.advance(HOUR);
    await update({ StartDate: FRIDAY });
    const failure = await failureOf(update({ StartDate: new Date(FRIDAY.getTime() + 1) }));
    expect(failure.message).toContain('cannot be earlier than 5 minutes ago');
  });

  it('completes half a retry policy', async () => {
    await create({ Target: registerTarget({ RetryPolicy: { MaximumRetryAttempts: 2 } }) });
    expect((await get()).Target?.RetryPolicy).toEqual({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 86_400 });
  });

  it('is gone once deleted', async () => {
    await create();
    await scheduler.send(new DeleteScheduleCommand({ Name: 'nightly' }));
    expect(await failureOf(get())).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule nightly does not exist.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('of one name is one in its group', async () => {
    await scheduler.send(new CreateScheduleGroupCommand({ Name: 'team' }));
    await create();
    await create({ GroupName: 'team' });
    expect(await failureOf(create())).toMatchObject({
      name: 'ConflictException',
      message: 'Schedule nightly already exists.',
    });
  });

  it.each([
    ['create', () => create({ GroupName: 'nobody' })],
    ['update', () => update({ GroupName: 'nobody' })],
    ['get', () => get('nightly', 'nobody')],
    ['delete', () => scheduler.send(new DeleteScheduleCommand({ Name: 'nightly', GroupName: 'nobody' }))],
    ['list', () => scheduler.send(new ListSchedulesCommand({ GroupName: 'nobody' }))],
  ])('%s says so when the group is not there', async (_operation, call) => {
    expect(await failureOf(call())).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule group nobody does not exist.',
    });
  });

  it('is not updated when it is not there', async () => {
    expect((await failureOf(update())).name).toBe('ResourceNotFoundException');
  });

  it('has a quota, which the scenario may lower', async () => {
    localAws.control.setScenario({ scheduler: { maximumSchedules: 1 } });
    await create();
    expect((await failureOf(create({ Name: 'other' }))).name).toBe('ServiceQuotaExceededException');
  });
});

describe('a client token', () => {
  it('makes a call that comes again one call', async () => {
    const first = await create({ ClientToken: 'once' });
    expect((await create({ ClientToken: 'once' })).ScheduleArn).toBe(first.ScheduleArn);
  });

  it('belongs to one set of parameters', async () => {
    await create({ ClientToken: 'once' });
    expect((await failureOf(create({ ClientToken: 'once', Description: 'other' }))).name).toBe('ConflictException');
  });

  it('does not hide that the schedule is there for another', async () => {
    await create({ ClientToken: 'one' });
    expect((await failureOf(create({ ClientToken: 'two' }))).name).toBe('ConflictException');
  });

  it('makes a second delete succeed', async () => {
    await create();
    const remove = () => scheduler.send(new DeleteScheduleCommand({ Name: 'nightly', ClientToken: 'gone' }));
    await remove();
    await expect(remove()).resolves.toBeDefined();
  });
});

const target = (more: object): Partial<CreateScheduleInput> => ({ Target: registerTarget(more) });
const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function:f';

describe('a ValidationException is the answer to', () => {
  it.each<[string, Partial<CreateScheduleInput>, string]>([
    [
      'a name with a space',
      { Name: 'a b' },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+",
    ],
    ['a name of 65', { Name: 'a'.repeat(65) }, 'Member must have length less than or equal to 64'],
    ['a cron without ?', { ScheduleExpression: 'cron(0 1 * * * *)' }, 'Invalid Schedule Expression cron(0 1 * * * *).'],
    ['seconds in a rate', { ScheduleExpression: 'rate(10 seconds)' }, 'Invalid Schedule Expression rate(10 seconds).'],
    ['a zone in at', { ScheduleExpression: 'at(2026-12-31T23:59:59Z)' }, 'Invalid Schedule Expression'],
    ['no such time zone', { ScheduleExpressionTimezone: 'Europe/Atlantis' }, 'Europe/Atlantis'],
    ['another state', { State: 'PAUSED' as 'ENABLED' }, 'enum value set: [ENABLED, DISABLED]'],
    ['a long description', { Description: 'x'.repeat(513) }, "at 'description'"],
    [
      'a window without length',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } },
      'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.',
    ],
    [
      'a length without window',
      { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } },
      'MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.',
    ],
    [
      'a window of 0',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 0 } },
      'greater than or equal to 1',
    ],
    [
      'a window over a day',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } },
      'less than or equal to 1440',
    ],
    ['no window', { FlexibleTimeWindow: undefined }, "Value null at 'flexibleTimeWindow'"],
    ['no target', { Target: undefined }, "Value null at 'target'"],
    ['no role', target({ RoleArn: undefined }), "Value null at 'target.roleArn'"],
    ['a user as role', target({ RoleArn: 'arn:aws:iam::123456789012:user/me' }), "at 'target.roleArn' failed"],
    ['186 retries', target({ RetryPolicy: { MaximumRetryAttempts: 186 } }), 'less than or equal to 185'],
    [
      'a minute less than one',
      target({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }),
      'greater than or equal to 60',
    ],
    [
      'a FIFO queue for dead letters',
      target({ DeadLetterConfig: { Arn: `${QUEUE}.fifo` } }),
      "at 'target.deadLetterConfig.arn'",
    ],
    ['Input that is no JSON', target({ Input: '{' }), 'JSON syntax error in input for the target.'],
    ['a universal target without Input', target({ Input: undefined }), 'You must provide an input'],
    [
      'a universal target with a region',
      target({ Arn: 'arn:aws:scheduler:eu-central-1:123456789012:aws-sdk:batch:submitJob' }),
      'scheduler is not a supported service for a target.',
    ],
    [
      'an API that only reads',
      target({ Arn: 'arn:aws:scheduler:::aws-sdk:batch:describeJobs' }),
      'describeJobs API is not supported.',
    ],
    [
      'a job queue',
      target({ Arn: 'arn:aws:batch:eu-central-1:123456789012:job-queue/q' }),
      'batch is not a supported service for a target.',
    ],
    [
      'a target of another region',
      target({ Arn: LAMBDA.replace('eu-central-1', 'us-east-1') }),
      'does not match the current region eu-central-1',
    ],
    [
      'parameters of another target',
      target({ Arn: LAMBDA, SqsParameters: { MessageGroupId: 'g' } }),
      'Parameters SqsParameters not supported for the target.',
    ],
    [
      'an end before the start',
      { StartDate: new Date('2027-01-01'), EndDate: new Date('2026-12-01') },
      'The StartDate you specify must come before the EndDate.',
    ],
    ['a start in the past', { StartDate: new Date('2026-11-19') }, 'cannot be earlier than 5 minutes ago'],
  ])('%s', async (_case, more, message) => {
    const failure = await failureOf(create(more));
    expect(failure.name).toBe('ValidationException');
    expect(failure.message).toContain(message);
  });

  it('several mistakes, all told at once', async () => {
    const failure = await failureOf(create({ Name: 'a b', Target: registerTarget({ RoleArn: 'me' }) }));
    expect(failure.message).toMatch(
      /^2 validation errors detected: Value 'a b' at 'name' .*; Value 'me' at 'target.roleArn'/,
    );
  });
});

it.each([
  ['a templated target', LAMBDA],
  ['another service of the SDK', 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances'],
])('%s is taken', async (_case, Arn) => {
  await create({ Target: { Arn, RoleArn: ROLE, Input: '{}' } });
  expect((await get()).Target?.Arn).toBe(Arn);
});

it('a one-time schedule may have dates that AWS ignores', async () => {
  await create({ ScheduleExpression: 'at(2026-12-24T18:00:00)', StartDate: new Date('2020-01-01') });
  expect((await get()).ScheduleExpression).toBe('at(2026-12-24T18:00:00)');
});

describe('schedules are listed', () => {
  const list = async (more: ListSchedulesCommandInput = {}) => {
    const { Schedules, NextToken } = await scheduler.send(new ListSchedulesCommand(more));
    return { names: Schedules!.map(({ GroupName, Name }) => `${GroupName}/${Name}`), token: NextToken };
  };
  beforeEach(async () => {
    await scheduler.send(new CreateScheduleGroupCommand({ Name: 'team' }));
    await create({ Name: 'a1' });
    await create({ Name: 'a2', State: 'DISABLED' });
    await create({ Name: 'a1', GroupName: 'team' });
    await create({ Name: 'b1', GroupName: 'team' });
  });

  it.each([
    ['all', {}, ['default/a1', 'default/a2', 'team/a1', 'team/b1']],
    ['of a group', { GroupName: 'team' }, ['team/a1', 'team/b1']],
    ['with a prefix', { NamePrefix: 'a' }, ['default/a1', 'default/a2', 'team/a1']],
    ['in a state', { State: 'DISABLED' as const }, ['default/a2']],
    ['by all of it', { GroupName: 'default', NamePrefix: 'a', State: 'ENABLED' as const }, ['default/a1']],
  ])('%s', async (_case, filter, names) => {
    expect((await list(filter)).names).toEqual(names);
  });

  it('with the ARN of their target only', async () => {
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ MaxResults: 1 }));
    expect(Schedules![0]!.Target).toEqual({ Arn: registerTarget().Arn });
  });

  it('in pages, and none is given twice or left out when others go', async () => {
    const first = await list({ MaxResults: 2 });
    await scheduler.send(new DeleteScheduleCommand({ Name: 'a1' }));
    const second = await list({ MaxResults: 2, NextToken: first.token });
    expect([first.names, second.names]).toEqual([
      ['default/a1', 'default/a2'],
      ['team/a1', 'team/b1'],
    ]);
    expect(second.token).toBeUndefined();
  });

  it.each([{ MaxResults: 0 }, { MaxResults: 101 }, { NextToken: 'made up' }])('not for %j', async (filter) => {
    expect((await failureOf(list(filter))).name).toBe('ValidationException');
  });

  it('for each region apart', async () => {
    const elsewhere = schedulerClient(localAws);
    elsewhere.config.region = () => Promise.resolve('us-east-1');
    expect((await elsewhere.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    elsewhere.destroy();
  });
});
