import { CreateScheduleGroupCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { resultOf, runCli } from '../../support/run-cli.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { pausingProxy } from '../../support/pausing-proxy.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { killingProxy } from '../../support/killing-proxy.ts';
import {
  arnOf,
  byHand,
  ROLE,
  runTaskInput,
  scheduledTaskWorldForTests,
  TOPIC,
  universalByHand,
} from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

const nightly = (...args: string[]): string[] => ['--schedule-name', 'nightly', ...args];

beforeEach(async () => {
  await world().revisions(1);
});

describe('a schedule with an ECS target', () => {
  it('is pointed to another revision, and every other field stays', async () => {
    await world().schedule();
    const before = await world().found();
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      exitCode: 0,
      outputs: {
        scheduleArn: before.Arn,
        scheduleName: 'nightly',
        taskDefinitionArn: arnOf('web:2'),
        previousTaskDefinitionArn: arnOf('web:1'),
      },
      changes: [
        {
          diff: [
            `- Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:1')}"`,
            `+ Target.EcsParameters.TaskDefinitionArn: "${arnOf('web:2')}"`,
          ],
        },
      ],
    });
    const { $metadata: _m1, LastModificationDate: _l1, ...was } = before;
    const { $metadata: _m2, LastModificationDate: _l2, ...is } = await world().found();
    expect(is).toEqual({ ...was, Target: { ...byHand('web:2').Target } });
  });

  it('that calls RunTask itself too: nothing but TaskDefinition changes in its Input', async () => {
    await world().schedule(universalByHand());
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(resultOf(run)).toMatchObject({
      exitCode: 0,
      outputs: { taskDefinitionArn: arnOf('web:2') },
      changes: [
        {
          diff: [
            `- Target.Input.TaskDefinition: "${arnOf('web:1')}"`,
            `+ Target.Input.TaskDefinition: "${arnOf('web:2')}"`,
          ],
        },
      ],
    });
    const { Target: target } = await world().found();
    expect(JSON.parse(target?.Input ?? '')).toEqual(runTaskInput('web:2'));
    expect(target).toMatchObject({ Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask', RoleArn: ROLE });
  });

  it.each([
    ['a cluster', byHand],
    ['RunTask', universalByHand],
  ])('whose target is %s: when nothing differs, nothing is sent', async (_what, made) => {
    await world().schedule(made());
    world().calls();
    const run = await world().run(nightly('--task-definition-arn', 'web:1'));
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', exitCode: 0 });
    expect(world().calls()).not.toContain('scheduler:UpdateSchedule');
  });

  it('in a group is found there', async () => {
    await world().scheduler.send(new CreateScheduleGroupCommand({ Name: 'nights' }));
    await world().schedule({ ...byHand(), GroupName: 'nights' });
    const run = await world().run(nightly('--group-name', 'nights', '--task-definition-arn', 'web:2', '--dry-run'));
    expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0 });
  });

  it('without a dead-letter queue is warned about', async () => {
    await world().schedule(universalByHand());
    const run = await world().run(nightly('--task-definition-arn', 'web:2'));
    expect(run.stderr).toContain('schedule nightly has no dead-letter queue');
  });
});

describe('what is not there, or not for this', () => {
  it.each([
    ['a similar name', ['--schedule-name', 'nigthly'], 5, 'Did you mean nightly?'],
    ['one in another group', ['--schedule-name', 'weekly'], 5, 'There is one in the group nights: give group_name.'],
    ['a group that is not there', nightly('--group-name', 'nigths'), 5, 'there is no schedule nigths/nightly'],
    ['a schedule for something else', ['--schedule-name', 'telling'], 2, `its target is ${TOPIC.Arn}`],
    ['an Input that can not be kept', ['--schedule-name', 'odd'], 2, 'the Input of schedule odd is no JSON object'],
  ])('%s', async (_what, args, exitCode, told) => {
    await world().schedule();
    await world().scheduler.send(new CreateScheduleGroupCommand({ Name: 'nights' }));
    await world().schedule({ ...byHand(), Name: 'weekly', GroupName: 'nights' });
    await world().schedule({ ...byHand(), Name: 'telling', Target: { Arn: TOPIC.Arn, RoleArn: ROLE } });
    const { Target: target } = universalByHand();
    await world().schedule({ ...byHand(), Name: 'odd', Target: { ...target!, Input: '[]' } });
    const before = world().stage.localAws.control.state();
    const run = await world().run([...args, '--image', 'app=ghcr.io/acme/web:2']);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
      exitCode,
      stderr: expect.stringContaining(told),
    });
    expect(world().stage.localAws.control.state()).toEqual(before);
  });
});

describe('what others do at the same time', () => {
  const GET = '/schedules/nightly?groupName=default';

  async function runSlowly(nth: number, meanwhile: () => Promise<unknown>, ...args: string[]) {
    const { localAws } = world().stage;
    const slow = await pausingProxy(localAws.endpoint);
    slow.before(GET, nth, meanwhile);
    const env = await awsEnvironment(slow, { AWS_REGION: 'eu-central-1' });
    return runCli(['deploy-scheduled-task', '--output', 'json', ...nightly(...args)], {
      env,
      clock: drivingClock(localAws.control),
    });
  }

  it('is kept when it comes before the last look', async () => {
    await world().schedule();
    const change = { ...byHand(), Description: 'theirs', State: 'DISABLED' as const };
    const run = await runSlowly(
      2,
      () => world().scheduler.send(new UpdateScheduleCommand(change)),
      '--task-definition-arn',
      'web:2',
    );
    expect(run.exitCode).toBe(0);
    expect(await world().found()).toMatchObject({ Description: 'theirs', State: 'DISABLED' });
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:2'));
  });

  it('is found when it takes ours back, which is done again', async () => {
    await world().schedule();
    const back = { ...byHand(), Description: 'theirs' };
    const run = await runSlowly(
      3,
      () => world().scheduler.send(new UpdateScheduleCommand(back)),
      '--task-definition-arn',
      'web:2',
    );
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('Something else has changed schedule nightly at the same time');
    expect(await world().found()).toMatchObject({ Description: 'theirs' });
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:2'));
  });

  it('and is newer stays: superseded', async () => {
    await world().revisions(1);
    await world().schedule();
    const newer = byHand('web:3');
    const run = await runSlowly(
      2,
      () => world().scheduler.send(new UpdateScheduleCommand(newer)),
      '--task-definition-arn',
      'web:2',
    );
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(await world().runs('--schedule-name')).toBe(arnOf('web:3'));
  });

  it('after a registration names what is registered and not scheduled', async () => {
    await world().schedule();
    const newer = () => world().scheduler.send(new UpdateScheduleCommand(byHand('web:9')));
    const run = await runSlowly(2, newer, '--environment', 'A=1', '--container', 'app');
    expect(resultOf(run)).toMatchObject({
      exitCode: 11,
      error: {
        title:
          'web:3 is registered, and schedule nightly was not moved to it: superseded: schedule nightly stays as it is',
      },
      changes: [{ resource: arnOf('web:3') }],
    });
    expect(run.stderr).not.toContain('Nothing was changed');
  });
});

describe('a process that ends at any of its requests', () => {
  /** No run makes more requests than that. */
  const requests = Array.from({ length: 14 }, (_, index) => index + 1);

  it.each(requests.flatMap((nth) => [[nth, true] as const, [nth, false] as const]))(
    'at request %s (applied: %s) is completed by the next one: one new revision',
    async (nth, applied) => {
      await world().schedule();
      const { localAws } = world().stage;
      const args = nightly('--environment', 'A=1', '--container', 'app');
      const proxy = await killingProxy(localAws.endpoint, { nth, applied });
      const env = await awsEnvironment(proxy, { AWS_REGION: 'eu-central-1', AWS_MAX_ATTEMPTS: '1' });
      const clock = drivingClock(localAws.control);
      const first = await runCli(['deploy-scheduled-task', '--output', 'json', ...args], { env, clock });
      const reached = proxy.count() >= nth;
      await proxy.close();
      expect(first.exitCode === 0).toBe(!reached);
      const next = await world().run(args);
      expect(resultOf(next)).toMatchObject({ exitCode: 0, outputs: { taskDefinitionArn: arnOf('web:3') } });
      expect(await world().runs('--schedule-name')).toBe(arnOf('web:3'));
      expect(await world().stage.register()).toBe(arnOf('web:4'));
    },
  );
});
