import { beforeEach, describe, expect, it } from '@jest/globals';
import { deployScheduledTask } from '../../../src/actions/deploy-scheduled-task.ts';
import type { FaultKind } from '../../../src/local-aws/faults.ts';
import { resultOf } from '../../support/run-cli.ts';
import { arnOf, byHand, scheduledTaskWorldForTests, universalByHand } from './scheduled-task-world.ts';

const world = scheduledTaskWorldForTests();

const PLACES = [
  { what: 'a rule', flag: '--rule-name', put: 'events:PutTargets', make: () => world().rule() },
  {
    what: 'a schedule',
    flag: '--schedule-name',
    put: 'scheduler:UpdateSchedule',
    make: () => world().schedule(byHand()),
  },
  {
    what: 'a schedule that calls RunTask',
    flag: '--schedule-name',
    put: 'scheduler:UpdateSchedule',
    make: () => world().schedule(universalByHand()),
  },
] as const;

const PASSING: readonly FaultKind[] = ['throttle', '500', 'reset-before', 'reset-after-apply'];

beforeEach(async () => {
  await world().revisions(1);
});

describe.each(PLACES)('$what', ({ flag, put, make }) => {
  const to2 = [flag, 'nightly', '--task-definition-arn', 'web:2'];

  it.each(PASSING)('is moved although the call that changes it meets %s', async (kind) => {
    await make();
    const { control } = world().stage.localAws;
    control.clearRequests();
    control.addFault({ operation: put, kind });
    const run = await world().run(to2);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(control.requests().filter(({ fault }) => fault !== undefined)).toHaveLength(1);
    expect(await world().runs(flag)).toBe(arnOf('web:2'));
  });

  it('stays as it is when the call does not get through, and the error names it', async () => {
    await make();
    world().stage.localAws.control.addFault({ operation: put, kind: '500', times: 100 });
    const run = await world().run(to2, { AWS_MAX_ATTEMPTS: '2' });
    expect(resultOf(run)).toMatchObject({ exitCode: 4, error: { code: 'aws.failed' } });
    expect(run.stderr).toContain(put);
    expect(await world().runs(flag)).toBe(arnOf('web:1'));
  });

  it('that is not moved to what was registered for it: the error names that', async () => {
    await make();
    world().stage.localAws.control.addFault({ operation: put, kind: '500', times: 100 });
    const args = [flag, 'nightly', '--environment', 'A=1', '--container', 'app'];
    const run = await world().run(args, { AWS_MAX_ATTEMPTS: '2' });
    expect(resultOf(run)).toMatchObject({
      exitCode: 4,
      error: { title: expect.stringContaining('web:3 is registered, and ') },
      changes: [{ resource: arnOf('web:3') }],
    });
  });

  it('makes no call that is not declared, also when a name is looked for', async () => {
    await make();
    world().calls();
    await world().run([flag, 'nightly', '--environment', 'A=1', '--container', 'app']);
    await world().run([flag, 'nigthly', '--environment', 'A=1']);
    await world().run([flag, 'nightly', '--task-definition-arn', 'wbe:1']);
    const undeclared = world()
      .calls()
      .filter((operation) => !deployScheduledTask.awsCalls.includes(operation));
    expect(undeclared).toEqual([]);
  });
});

it('a name that nobody may list is told to be missing without a suggestion', async () => {
  await world().rule();
  const { control } = world().stage.localAws;
  control.addFault({ operation: 'events:ListRules', kind: 'throttle', times: 100 });
  const run = await world().run(['--rule-name', 'nigthly', '--task-definition-arn', 'web:2'], {
    AWS_MAX_ATTEMPTS: '1',
  });
  expect(run.exitCode).toBe(5);
  expect(run.stderr).toContain('there is no rule nigthly');
});
