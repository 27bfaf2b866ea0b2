import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  type ListScheduleGroupsCommandInput,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  type SchedulerClient,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import { DAY, FRIDAY, nightly, runs, schedulerClient, startAtFriday } from './scheduler-client.ts';

let localAws: LocalAws;
let scheduler: SchedulerClient;

beforeAll(async () => {
  localAws = await startAtFriday();
  scheduler = schedulerClient(localAws);
});
beforeEach(() => localAws.control.reset());
afterAll(async () => {
  scheduler.destroy();
  await localAws.close();
});

const createGroup = (Name: string, Tags?: Tag[]) => scheduler.send(new CreateScheduleGroupCommand({ Name, Tags }));
const getGroup = (Name: string) => scheduler.send(new GetScheduleGroupCommand({ Name }));
const deleteGroup = (Name: string) => scheduler.send(new DeleteScheduleGroupCommand({ Name }));

const TEAM = 'arn:aws:scheduler:eu-central-1:123456789012:schedule-group/team';

describe('schedule groups', () => {
  it('are active once created', async () => {
    expect((await createGroup('team')).ScheduleGroupArn).toBe(TEAM);
    expect(await getGroup('team')).toMatchObject({ Arn: TEAM, Name: 'team', State: 'ACTIVE', CreationDate: FRIDAY });
  });

  it('have a default that nobody makes or deletes', async () => {
    expect(await getGroup('default')).toMatchObject({ Name: 'default', State: 'ACTIVE' });
    const message = 'This operation cannot be performed on schedule group default.';
    expect(await failureOf(createGroup('default'))).toMatchObject({ name: 'ValidationException', message });
    expect(await failureOf(deleteGroup('default'))).toMatchObject({ name: 'ValidationException', message });
  });

  it('are deleted with their schedules, which run no more', async () => {
    await createGroup('team');
    await scheduler.send(new CreateScheduleCommand(nightly({ GroupName: 'team' })));
    await deleteGroup('team');
    expect((await failureOf(getGroup('team'))).name).toBe('ResourceNotFoundException');
    expect((await scheduler.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual([]);
  });

  it('are listed by prefix and in pages', async () => {
    for (const name of ['a1', 'a2', 'b1']) await createGroup(name);
    const names = async (filter: ListScheduleGroupsCommandInput) => {
      const { ScheduleGroups, NextToken } = await scheduler.send(new ListScheduleGroupsCommand(filter));
      return { names: ScheduleGroups!.map(({ Name }) => Name), token: NextToken };
    };
    expect((await names({ NamePrefix: 'a' })).names).toEqual(['a1', 'a2']);
    const first = await names({ MaxResults: 3 });
    expect(first.names).toEqual(['a1', 'a2', 'b1']);
    expect((await names({ NextToken: first.token })).names).toEqual(['default']);
  });

  it.each([
    ['one that is there', () => createGroup('team'), 'ConflictException'],
    ['a name with a slash', () => createGroup('a/b'), 'ValidationException'],
    ['deleting what is not there', () => deleteGroup('nobody'), 'ResourceNotFoundException'],
  ])('%s is refused', async (_case, call, name) => {
    await createGroup('team');
    expect((await failureOf(call())).name).toBe(name);
  });

  it('are up to 500', async () => {
    for (let number = 0; number < 500; number += 1) await createGroup(`g${number}`);
    expect((await failureOf(createGroup('team'))).name).toBe('ServiceQuotaExceededException');
  });
});

describe('tags of groups', () => {
  const tags = async () =>
    (await scheduler.send(new ListTagsForResourceCommand({ ResourceArn: TEAM }))).Tags!.map(
      ({ Key, Value }) => `${Key}=${Value}`,
    );

  it('are given at the creation, added, replaced and removed', async () => {
    await createGroup('team', [{ Key: 'a', Value: '1' }]);
    await scheduler.send(
      new TagResourceCommand({
        ResourceArn: TEAM,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    expect(await tags()).toEqual(['a=2', 'b=']);
    await scheduler.send(new UntagResourceCommand({ ResourceArn: TEAM, TagKeys: ['a', 'c'] }));
    expect(await tags()).toEqual(['b=']);
  });

  it.each<[string, Tag[]]>([
    ['a key of AWS', [{ Key: 'aws:x', Value: '' }]],
    ['a key with a tab', [{ Key: 'a\tb', Value: '' }]],
    ['a long value', [{ Key: 'a', Value: 'x'.repeat(257) }]],
    ['51 of them', Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))],
  ])('%s is refused', async (_case, given) => {
    expect((await failureOf(createGroup('team', given))).name).toBe('ValidationException');
  });

  it.each([
    ['ResourceNotFoundException', TEAM],
    ['ValidationException', TEAM.replace('schedule-group/team', 'schedule/default/nightly')],
  ])('%s for %s', async (name, ResourceArn) => {
    expect((await failureOf(scheduler.send(new ListTagsForResourceCommand({ ResourceArn })))).name).toBe(name);
  });
});
