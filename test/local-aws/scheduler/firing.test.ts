import { type BatchClient, DescribeJobDefinitionsCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import {
  CreateScheduleCommand,
  type CreateScheduleInput,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import {
  batchClientOf,
  DAY,
  FRIDAY,
  happened,
  HOUR,
  MINUTE,
  nightly,
  QUEUE,
  registerTarget,
  ROLE,
  runs,
  schedulerClient,
  startAtFriday,
} from './scheduler-client.ts';

let localAws: LocalAws;
let scheduler: SchedulerClient;
let batch: BatchClient;

beforeAll(async () => {
  localAws = await startAtFriday();
  scheduler = schedulerClient(localAws);
  batch = batchClientOf(localAws);
});
beforeEach(() => {
  localAws.control.reset();
  localAws.control.setScenario({});
});
afterAll(async () => {
  scheduler.destroy();
  batch.destroy();
  await localAws.close();
});

const create = (more: Partial<CreateScheduleInput> = {}) => scheduler.send(new CreateScheduleCommand(nightly(more)));
const update = (more: Partial<CreateScheduleInput> = {}) => scheduler.send(new UpdateScheduleCommand(nightly(more)));
const revisions = async () => {
  const { jobDefinitions } = await batch.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'crawl' }));
  return jobDefinitions!.length;
};
const names = async () => (await scheduler.send(new ListSchedulesCommand({}))).Schedules!.map(({ Name }) => Name);

describe('a schedule calls its target', () => {
  it('each night that passes', async () => {
    await create();
    await localAws.control.advance(3 * DAY);
    expect(runs(localAws)).toEqual([
      '2026-11-20T03:00Z succeeded',
      '2026-11-21T03:00Z succeeded',
      '2026-11-22T03:00Z succeeded',
    ]);
    expect(await revisions()).toBe(3);
  });

  it('when its time has come, not before', async () => {
    await create();
    await localAws.control.advance(3 * HOUR - 1);
    expect(await revisions()).toBe(0);
    await localAws.control.advance(1);
    expect(await revisions()).toBe(1);
  });

  it('by the clocks of its zone', async () => {
    await create({ ScheduleExpressionTimezone: 'Asia/Tokyo' });
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T18:00Z succeeded']);
  });

  it('and tells what came of it, each time', async () => {
    await create();
    await localAws.control.advance(DAY);
    expect(happened(localAws).invocations).toEqual([
      {
        time: '2026-11-20T03:00:00.000Z',
        scheduledTime: '2026-11-20T03:00:00.000Z',
        source: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightly',
        target: 'arn:aws:scheduler:::aws-sdk:batch:registerJobDefinition',
        executionId: expect.stringMatching(/^[0-9a-f]{16}$/),
        attempt: 1,
        outcome: 'succeeded',
        answer: expect.objectContaining({ jobDefinitionName: 'crawl', revision: 1 }),
      },
    ]);
  });

  it('in its role and region, in the log of requests', async () => {
    await create();
    await localAws.control.advance(DAY);
    const call = localAws.control.requests().find(({ operation }) => operation === 'batch:RegisterJobDefinition');
    expect(call).toMatchObject({ region: 'eu-central-1', time: '2026-11-20T03:00:00.000Z', status: 200 });
  });

  it('in the order of time, when the clock jumps over the times of several', async () => {
    await create({ Name: 'late', ScheduleExpression: 'cron(0 5 * * ? *)' });
    await create({ Name: 'early', ScheduleExpression: 'cron(0 3 * * ? *)' });
    await localAws.control.advance(2 * DAY);
    const order = happened(localAws).invocations.map(({ source, time }) => `${source.split('/').pop()} ${time}`);
    expect(order).toEqual([
      'early 2026-11-20T03:00:00.000Z',
      'late 2026-11-20T05:00:00.000Z',
      'early 2026-11-21T03:00:00.000Z',
      'late 2026-11-21T05:00:00.000Z',
    ]);
  });
});

describe('a schedule runs', () => {
  it.each<[string, Partial<CreateScheduleInput>, string[]]>([
    ['never while it is disabled', { State: 'DISABLED' }, []],
    ['once with at', { ScheduleExpression: 'at(2026-11-20T12:00:00)' }, ['2026-11-20T12:00Z']],
    ['never with an at that has passed', { ScheduleExpression: 'at(2026-11-19T12:00:00)' }, []],
    ['from its start', { StartDate: new Date('2026-11-21T12:00:00Z') }, ['2026-11-22T03:00Z']],
    ['until its end', { EndDate: new Date('2026-11-21T02:00:00Z') }, ['2026-11-20T03:00Z']],
    [
      'at once and then at its rate',
      { ScheduleExpression: 'rate(1 days)' },
      ['2026-11-20T00:00Z', '2026-11-21T00:00Z', '2026-11-22T00:00Z', '2026-11-23T00:00Z'],
    ],
    [
      'at its rate from its start',
      { ScheduleExpression: 'rate(1 day)', StartDate: new Date('2026-11-21T12:00:00Z') },
      ['2026-11-21T12:00Z', '2026-11-22T12:00Z'],
    ],
    [
      'in the middle of its flexible window',
      {
        FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
        EndDate: new Date('2026-11-21T00:00:00Z'),
      },
      ['2026-11-20T03:30Z'],
    ],
  ])('%s', async (_case, more, times) => {
    await create(more);
    await localAws.control.advance(3 * DAY);
    expect(runs(localAws)).toEqual(times.map((time) => `${time} succeeded`));
  });

  it('no more after it was deleted', async () => {
    await create();
    await localAws.control.advance(DAY);
    await scheduler.send(new DeleteScheduleCommand({ Name: 'nightly' }));
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toHaveLength(1);
  });

  it('again from now on when it is resumed, without what it missed', async () => {
    await create({ State: 'DISABLED' });
    await localAws.control.advance(2 * DAY);
    await update();
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-22T03:00Z succeeded']);
  });

  it('its new target at its new time once it is updated', async () => {
    await create();
    const Input = registerTarget().Input!.replace('"crawl"', '"other"');
    await update({ ScheduleExpression: 'cron(0 4 * * ? *)', Target: registerTarget({ Input }) });
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T04:00Z succeeded']);
    expect(await revisions()).toBe(0);
  });

  it('the night whose window is open, though it is updated in it', async () => {
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 60 };
    await create({ FlexibleTimeWindow });
    await localAws.control.advance(3 * HOUR + 10 * MINUTE);
    await update({ FlexibleTimeWindow, Description: 'deployed at ten past three' });
    await localAws.control.advance(HOUR);
    expect(runs(localAws)).toEqual(['2026-11-20T03:30Z succeeded']);
  });
});

describe('a schedule that is to be deleted after its completion', () => {
  const ActionAfterCompletion = 'DELETE' as const;

  it('is, when it has run once', async () => {
    await create({ ActionAfterCompletion, ScheduleExpression: 'at(2026-11-20T12:00:00)' });
    expect(await names()).toEqual(['nightly']);
    await localAws.control.advance(DAY);
    expect(await names()).toEqual([]);
    expect(await revisions()).toBe(1);
  });

  it('is, when it has run for the last time before its end', async () => {
    await create({ ActionAfterCompletion, EndDate: new Date('2026-11-21T12:00:00Z') });
    await localAws.control.advance(DAY);
    expect(await names()).toEqual(['nightly']);
    await localAws.control.advance(DAY);
    expect(await names()).toEqual([]);
  });

  it('stays while its event is tried again', async () => {
    await create({ ActionAfterCompletion, ScheduleExpression: 'at(2026-11-20T12:00:00)' });
    localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'throttle' });
    await localAws.control.advance(12 * HOUR);
    expect(await names()).toEqual(['nightly']);
    await localAws.control.advance(MINUTE);
    expect(await names()).toEqual([]);
  });

  it('stays when it is to stay', async () => {
    await create({ ScheduleExpression: 'at(2026-11-20T12:00:00)' });
    await localAws.control.advance(DAY);
    expect(await names()).toEqual(['nightly']);
  });
});

describe('a target that fails', () => {
  const withPolicy = (MaximumRetryAttempts: number, MaximumEventAgeInSeconds = 86_400) =>
    create({
      Target: registerTarget({
        RetryPolicy: { MaximumRetryAttempts, MaximumEventAgeInSeconds },
        DeadLetterConfig: { Arn: QUEUE },
      }),
    });
  const fail = (times: number) =>
    localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', kind: 'throttle', times });

  it('is tried again, later each time, until it succeeds', async () => {
    await withPolicy(185);
    fail(4);
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual([
      '2026-11-20T03:00Z retrying',
      '2026-11-20T03:01Z retrying',
      '2026-11-20T03:03Z retrying',
      '2026-11-20T03:07Z retrying',
      '2026-11-20T03:15Z succeeded',
    ]);
    expect(await revisions()).toBe(1);
    expect(happened(localAws).deadLetters).toEqual({});
  });

  it('by default for a day, so that a job may start when nobody thinks of it any more', async () => {
    await create();
    fail(100);
    await localAws.control.advance(23 * HOUR);
    expect(runs(localAws).at(-1)).toBe('2026-11-20T16:03Z succeeded');
  });

  it('gives up after the retries of its policy, and the event goes to the dead-letter queue', async () => {
    await withPolicy(2);
    fail(9);
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual([
      '2026-11-20T03:00Z retrying',
      '2026-11-20T03:01Z retrying',
      '2026-11-20T03:03Z failed',
    ]);
    expect(happened(localAws).invocations.at(-1)?.deadLetterQueue).toBe(QUEUE);
    expect(happened(localAws).deadLetters).toEqual({
      [QUEUE]: [
        {
          sentTime: '2026-11-20T03:03:00.000Z',
          body: registerTarget().Input,
          messageAttributes: {
            ERROR_CODE: 'TooManyRequestsException',
            ERROR_MESSAGE: 'Too Many Requests',
            EXECUTION_ID: happened(localAws).invocations[0]!.executionId,
            EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
            IS_PAYLOAD_TRUNCATED: 'false',
            RETRY_ATTEMPTS: '2',
            SCHEDULED_TIME: '2026-11-20T03:00:00Z',
            SCHEDULE_ARN: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightly',
            TARGET_ARN: registerTarget().Arn,
          },
        },
      ],
    });
  });

  it('gives up when the event is as old as its policy says', async () => {
    await withPolicy(185, 120);
    fail(9);
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z retrying', '2026-11-20T03:01Z failed']);
    expect(happened(localAws).deadLetters[QUEUE]?.[0]?.messageAttributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  it('for good is not tried again', async () => {
    const Input = registerTarget().Input!.replace('"crawl"', '"no such name!"');
    await create({ Target: registerTarget({ Input, DeadLetterConfig: { Arn: QUEUE } }) });
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z failed']);
    const attributes = happened(localAws).deadLetters[QUEUE]![0]!.messageAttributes;
    expect(attributes).toMatchObject({ ERROR_CODE: 'ClientException', RETRY_ATTEMPTS: '0' });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('is lost without a dead-letter queue, but not in the log', async () => {
    await create({ Target: registerTarget({ RetryPolicy: { MaximumRetryAttempts: 0 } }) });
    fail(1);
    await localAws.control.advance(DAY);
    expect(happened(localAws).invocations).toMatchObject([
      { outcome: 'failed', error: { code: 'TooManyRequestsException' } },
    ]);
    expect(happened(localAws).deadLetters).toEqual({});
  });

  it('does not keep the next night from running', async () => {
    await withPolicy(0);
    fail(1);
    await localAws.control.advance(2 * DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z failed', '2026-11-21T03:00Z succeeded']);
  });

  it('is one that the role may not call', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
    await withPolicy(5);
    await localAws.control.advance(DAY);
    const [run] = happened(localAws).invocations;
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'AccessDeniedException' } });
    expect(run?.error?.message).toContain(`assumed-role/scheduler/${run?.executionId}`);
  });

  it('is one that the scenario names', async () => {
    localAws.control.setScenario({
      scheduler: { failTargets: [{ target: '*:aws-sdk:batch:*', code: 'Broken', message: 'by night', status: 500 }] },
    });
    await withPolicy(1);
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z retrying', '2026-11-20T03:01Z failed']);
    expect(happened(localAws).invocations[0]?.error).toEqual({ code: 'Broken', message: 'by night' });
  });

  it.each([
    ['a service that is not here', 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances'],
    ['an operation that is not there', 'arn:aws:scheduler:::aws-sdk:batch:submitEverything'],
    ['a templated target', 'arn:aws:lambda:eu-central-1:123456789012:function:f'],
  ])('is %s', async (_case, Arn) => {
    await create({ Target: { Arn, RoleArn: ROLE, Input: '{}', DeadLetterConfig: { Arn: QUEUE } } });
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z failed']);
    expect(happened(localAws).deadLetters[QUEUE]).toMatchObject([
      { messageAttributes: { ERROR_CODE: 'NotImplementedException', TARGET_ARN: Arn } },
    ]);
  });
});

describe('the Input of a universal target', () => {
  it('is spelled in PascalCase, names of parameters aside', async () => {
    const Input = JSON.stringify({
      JobDefinitionName: 'crawl',
      Type: 'container',
      Parameters: { startUrl: 'https://example.com', Depth: '2' },
      ContainerProperties: {
        Image: 'ghcr.io/acme/crawl:1',
        Environment: [{ Name: 'MODE', Value: 'full' }],
        ResourceRequirements: [
          { Type: 'VCPU', Value: '1' },
          { Type: 'MEMORY', Value: '512' },
        ],
      },
      Tags: { team: 'data' },
    });
    await create({ Target: registerTarget({ Input }) });
    await localAws.control.advance(DAY);
    const { jobDefinitions } = await batch.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'crawl' }));
    expect(jobDefinitions).toMatchObject([
      {
        parameters: { startUrl: 'https://example.com', Depth: '2' },
        containerProperties: { environment: [{ name: 'MODE', value: 'full' }] },
        tags: { team: 'data' },
      },
    ]);
  });

  it.each([
    [
      'in the spelling of the API',
      registerTarget().Input!.replace('JobDefinitionName', 'jobDefinitionName'),
      'jobDefinitionName',
    ],
    ['with a slip', registerTarget().Input!.replace('Vcpus', 'VCpus'), 'ContainerProperties.VCpus'],
    ['that is no object', '"crawl"', 'no JSON object'],
  ])('%s, it fails at night and says why', async (_case, Input, message) => {
    await create({ Target: registerTarget({ Input }) });
    await localAws.control.advance(DAY);
    const [run] = happened(localAws).invocations;
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'ValidationException' } });
    expect(run?.error?.message).toContain(message);
  });
});

describe('the state', () => {
  it('is the same for the same nights', async () => {
    const night = async () => {
      localAws.control.reset();
      await create({ Target: registerTarget({ RetryPolicy: { MaximumRetryAttempts: 1 } }) });
      localAws.control.addFault({ operation: 'batch:RegisterJobDefinition', kind: '500', times: 3 });
      await localAws.control.advance(2 * DAY);
      return JSON.stringify(localAws.control.state());
    };
    expect(await night()).toBe(await night());
  });

  it('holds the last thousand invocations', async () => {
    await create({
      ScheduleExpression: 'rate(1 minute)',
      Target: registerTarget({ Input: '"nothing"', RetryPolicy: { MaximumRetryAttempts: 0 } }),
    });
    await localAws.control.advance(1200 * MINUTE);
    const { invocations } = happened(localAws);
    expect(invocations).toHaveLength(1000);
    expect(invocations.at(-1)?.time).toBe(new Date(FRIDAY.getTime() + 1200 * MINUTE).toISOString());
  });

  it('does not keep a reset from forgetting what was to come', async () => {
    await create();
    localAws.control.reset();
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual([]);
  });
});

it('a job definition registered by hand and one by night are revisions of one', async () => {
  await batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'crawl',
      type: 'container',
      containerProperties: { image: 'i', vcpus: 1, memory: 512 },
    }),
  );
  await create();
  await localAws.control.advance(DAY);
  expect(happened(localAws).invocations[0]?.answer).toMatchObject({ revision: 2 });
});
