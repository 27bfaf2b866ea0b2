import { describe, expect, it } from '@jest/globals';
import { scheduleJob } from '../../src/actions/schedule-job.ts';
import { resultOf } from '../support/run-cli.ts';
import { REGION } from '../support/local-aws-world.ts';
import {
  ACCOUNT,
  arnOf,
  byHand,
  CREATE,
  DEAD_LETTERS,
  ROLE,
  scheduleWorldForTests,
} from './schedule/schedule-world.ts';

const world = scheduleWorldForTests();

const nightly = (...args: string[]): string[] => ['--schedule-name', 'nightly', ...args];
const crawl = (...args: string[]): string[] => nightly('--job-definition-name', 'crawl', ...args);

describe('a schedule that is not there yet', () => {
  it('is created, and told with its next times', async () => {
    await world().register();
    const run = await world().run(crawl(...CREATE, '--timezone', 'Europe/Berlin'));
    expect(resultOf(run)).toMatchObject({
      component: 'nightly',
      status: 'changed',
      exitCode: 0,
      changes: [{ kind: 'created', resource: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/nightly` }],
      outputs: {
        scheduleName: 'nightly',
        jobDefinition: arnOf(1),
        state: 'enabled',
        nextTimes: ['2026-11-20T03:00:00+01:00', '2026-11-21T03:00:00+01:00', '2026-11-22T03:00:00+01:00'],
      },
    });
    expect(await world().schedule()).toMatchObject({
      GroupName: 'default',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('a second time there is nothing to do, and nothing is sent', async () => {
    await world().register();
    await world().run(crawl(...CREATE));
    world().calls();
    const run = await world().run(crawl(...CREATE));
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', exitCode: 0, outputs: { jobDefinition: arnOf(1) } });
    expect(run.stderr).toContain('Nothing to do: schedule nightly is what was asked for');
    expect(world().calls()).toEqual(['sts:GetCallerIdentity', 'batch:DescribeJobDefinitions', 'scheduler:GetSchedule']);
  });

  it('with everything that can be asked for', async () => {
    await world().register();
    await world().run(
      crawl(
        ...[...CREATE, '--job-name', 'crawler', '--state', 'disabled', '--description', 'Each night'],
        ...['--environment', 'A=1', '--environment', 'B=$HOME', '--parameters', 'depth=3', '--command', 'crawl'],
        ...['--command', '--all', '--array-size', '5', '--dead-letter-queue-arn', DEAD_LETTERS],
        ...['--maximum-retry-attempts', '0', '--maximum-event-age', '1h', '--flexible-window', '15m'],
        ...['--start-date', '2026-12-01T00:00:00+01:00', '--end-date', '2027-12-01T00:00:00Z'],
      ),
    );
    expect(await world().schedule()).toMatchObject({
      Description: 'Each night',
      State: 'DISABLED',
      StartDate: new Date('2026-11-30T23:00:00Z'),
      EndDate: new Date('2027-12-01T00:00:00Z'),
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
        RoleArn: ROLE,
        DeadLetterConfig: { Arn: DEAD_LETTERS },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 3600 },
      },
    });
    expect(await world().input()).toEqual({
      JobName: 'crawler',
      JobQueue: 'nights',
      JobDefinition: arnOf(1),
      Parameters: { depth: '3' },
      ArrayProperties: { Size: 5 },
      ContainerOverrides: {
        Command: ['crawl', '--all'],
        Environment: [
          { Name: 'A', Value: '1' },
          { Name: 'B', Value: '$HOME' },
        ],
      },
    });
  });

  it('needs all that makes it, and says what is missing', async () => {
    await world().register();
    const run = await world().run(crawl('--schedule', 'rate(1 day)'));
    expect(resultOf(run)).toMatchObject({
      exitCode: 2,
      error: { title: 'to create schedule nightly, job_queue, schedule_role_arn are needed' },
    });
  });

  it('is not found when nothing of it was given: the name is most likely misspelt', async () => {
    const run = await world().run(nightly('--state', 'disabled'));
    expect(resultOf(run)).toMatchObject({ exitCode: 5, error: { title: 'there is no schedule nightly' } });
  });

  it('in a group that is not there: exit code 5', async () => {
    await world().register();
    const run = await world().run(crawl(...CREATE, '--group-name', 'crawlers'));
    expect(resultOf(run)).toMatchObject({ exitCode: 5, error: { title: 'not found: schedule group crawlers' } });
  });

  it('in a dry run is planned only', async () => {
    await world().register();
    const run = await world().run(crawl(...CREATE, '--dry-run'));
    expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0, changes: [{ kind: 'created' }] });
    expect(resultOf(run).changes[0]?.diff).toContain(`+ Target.Input.JobDefinition: "${arnOf(1)}"`);
    expect(world().calls()).not.toContain('scheduler:CreateSchedule');
  });
});

describe('what it submits', () => {
  it.each([
    ['a revision that is not there', ['--revision', '7'], 'there is no revision 7 of job definition crawl'],
    ['a revision that was deregistered', ['--revision', '1'], 'revision crawl:1 is INACTIVE'],
  ])('is never %s: exit code 5', async (_what, args, title) => {
    await world().register();
    await world().register();
    await world().deregister(1);
    const run = await world().run(crawl(...CREATE, ...args));
    expect(resultOf(run)).toMatchObject({ exitCode: 5, error: { title: expect.stringContaining(title) } });
    expect(world().calls()).not.toContain('scheduler:CreateSchedule');
  });

  it('is the newest active revision when only the name is given', async () => {
    await world().register();
    await world().register();
    expect(resultOf(await world().run(crawl(...CREATE))).outputs['jobDefinition']).toBe(arnOf(2));
  });

  it('is what this workflow released, even when others have released since', async () => {
    await world().register();
    await world().register();
    const run = await world().run(nightly(...CREATE), { AWS_DEPLOY_JOB_DEFINITION_ARN: arnOf(1) });
    expect(resultOf(run).outputs['jobDefinition']).toBe(arnOf(1));
  });

  it('is the name with pin: name', async () => {
    await world().register();
    expect(resultOf(await world().run(crawl(...CREATE, '--pin', 'name'))).outputs['jobDefinition']).toBe('crawl');
    expect(await world().input()).toMatchObject({ JobDefinition: 'crawl', JobName: 'crawl' });
  });

  it('stays as it is when nothing says one', async () => {
    await world().register();
    await world().createByHand();
    const run = await world().run(nightly('--state', 'enabled'));
    expect(resultOf(run)).toMatchObject({ status: 'changed', outputs: { state: 'enabled', jobDefinition: arnOf(1) } });
  });

  it('can not be overridden where jobs have not just one container', async () => {
    const { RegisterJobDefinitionCommand } = await import('@aws-sdk/client-batch');
    const { ECS } = await import('../support/definitions.ts');
    await world().batch.send(new RegisterJobDefinitionCommand(ECS as never));
    const run = await world().run(crawl(...CREATE, '--environment', 'A=1'));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('environment and command can not be overridden for crawl');
  });
});

describe('pause and resume', () => {
  it('changes the state and nothing else', async () => {
    await world().register();
    await world().createByHand();
    const before = await world().schedule();
    const resumed = await world().run(nightly('--state', 'enabled'));
    expect(resultOf(resumed).changes[0]?.diff).toEqual(['- State: "DISABLED"', '+ State: "ENABLED"']);
    const paused = await world().run(nightly('--state', 'disabled'));
    expect(resultOf(paused)).toMatchObject({ outputs: { state: 'disabled', nextTimes: [] } });
    const { $metadata: _m1, LastModificationDate: _d1, ...after } = await world().schedule();
    const { $metadata: _m2, LastModificationDate: _d2, ...was } = before;
    expect(after).toEqual(was);
  });
});

it('the target is Scheduler’s universal one for submitJob, its Input in PascalCase', async () => {
  await world().register();
  await world().run(crawl(...CREATE));
  const { Target: target } = await world().schedule();
  expect(target).toMatchObject({ Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob', RoleArn: ROLE });
  expect(await world().input()).toEqual({ JobName: 'crawl', JobQueue: 'nights', JobDefinition: arnOf(1) });
});

it('UpdateSchedule replaces everything, so everything that was not asked for is sent back', async () => {
  await world().register();
  await world().register();
  await world().createByHand();
  const run = await world().run(crawl('--environment', 'B=3', '--environment', 'C=4'));
  expect(resultOf(run).changes[0]?.diff).toEqual([
    '- Target.Input.ContainerOverrides.Environment.B: "2"',
    '+ Target.Input.ContainerOverrides.Environment.B: "3"',
    '+ Target.Input.ContainerOverrides.Environment.C: "4"',
    `- Target.Input.JobDefinition: "${arnOf(1)}"`,
    `+ Target.Input.JobDefinition: "${arnOf(2)}"`,
  ]);
  const { Target: target, ...kept } = byHand();
  const after = await world().schedule();
  expect(after).toMatchObject(kept);
  expect(after.Target).toMatchObject({ ...target, Input: expect.any(String) });
  expect(await world().input()).toEqual({
    ...(JSON.parse(target?.Input ?? '') as object),
    JobDefinition: arnOf(2),
    ContainerOverrides: {
      Environment: [
        { Name: 'A', Value: '1' },
        { Name: 'B', Value: '3' },
        { Name: 'C', Value: '4' },
      ],
      ResourceRequirements: [{ Type: 'MEMORY', Value: '1024' }],
    },
  });
});

describe('retries', () => {
  it('of a new schedule are few and early, not the 185 in 24 hours of AWS', async () => {
    await world().register();
    await world().run(crawl(...CREATE));
    const { Target: target } = await world().schedule();
    expect(target?.RetryPolicy).toEqual({ MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 900 });
  });

  it('without a dead-letter queue are warned about, because a failed submit leaves no other trace', async () => {
    await world().register();
    const without = await world().run(crawl(...CREATE, '--dry-run'));
    expect(without.stderr).toContain('warning: schedule nightly has no dead-letter queue');
    const having = await world().run(crawl(...CREATE, '--dead-letter-queue-arn', DEAD_LETTERS));
    expect(having.stderr).not.toContain('dead-letter queue:');
  });

  it('of one that is there stay as they are', async () => {
    await world().register();
    await world().createByHand();
    await world().run(nightly('--state', 'enabled'));
    const { Target: target } = await world().schedule();
    expect(target?.RetryPolicy).toEqual(byHand().Target?.RetryPolicy);
  });
});

describe('it never goes back', () => {
  it('to a lower revision: superseded, exit code 11, and nothing is changed', async () => {
    await world().register();
    await world().register();
    await world().run(crawl(...CREATE));
    const run = await world().run(crawl('--revision', '1', '--state', 'disabled'));
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(run.stderr).toContain('it runs revision 2, which is newer than 1');
    expect((await world().schedule()).State).toBe('ENABLED');
    expect((await world().input())['JobDefinition']).toBe(arnOf(2));
  });

  it('to a higher revision that an older pipeline has registered', async () => {
    await world().register(20);
    await world().run(crawl(...CREATE));
    await world().register(19);
    const run = await world().run(crawl());
    expect(run.exitCode).toBe(11);
    expect(run.stderr).toContain('it runs revision 1 of pipeline 20, and revision 2 is of pipeline 19');
  });

  it.each([[['--revision', '1']], [['--revision', '1', '--pin', 'revision']]])(
    'from the name to less than the newest revision',
    async (args) => {
      await world().register();
      await world().register();
      await world().run(crawl(...CREATE, '--pin', 'name'));
      expect((await world().run(crawl(...args))).exitCode).toBe(11);
    },
  );

  it('except with allow_older', async () => {
    await world().register();
    await world().register();
    await world().run(crawl(...CREATE));
    const run = await world().run(crawl('--revision', '1', '--allow-older'));
    expect(resultOf(run)).toMatchObject({ exitCode: 0, outputs: { jobDefinition: arnOf(1) } });
  });

  it('also from a revision that was deregistered', async () => {
    await world().register();
    await world().register();
    await world().run(crawl(...CREATE));
    await world().deregister(2);
    expect((await world().run(crawl('--revision', '1'))).exitCode).toBe(11);
  });

  it('another definition has other numbers, and that it is another is warned about', async () => {
    await world().register();
    await world().register();
    await world().run(crawl(...CREATE));
    await world().register(undefined, 'other');
    const run = await world().run(nightly('--job-definition-name', 'other'));
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: schedule nightly submits another job definition now: crawl');
  });
});

describe('what can not be kept is left alone', () => {
  it('a schedule for something else', async () => {
    await world().createByHand({
      Target: { Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f', RoleArn: ROLE },
    });
    const run = await world().run(nightly('--state', 'enabled'));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('schedule nightly submits no Batch job: its target is arn:aws:lambda');
  });

  it('an Input that is no object', async () => {
    await world().createByHand({ Target: { ...byHand().Target, Input: '["a"]' } as never });
    const run = await world().run(nightly('--state', 'enabled'));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('the Input of schedule nightly is no JSON object');
  });

  it('more than Batch takes', async () => {
    await world().register();
    const run = await world().run(crawl(...CREATE, '--environment', `A=${'x'.repeat(31_000)}`));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('AWS Batch takes 30720');
  });
});

it('the AWS calls that it declares cover every call that it makes', async () => {
  await world().register();
  const called = new Set<string>();
  for (const flag of ['--schedule-name', '--rule-name']) {
    await world().run([flag, 'nightly', '--job-definition-name', 'crawl', ...CREATE]);
    await world().register();
    world().calls();
    await world().run([flag, 'nightly', '--job-definition-name', 'crawl', '--description', 'moved']);
    for (const call of world().calls()) called.add(call);
    await world().run([flag, 'again', '--job-definition-name', 'crawl', ...CREATE]);
    for (const call of world().calls()) called.add(call);
  }
  // A role is passed on without a call of its own.
  const declared = scheduleJob.awsCalls.filter((call) => call !== 'iam:PassRole');
  expect([...called].toSorted()).toEqual(declared.toSorted());
});

it('values of variables whose names say secret are not shown', async () => {
  await world().register();
  const run = await world().run(crawl(...CREATE, '--environment', 'API_TOKEN=swordfish'));
  expect(run.stderr).toContain('+ Target.Input.ContainerOverrides.Environment.API_TOKEN: ****');
  expect(run.stdout + run.stderr).not.toContain('swordfish');
});
