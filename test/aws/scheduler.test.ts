import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SchedulerOperations } from '../../src/aws/scheduler.ts';
import { openSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { rejectionOf } from '../support/failures.ts';
import { alteringProxy } from './altering-proxy.ts';

const localAws = localAwsForTests();
let scheduler: SchedulerOperations;
let others: SchedulerClient;

async function operations(endpoint: string): Promise<SchedulerOperations> {
  const env = await awsEnvironment({ endpoint });
  const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
  return session.scheduler();
}

beforeEach(async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  others = new SchedulerClient({ endpoint: localAws().endpoint, region: REGION, credentials });
  scheduler = await operations(localAws().endpoint);
  localAws().control.clearRequests();
});
afterEach(() => others.destroy());

const ID = { group: 'default', name: 'nightly' };

const SCHEDULE: JsonObject = {
  Name: 'nightly',
  GroupName: 'default',
  // A rate would run at once.
  ScheduleExpression: 'cron(0 3 1 1 ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  StartDate: 4_000_000_000,
  Target: {
    Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
    RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    Input: '{"JobName":"ünï 🚀"}',
  },
};

describe('get, create and update', () => {
  it('a schedule that is not there is undefined, and so is one in a group that is not there', async () => {
    expect(await scheduler.get(ID)).toBeUndefined();
    expect(await scheduler.get({ ...ID, group: 'nowhere' })).toBeUndefined();
  });

  it('what was sent comes back, without what AWS only tells', async () => {
    expect(await scheduler.create(SCHEDULE)).toBe(true);
    const found = await scheduler.get(ID);
    expect(found).toMatchObject({ arn: expect.stringContaining(':schedule/default/nightly'), settings: SCHEDULE });
    expect(found?.created).toBeInstanceOf(Date);
    for (const told of ['Arn', 'CreationDate', 'LastModificationDate'])
      expect(found?.settings).not.toHaveProperty(told);
  });

  it('a second one of that name is not created, and that is no error', async () => {
    await scheduler.create(SCHEDULE);
    expect(await scheduler.create(SCHEDULE)).toBe(false);
  });

  it('one that is gone is not updated, and that is no error', async () => {
    expect(await scheduler.update(SCHEDULE)).toBe(false);
  });

  it('a group that is not there is named', async () => {
    const error = await rejectionOf(scheduler.create({ ...SCHEDULE, GroupName: 'nowhere' }));
    expect(error).toMatchObject({ exitCode: 5, title: 'not found: schedule group nowhere' });
  });

  it.each(['create', 'update'] as const)('%s is repeated, and applied once', async (operation) => {
    if (operation === 'update') await scheduler.create(SCHEDULE);
    localAws().control.clearRequests();
    const name = operation === 'create' ? 'CreateSchedule' : 'UpdateSchedule';
    localAws().control.addFault({ operation: `scheduler:${name}`, kind: 'reset-after-apply' });
    expect(await scheduler[operation](SCHEDULE)).toBe(true);
    expect(operationsOf(localAws())).toEqual([`scheduler:${name}`, `scheduler:${name}`]);
  });

  it('members that the SDK has never heard of go back as they came', async () => {
    await scheduler.create(SCHEDULE);
    const proxy = await alteringProxy(localAws().endpoint, (answer) =>
      'ScheduleExpression' in answer
        ? { ...answer, BrandNew: { deep: [1, null] }, Target: { ...(answer['Target'] as JsonObject), AlsoNew: true } }
        : answer,
    );
    const through = await operations(proxy.endpoint);
    const found = await through.get(ID);
    await through.update(found?.settings ?? {});
    const { ClientToken: token, ...body } = proxy.bodies.at(-1) ?? {};
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toMatchObject({ BrandNew: { deep: [1, null] }, Target: { AlsoNew: true }, StartDate: 4_000_000_000 });
    for (const told of ['Arn', 'CreationDate', 'LastModificationDate', 'Name']) expect(body).not.toHaveProperty(told);
  });

  it('what is not allowed is an error that names the schedule', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'scheduler:GetSchedule' }] } });
    expect(await rejectionOf(scheduler.get(ID))).toMatchObject({
      exitCode: 3,
      title: 'not allowed: scheduler:GetSchedule on schedule nightly',
    });
  });
});

describe('list', () => {
  it('goes through all groups and pages', async () => {
    await others.send(new CreateScheduleGroupCommand({ Name: 'crawlers' }));
    for (let count = 0; count < 101; count++) {
      const more = { Name: `s${count}`, GroupName: count % 2 === 0 ? 'default' : 'crawlers', StartDate: undefined };
      await others.send(new CreateScheduleCommand({ ...SCHEDULE, ...more } as never));
    }
    localAws().control.clearRequests();
    const found = await scheduler.list();
    expect(new Set(found.map(({ group, name }) => `${group}/${name}`)).size).toBe(101);
    expect(found[0]?.targetArn).toBe('arn:aws:scheduler:::aws-sdk:batch:submitJob');
    expect(operationsOf(localAws())).toEqual(['scheduler:ListSchedules', 'scheduler:ListSchedules']);
  });
});
