import { PutRuleCommand, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { REGION } from '../../support/local-aws-world.ts';
import { resultOf } from '../../support/run-cli.ts';
import { ACCOUNT, arnOf, CREATE, DEAD_LETTERS, QUEUE_ARN, ROLE, scheduleWorldForTests } from './schedule-world.ts';

const world = scheduleWorldForTests();

const nightly = (...args: string[]): string[] => ['--rule-name', 'nightly', ...args];
const crawl = (...args: string[]): string[] => nightly('--job-definition-name', 'crawl', ...args);

const OTHER_TARGET: Target = {
  Id: 'tell',
  Arn: `arn:aws:sns:${REGION}:${ACCOUNT}:nights`,
  InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate: '"<time>"' },
};

const BATCH_TARGET: Target = {
  Id: 'crawl',
  Arn: QUEUE_ARN,
  RoleArn: ROLE,
  Input: '{"kept":true}',
  BatchParameters: {
    JobDefinition: arnOf(1),
    JobName: 'by-hand',
    ArrayProperties: { Size: 3 },
    RetryStrategy: { Attempts: 2 },
  },
  DeadLetterConfig: { Arn: DEAD_LETTERS },
  RetryPolicy: { MaximumRetryAttempts: 7, MaximumEventAgeInSeconds: 4321 },
};

async function byHand(...Targets: Target[]): Promise<void> {
  const { events } = world();
  await events.send(
    new PutRuleCommand({
      Name: 'nightly',
      ScheduleExpression: 'rate(12 hours)',
      Description: 'By hand',
      State: 'DISABLED',
    }),
  );
  if (Targets.length > 0) await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets }));
}

beforeEach(async () => {
  await world().register();
});

describe('a rule with a Batch target', () => {
  it('is moved to another revision; every other field and every other target stays', async () => {
    await world().register();
    await byHand(OTHER_TARGET, BATCH_TARGET);
    const before = await world().rule();
    const run = await world().run(crawl());
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      exitCode: 0,
      outputs: { scheduleName: 'nightly', scheduleArn: before.Arn, jobDefinition: arnOf(2), state: 'disabled' },
      changes: [
        {
          kind: 'updated',
          diff: [
            `- Target.BatchParameters.JobDefinition: "${arnOf(1)}"`,
            `+ Target.BatchParameters.JobDefinition: "${arnOf(2)}"`,
          ],
        },
      ],
    });
    const { $metadata: _m1, ...rule } = await world().rule();
    const { $metadata: _m2, ...was } = before;
    expect(rule).toEqual(was);
    const targets = await world().targets();
    expect(targets.find(({ Id }) => Id === 'tell')).toEqual(OTHER_TARGET);
    expect(targets.find(({ Id }) => Id === 'crawl')).toEqual({
      ...BATCH_TARGET,
      BatchParameters: { ...BATCH_TARGET.BatchParameters, JobDefinition: arnOf(2) },
    });
  });

  it('when nothing differs, nothing is sent', async () => {
    await byHand(BATCH_TARGET);
    world().calls();
    const run = await world().run(crawl());
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', exitCode: 0 });
    expect(world().calls()).toEqual([
      'sts:GetCallerIdentity',
      'batch:DescribeJobDefinitions',
      'events:DescribeRule',
      'events:ListTargetsByRule',
    ]);
  });

  it('is paused and resumed without a word to its targets', async () => {
    await byHand(BATCH_TARGET);
    world().calls();
    await world().run(nightly('--state', 'enabled'));
    expect(await world().rule()).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: 'rate(12 hours)',
      Description: 'By hand',
    });
    expect(world().calls()).not.toContain('events:PutTargets');
  });

  it('that runs by events is changed too, and stays so', async () => {
    await world().register();
    const EventPattern = '{"source":["aws.s3"]}';
    await world().events.send(new PutRuleCommand({ Name: 'nightly', EventPattern }));
    await world().events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [BATCH_TARGET] }));
    const run = await world().run(crawl());
    expect(resultOf(run)).toMatchObject({ exitCode: 0, outputs: { jobDefinition: arnOf(2), nextTimes: [] } });
    const rule = await world().rule();
    expect(rule).toMatchObject({ EventPattern });
    expect(rule.ScheduleExpression).toBeUndefined();
  });

  it('can not override anything: exit code 2, before anything is called', async () => {
    for (const [name, value] of [
      ['environment', 'A=1'],
      ['parameters', 'a=1'],
      ['command', 'crawl'],
    ]) {
      world().calls();
      const run = await world().run(crawl(`--${name}`, value!));
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(`a rule can not override ${name}`);
      expect(world().calls()).toEqual([]);
    }
  });

  it('with several, one has to be named', async () => {
    await byHand(BATCH_TARGET, { ...BATCH_TARGET, Id: 'crawl-again' });
    const run = await world().run(crawl());
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('rule nightly has 2 targets that submit Batch jobs');
    expect(run.stderr).toContain('Give rule_target_id, one of: crawl, crawl-again.');
    await world().register();
    await world().run(crawl('--rule-target-id', 'crawl-again'));
    const targets = await world().targets();
    expect(targets.map(({ Id, BatchParameters }) => [Id, BatchParameters?.JobDefinition])).toEqual([
      ['crawl', arnOf(1)],
      ['crawl-again', arnOf(2)],
    ]);
  });

  it('one that submits no job is not touched', async () => {
    await byHand(OTHER_TARGET, BATCH_TARGET);
    const run = await world().run(crawl('--rule-target-id', 'tell'));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('target tell of rule nightly submits no Batch job');
  });
});

describe('a rule that is not there yet', () => {
  it('is created with its target, which has few retries', async () => {
    const run = await world().run(crawl(...CREATE, '--array-size', '4'));
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      changes: [{ kind: 'created' }],
      outputs: { nextTimes: ['2026-11-20T03:00:00Z', '2026-11-21T03:00:00Z', '2026-11-22T03:00:00Z'] },
    });
    expect(await world().rule()).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'cron(0 3 * * ? *)' });
    expect(await world().targets()).toEqual([
      {
        Id: 'batch',
        Arn: QUEUE_ARN,
        RoleArn: ROLE,
        BatchParameters: { JobDefinition: arnOf(1), JobName: 'crawl', ArrayProperties: { Size: 4 } },
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 900 },
      },
    ]);
    expect(resultOf(await world().run(crawl(...CREATE, '--array-size', '4'))).status).toBe('unchanged');
  });

  it('needs all that makes it', async () => {
    const run = await world().run(crawl('--job-queue', 'nights'));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('to create rule nightly, schedule, schedule_role_arn are needed');
  });

  it('is not found when nothing of it was given', async () => {
    expect((await world().run(crawl())).exitCode).toBe(5);
  });

  it('a target is added to a rule that has none, under an id that is free', async () => {
    await byHand({ ...OTHER_TARGET, Id: 'batch' });
    const missing = await world().run(crawl('--job-queue', 'nights'));
    expect(missing.stderr).toContain('to create Batch target of rule nightly, schedule_role_arn is needed');
    const run = await world().run(crawl('--job-queue', 'nights', '--schedule-role-arn', ROLE));
    expect(run.exitCode).toBe(0);
    expect((await world().targets()).map(({ Id }) => Id)).toEqual(['batch', 'batch-2']);
  });
});

it('an entry that PutTargets refuses is named: exit code 10, as the call itself succeeds', async () => {
  await byHand(BATCH_TARGET);
  await world().register();
  world().localAws.control.setScenario({
    events: { failEntries: [{ id: 'crawl', code: 'InternalFailure', message: 'Not today.' }] },
  });
  const run = await world().run(crawl());
  expect(resultOf(run)).toMatchObject({
    exitCode: 10,
    error: {
      title: 'EventBridge did not take target crawl of rule nightly',
      message: 'crawl: InternalFailure: Not today.',
    },
  });
  expect(await world().targets()).toEqual([BATCH_TARGET]);
});

it('a rule never goes back to a lower revision', async () => {
  await world().register();
  await world().run(crawl(...CREATE));
  const run = await world().run(crawl('--revision', '1'));
  expect(run.exitCode).toBe(11);
  expect(run.stderr).toContain('superseded: rule nightly stays as it is');
});

it('a dry run changes nothing', async () => {
  const run = await world().run(crawl(...CREATE, '--dry-run'));
  expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0 });
  expect(
    world()
      .calls()
      .filter((call) => call.startsWith('events:Put')),
  ).toEqual([]);
});
