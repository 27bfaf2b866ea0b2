import { beforeEach, describe, expect, it } from '@jest/globals';
import { arnOf, byHand, ruleTarget, scheduledTaskWorldForTests, universalByHand } from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

const EVERY_MINUTE = 'cron(* * * * ? *)';

beforeEach(async () => {
  await world().revisions(1);
});

async function ranInAMinute(): Promise<string[]> {
  await world().stage.pass(60);
  // By the second at which the minute begins, what it started still runs or has ended.
  const tasks = [...(await world().stage.tasks('RUNNING')), ...(await world().stage.tasks('STOPPED'))];
  return [...new Set(tasks.map(({ taskDefinitionArn }) => taskDefinitionArn!))];
}

describe.each([
  ['a rule', '--rule-name', () => world().rule([ruleTarget()], { expression: EVERY_MINUTE })],
  ['a schedule', '--schedule-name', () => world().schedule({ ...byHand(), ScheduleExpression: EVERY_MINUTE })],
  [
    'a schedule that calls RunTask',
    '--schedule-name',
    () => world().schedule({ ...universalByHand(), ScheduleExpression: EVERY_MINUTE }),
  ],
])('%s runs at its time', (_what, flag, make) => {
  it('the revision that it was pointed to', async () => {
    await make();
    expect((await world().run([flag, 'nightly', '--task-definition-arn', 'web:2'])).exitCode).toBe(0);
    expect(await ranInAMinute()).toEqual([arnOf('web:2')]);
  });

  it('with pin: family the newest, without being touched again', async () => {
    await make();
    expect((await world().run([flag, 'nightly', '--pin', 'family'])).exitCode).toBe(0);
    await world().revisions(1);
    expect(await ranInAMinute()).toEqual([arnOf('web:3')]);
  });
});
