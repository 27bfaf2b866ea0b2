import { describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { playJobs } from '../../support/submit-job.ts';
import { arnOf, BAD, GOOD, NEW_SCHEDULE, releaseWorldForTests, SCHEDULE, SMOKE } from './release-world.ts';

const world = releaseWorldForTests();
const play = (...rules: Parameters<typeof playJobs>[1][]): void => playJobs(world().localAws, ...rules);
const pipeline = (number: number) => ({ env: { AWS_DEPLOY_PIPELINE_NUMBER: String(number) } });

/** What was called that changes something. */
function changing(): string[] {
  const isChange = (operation: string): boolean => /:(Create|Update|Put|Register|Tag|Submit|Terminate)/.test(operation);
  return operationsOf(world().localAws).filter(isChange);
}

describe('the schedule of a release', () => {
  it('is created for the verified revision, read back, and told with its next times', async () => {
    play(GOOD);
    const { result, said } = await world().release('a', [...SMOKE, ...NEW_SCHEDULE, '--timezone', 'Europe/Berlin']);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: {
        verified: true,
        scheduleArn: expect.stringMatching(/:schedule\/default\/nights$/),
        nextTimes: [expect.stringContaining('T03:00:00+'), expect.any(String), expect.any(String)],
      },
    });
    expect(said).toContain(`Read back: ${String(result.outputs['scheduleArn'])}`);
    expect(await world().scheduled()).toBe(arnOf(1));
  });

  it('stays where it is until the smoke test has succeeded', async () => {
    play(GOOD);
    await world().schedule('nights', arnOf(1));
    await world().release('a', SMOKE);
    const clock = drivingClock(world().localAws.control);
    const during: (string | undefined)[] = [];
    clock.at(20_000, async () => void during.push(await world().scheduled()));
    const { result } = await world().release('b', [...SMOKE, ...SCHEDULE], { clock });
    expect(result.exitCode).toBe(0);
    expect(during).toEqual([arnOf(1)]);
    expect(await world().scheduled()).toBe(arnOf(2));
  });

  it.each(['rollback', 'keep'])(
    'stays where it is when the smoke test fails, with on_failure: %s',
    async (onFailure) => {
      play(GOOD);
      await world().release('good', [...SMOKE, ...NEW_SCHEDULE]);
      play(BAD);
      const { result } = await world().release('bad', [...SMOKE, ...SCHEDULE, '--on-failure', onFailure]);
      expect(result.outputs).not.toHaveProperty('scheduleArn');
      expect(await world().scheduled()).toBe(arnOf(1));
    },
  );

  it('is moved without a smoke test too, which is told', async () => {
    const { result, said } = await world().release('a', NEW_SCHEDULE.concat('--job-queue', 'nightly'));
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: false } });
    expect(said.join('\n')).toContain('It is unverified');
    expect(await world().scheduled()).toBe(arnOf(1));
  });

  it('keeps its own queue, and all else that it submits', async () => {
    play(GOOD);
    const more = { JobName: 'own', JobQueue: 'nights', Parameters: { depth: '3' } };
    await world().release('a', SMOKE);
    await world().schedule('nights', arnOf(1), more);
    await world().release('b', [...SMOKE, ...SCHEDULE]);
    expect(await world().scheduledInput()).toEqual({ ...more, JobDefinition: arnOf(2) });
  });

  it('that is what was asked for is not sent again', async () => {
    play(GOOD);
    await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    world().localAws.control.clearRequests();
    const { result } = await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    expect(result).toMatchObject({ exitCode: 0, status: 'unchanged' });
    expect(changing()).toEqual([]);
  });

  it('is moved by a release that changes nothing, when an earlier run did not come so far', async () => {
    play(GOOD);
    await world().release('a', SMOKE);
    await world().release('b', [...SMOKE, ...NEW_SCHEDULE]);
    await world().schedule('other', arnOf(1));
    const { result } = await world().release('b', [...SMOKE, '--schedule-name', 'other']);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed' });
    expect(await world().scheduled('other')).toBe(arnOf(2));
  });
});

describe('a failed smoke test', () => {
  it('moves the schedules that are pinned to the failed revision to the one in its place', async () => {
    play(GOOD);
    await world().release('good', SMOKE);
    await world().release('bad');
    await world().schedule('pinned', arnOf(2));
    await world().schedule('elsewhere', arnOf(1));
    play(BAD);
    const { result } = await world().release('bad', SMOKE);
    expect(result).toMatchObject({ exitCode: 9, outputs: { revision: 2, rolledBackTo: 3 } });
    expect(await world().scheduled('pinned')).toBe(arnOf(3));
    expect(await world().scheduled('elsewhere')).toBe(arnOf(1));
  });

  it('with pin: name, the newest revision is good at once', async () => {
    play(GOOD);
    await world().release('good', [...SMOKE, ...NEW_SCHEDULE, '--pin', 'name']);
    expect(await world().scheduled()).toBe('crawl');
    play(BAD);
    const { result } = await world().release('bad', [...SMOKE, ...SCHEDULE, '--pin', 'name']);
    expect(result.exitCode).toBe(9);
    expect(await world().scheduled()).toBe('crawl');
    expect((await world().described()).at(-1)).toMatchObject({ revision: 3, parameters: { content: 'good' } });
  });
});

describe('what comes late', () => {
  it('an older pipeline is superseded (exit code 11) and moves nothing', async () => {
    play(GOOD);
    await world().release('new', [...SMOKE, ...NEW_SCHEDULE], pipeline(9));
    const { result } = await world().release('old', [...SMOKE, ...SCHEDULE], pipeline(5));
    expect(result).toMatchObject({ exitCode: 11, status: 'superseded' });
    expect(await world().scheduled()).toBe(arnOf(1));
    expect(await world().revisions()).toHaveLength(1);
  });

  it('a schedule that runs a revision of a newer pipeline is found out before anything is changed', async () => {
    play(GOOD);
    await world().release('new', [...SMOKE, ...NEW_SCHEDULE], pipeline(9));
    await world().release('old', ['--allow-older'], pipeline(5));
    world().localAws.control.clearRequests();
    const { result } = await world().release('middle', [...SMOKE, ...SCHEDULE], pipeline(7));
    expect(result).toMatchObject({ exitCode: 11, error: { code: 'schedule.superseded' } });
    expect(changing()).toEqual([]);
    const on = await world().release('middle', [...SMOKE, ...SCHEDULE, '--allow-older'], pipeline(7));
    expect(on.result.exitCode).toBe(0);
    expect(await world().scheduled()).toBe(arnOf(3));
  });
});

describe('what comes in between', () => {
  it('a newer release that moved the schedule during the smoke test keeps it: exit code 11', async () => {
    play(GOOD);
    await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    const clock = drivingClock(world().localAws.control);
    clock.at(10_000, async () => {
      await world().queue.register();
      await world().run('schedule-job', [...SCHEDULE, '--job-definition-name', 'crawl'], { env: { HOME: '/none' } });
    });
    const { result } = await world().release('b', [...SMOKE, ...SCHEDULE], { clock });
    expect(result).toMatchObject({
      exitCode: 11,
      status: 'superseded',
      outputs: { revision: 2, verified: true },
      error: { title: expect.stringContaining('schedule nights was not moved to it: superseded') },
    });
    expect(await world().scheduled()).toBe(arnOf(3));
  });
});

describe('a dry run', () => {
  it('shows revision, smoke test and schedule of a first release, and changes nothing', async () => {
    const before = world().localAws.control.state();
    const { result, said } = await world().release('a', [
      ...[...SMOKE, ...NEW_SCHEDULE, '--smoke-environment', 'TOKEN=hidden', '--dry-run'],
    ]);
    expect(result).toMatchObject({ exitCode: 0, status: 'planned' });
    expect(said).toEqual(
      expect.arrayContaining([
        'Would register a revision of crawl (from nothing)',
        'Would run once in nightly, with TOKEN set for it: the new revision of crawl',
        'If that fails, it would be rolled back',
        'Would change schedule nights',
        '  + Target.Input.JobDefinition: "crawl:<the new revision>"',
      ]),
    );
    expect(result.changes.map(({ kind }) => kind)).toEqual(['created', 'created', 'created']);
    expect(said.join('\n')).not.toContain('hidden');
    expect(world().localAws.control.state()).toEqual(before);
  });

  it('of what was released and verified shows that nothing is left to do', async () => {
    play(GOOD);
    await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    const { result, said } = await world().release('a', [...SMOKE, ...NEW_SCHEDULE, '--dry-run']);
    expect(result.changes.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
    expect(said).toEqual(expect.arrayContaining(['Revision 1 of crawl was verified before']));
    expect(said.join('\n')).not.toContain('Would');
  });
});

describe('what keeps the schedule from being moved is found out before anything is changed', () => {
  it.each([
    ['a schedule that is not there', SCHEDULE, 5, 'there is no schedule nights'],
    ['a new one without its role', [...SCHEDULE, '--schedule', 'rate(1 day)'], 2, 'schedule_role_arn is needed'],
  ])('%s', async (_what, args, exitCode, title) => {
    play(GOOD);
    world().localAws.control.clearRequests();
    const { result } = await world().release('a', [...SMOKE, ...args]);
    expect(result).toMatchObject({ exitCode, error: { title: expect.stringContaining(title) } });
    expect(changing()).toEqual([]);
  });

  it.each([
    ['smoke_test without a queue', ['--smoke-test'], 'smoke_test needs job_queue'],
    ['an environment for no smoke test', ['--smoke-environment', 'A=1'], 'smoke_environment is for smoke_test'],
    [
      'a variable that belongs to AWS Batch',
      [...SMOKE, '--smoke-environment', 'AWS_BATCH_JOB_ID=1'],
      'smoke_environment must not set AWS_BATCH_JOB_ID',
    ],
    ['a poll interval that floods AWS', [...SMOKE, '--poll-interval', '100ms'], 'poll_interval must be at least 1s'],
    ['a schedule without a name', ['--schedule', 'rate(1 day)'], 'none is named'],
    [
      'a dead-letter queue for no schedule',
      ['--dead-letter-queue-arn', 'arn:aws:sqs:eu-west-1:123456789012:q'],
      'none is named',
    ],
    ['an expression that is none', [...SCHEDULE, '--schedule', 'every night'], 'schedule is not valid'],
    ['a time zone that is none', [...SCHEDULE, '--timezone', 'Europe/Berln'], 'timezone "Europe/Berln" is not known'],
  ])('%s is exit code 2 before AWS is called', async (_what, args, title) => {
    const { result } = await world().release('a', args);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining(title) } });
    expect(operationsOf(world().localAws).filter((operation) => operation === 'sts:GetCallerIdentity')).toEqual([]);
  });

  it('an environment that is too large to submit', async () => {
    world().localAws.control.clearRequests();
    const { result } = await world().release('a', [...SMOKE, '--smoke-environment', `A=${'x'.repeat(31_000)}`]);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining('bytes to submit') } });
    expect(changing()).toEqual([]);
  });
});

describe('a schedule that can not be moved after all', () => {
  it('fails the release with its reason; the revision stays, verified', async () => {
    play(GOOD);
    await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    const { control } = world().localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'scheduler:UpdateSchedule' }] } });
    const { result } = await world().release('b', [...SMOKE, ...SCHEDULE]);
    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { revision: 2, verified: true },
      error: {
        title: expect.stringMatching(
          /^revision 2 of crawl is released, but schedule nights was not moved to it: .*scheduler:UpdateSchedule/,
        ),
      },
    });
    expect(await world().scheduled()).toBe(arnOf(1));
  });
});

describe('later jobs of the workflow find the released revision', () => {
  it.each([
    ['submit-job', ['--job-queue', 'nightly']],
    ['schedule-job', [...NEW_SCHEDULE, '--job-queue', 'nightly']],
  ])('%s, from what release-batch-job left', async (action, args) => {
    play(GOOD);
    await world().release('a', SMOKE);
    await world().run('register-job-definition', ['--job-definition-name', 'crawl', '--parameters', 'content=b'], {
      env: { HOME: '/nonexistent' },
    });
    const { result } = await world().run(action, [...args, '--record']);
    expect(result.exitCode).toBe(0);
    const jobs = await world().queue.jobs();
    const ran = action === 'submit-job' ? jobs.map(({ jobDefinition }) => jobDefinition) : [await world().scheduled()];
    expect(new Set(ran)).toEqual(new Set([arnOf(1)]));
  });
});
