import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { pausingProxy, type PausingProxy } from '../../support/pausing-proxy.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { arnOf, clockOf, CREATE, QUEUE_ARN, ROLE, scheduleWorldForTests } from './schedule-world.ts';

const world = scheduleWorldForTests();

/** Its requests can be held up, so that the other change comes in between at a certain place. */
let slow: PausingProxy;

beforeEach(async () => {
  slow = await pausingProxy(world().localAws.endpoint);
  for (let count = 0; count < 3; count++) await world().register();
});

async function runSlowly(args: readonly string[]): Promise<CliRun> {
  const { localAws } = world();
  const env = await awsEnvironment(slow);
  return runCli(['schedule-job', '--output', 'json', ...args], { env, clock: clockOf(localAws) });
}

const GET = '/schedules/nightly?groupName=default';
const PUT = '/schedules/nightly';

const crawl = (revision: number, ...args: string[]): string[] => [
  ...['--schedule-name', 'nightly', '--job-definition-name', 'crawl', '--revision', String(revision)],
  ...args,
];

describe('two changes of one schedule at the same time', () => {
  it.each([
    ['before the first updates', PUT, 1],
    ['before the first reads back', GET, 2],
  ])('the second comes %s: in the end both changes are there', async (_when, pathEnd, nth) => {
    await world().run(crawl(1, ...CREATE));
    let second: CliRun | undefined;
    slow.before(pathEnd, nth, async () => {
      second = await world().run(['--schedule-name', 'nightly', '--state', 'disabled']);
    });
    const first = await runSlowly(crawl(2));
    expect([first.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect((await world().input())['JobDefinition']).toBe(arnOf(2));
  });

  it('one that was lost under an older state is made again', async () => {
    await world().run(crawl(1, ...CREATE));
    const { $metadata: _metadata, ...before } = await world().schedule();
    // Somebody had read the schedule before, and puts it back with a word of their own.
    slow.before(GET, 2, () => world().changeByHand(() => ({ ...before, Description: 'mine' })));
    const run = await runSlowly(crawl(2));
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('Something else has changed schedule nightly at the same time');
    expect(await world().schedule()).toMatchObject({ Description: 'mine' });
    expect((await world().input())['JobDefinition']).toBe(arnOf(2));
  });

  it.each([
    ['is read back', GET, 2],
    ['is read first', GET, 1],
  ])('the revision of a newer one that is there when it %s stays: superseded', async (_when, pathEnd, nth) => {
    await world().run(crawl(1, ...CREATE));
    slow.before(pathEnd, nth, () => world().run(crawl(3)));
    const run = await runSlowly(crawl(2));
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect((await world().input())['JobDefinition']).toBe(arnOf(3));
  });

  it('both create it: one schedule, the newer revision', async () => {
    slow.before(PUT, 1, () => world().run(crawl(3, ...CREATE)));
    const run = await runSlowly(crawl(2, ...CREATE));
    expect(resultOf(run)).toMatchObject({ exitCode: 11 });
    expect((await world().input())['JobDefinition']).toBe(arnOf(3));
  });

  it('deleted between reading and updating, it is told to be missing', async () => {
    const { DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
    await world().run(crawl(1, ...CREATE));
    slow.before(PUT, 1, () => world().scheduler.send(new DeleteScheduleCommand({ Name: 'nightly' })));
    expect((await runSlowly(crawl(2))).exitCode).toBe(5);
  });
});

describe('what AWS does not keep', () => {
  it('of what was asked for is told: exit code 10', async () => {
    await world().run(crawl(1, ...CREATE));
    const back = () => world().changeByHand(() => ({ Description: 'not yours' }));
    slow.before(GET, 2, back);
    slow.before(GET, 3, back);
    const run = await runSlowly(crawl(2, '--description', 'ours'));
    expect(resultOf(run)).toMatchObject({ exitCode: 10, error: { code: 'schedule.not_as_asked' } });
    expect(run.stderr).toContain('+ Description: "ours"');
  });

  it('of what was there is told too', async () => {
    await world().run(crawl(1, ...CREATE, '--description', 'a night'));
    slow.before(GET, 2, () => world().changeByHand(() => ({ Description: undefined })));
    const run = await runSlowly(crawl(2));
    expect(resultOf(run)).toMatchObject({ exitCode: 10 });
    expect(run.stderr).toContain('- Description: "a night"');
  });
});

it('a rule whose target others put back is moved again', async () => {
  const { events } = world();
  const target = (revision: number) => ({
    Id: 'crawl',
    Arn: QUEUE_ARN,
    RoleArn: ROLE,
    BatchParameters: { JobDefinition: arnOf(revision), JobName: 'crawl' },
  });
  const put = (revision: number) =>
    events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [target(revision)] }));
  await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' }));
  await put(1);
  // Every call of EventBridge goes to the same path: STS and rule, targets, put, and then it is read back.
  slow.before('/', 5, () => put(1));
  const run = await runSlowly(['--rule-name', 'nightly', '--job-definition-name', 'crawl', '--revision', '2']);
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toContain('Something else has changed rule nightly at the same time');
  expect((await world().targets())[0]?.BatchParameters?.JobDefinition).toBe(arnOf(2));
});
