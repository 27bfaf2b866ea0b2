import { describe, expect, it } from '@jest/globals';
import { CREATE, scheduleWorldForTests } from './schedule-world.ts';

const world = scheduleWorldForTests();

const SCHEDULE = ['--schedule-name', 'nightly'];
const RULE = ['--rule-name', 'nightly'];

describe('what can not be is refused before anything is called: exit code 2', () => {
  it.each<[string, string[], string]>([
    ['neither a schedule nor a rule', [], 'neither schedule_name nor rule_name is given'],
    ['both', [...SCHEDULE, ...RULE], 'schedule_name and rule_name exclude each other'],
    ['a name that AWS does not take', ['--schedule-name', 'a b'], 'must be 1 to 64 letters'],
    ['a group that AWS does not take', [...SCHEDULE, '--group-name', 'a/b'], 'must be 1 to 64 letters'],
    ['no expression', [...SCHEDULE, '--schedule', 'daily'], '"daily" is no schedule'],
    [
      'a minute that there is not',
      [...SCHEDULE, '--schedule', 'cron(61 3 * * ? *)'],
      'The minutes "61" is not valid: it takes 0 to 59.',
    ],
    ['five stars of crontab', [...SCHEDULE, '--schedule', 'cron(0 3 * * *)'], 'one of them must be "?"'],
    ['a rate of nothing', [...SCHEDULE, '--schedule', 'rate(0 days)'], 'rate(0 days) is not valid'],
    ['a day that there is not', [...SCHEDULE, '--schedule', 'at(2026-02-30T03:00:00)'], 'is not valid'],
    ['at() for a rule', [...RULE, '--schedule', 'at(2026-11-20T03:00:00)'], 'is no schedule'],
    ['a rule with one hours', [...RULE, '--schedule', 'rate(1 hours)'], 'with 1 the unit must be hour'],
    ['an unknown zone', [...SCHEDULE, '--timezone', 'Europe/Berlim'], 'Did you mean Europe/Berlin?'],
    ['an offset for a zone', [...SCHEDULE, '--timezone', '+01:00'], 'timezone "+01:00" is not known'],
    ['a retry too many', [...SCHEDULE, '--maximum-retry-attempts', '186'], 'a number from 0 to 185'],
    ['an age below a minute', [...SCHEDULE, '--maximum-event-age', '59s'], 'whole seconds from 60s to 86400s'],
    ['an age above a day', [...SCHEDULE, '--maximum-event-age', '25h'], 'whole seconds from 60s to 86400s'],
    ['half a minute', [...SCHEDULE, '--flexible-window', '90s'], 'whole minutes from 0m to 1440m'],
    ['a date without a zone', [...SCHEDULE, '--start-date', '2026-12-01T00:00:00'], 'a date and time with a zone'],
    ['30 February', [...SCHEDULE, '--end-date', '2027-02-30T00:00:00Z'], 'a date and time with a zone'],
    [
      'an end before the start',
      [...SCHEDULE, '--start-date', '2026-12-02T00:00:00Z', '--end-date', '2026-12-02T00:30:00+01:00'],
      'start_date must be before end_date',
    ],
    ['a revision without its definition', [...SCHEDULE, '--revision', '3'], 'revision needs job_definition_name'],
    [
      'a revision by name',
      [...SCHEDULE, '--job-definition-name', 'crawl', '--revision', '3', '--pin', 'name'],
      'revision and pin: name exclude each other',
    ],
    ['a name that nothing says', [...SCHEDULE, '--pin', 'name'], 'pin: name needs job_definition_name'],
    ['a reserved variable', [...SCHEDULE, '--environment', 'AWS_BATCH_X=1'], 'environment must not set AWS_BATCH_X'],
    ['a role that is none', [...SCHEDULE, '--schedule-role-arn', 'scheduler'], 'arn:aws:iam::<account>:role/<name>'],
    ['a queue for failures that is none', [...SCHEDULE, '--dead-letter-queue-arn', 'failed'], 'ARN of an SQS queue'],
    ['a queue that is none', [...SCHEDULE, '--job-queue', 'a b'], 'the name or the ARN of a job queue'],
    ['a job name with a dot', [...SCHEDULE, '--job-name', 'a.b'], 'letters, digits, hyphens or underscores'],
    ['an array of one', [...SCHEDULE, '--array-size', '1'], 'array'],
    ['a long description', [...SCHEDULE, '--description', 'x'.repeat(513)], 'at most 512 characters'],
    ['a target id for a schedule', [...SCHEDULE, '--rule-target-id', 'a'], 'rule_target_id is for rules'],
    ['a bus for a schedule', [...SCHEDULE, '--event-bus-name', 'orders'], 'event_bus_name is for rules'],
    ['a zone for a rule', [...RULE, '--timezone', 'UTC'], 'a rule has no timezone'],
    ['a window for a rule', [...RULE, '--flexible-window', '5m'], 'a rule has no flexible_window'],
    ['dates for a rule', [...RULE, '--start-date', '2026-12-01T00:00:00Z'], 'a rule has no start_date'],
    [
      'a schedule on another bus',
      [...RULE, '--event-bus-name', 'orders', '--schedule', 'rate(1 day)'],
      'a rule on event bus orders can not have a schedule',
    ],
  ])('%s', async (_what, args, message) => {
    const run = await world().run(args);
    expect(run.stderr).toContain(message);
    expect(run.exitCode).toBe(2);
    expect(world().calls()).toEqual([]);
  });

  it('two releases in one workflow and no name', async () => {
    const { writeResultFile } = await import('../../../src/circleci/release-record.ts');
    const { tempFolder } = await import('../../support/temp-folder.ts');
    const HOME = await tempFolder();
    for (const name of ['crawl', 'index']) {
      await writeResultFile(`${HOME}/.aws-deploy/record`, name, {
        schema: 'aws-deploy/result@1',
        action: 'register-job-definition',
        component: name,
        outputs: { jobDefinitionArn: `arn:aws:batch:eu-west-1:123456789012:job-definition/${name}:1` },
        finishedAt: '2026-11-20T00:00:00Z',
      } as never);
    }
    const run = await world().run([...SCHEDULE, ...CREATE, '--record'], { HOME });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('Give job_definition_name, one of: crawl, index.');
    expect(world().calls()).toEqual([]);
  });
});
