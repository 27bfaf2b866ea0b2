import { CONTAINER } from '../../support/definitions.ts';
import {
  DEAD_LETTERS,
  FAR_NIGHT,
  prepareBatch,
  prepareHistory,
  prepareRule,
  prepareSchedule,
  SCHEDULER_ROLE,
} from './batch-world.ts';
import { REGION } from './local-cloud.ts';
import { everyAction, TWO_CONTAINERS, type OrbCase } from './orb-case.ts';

const TWO = { ...(JSON.parse(TWO_CONTAINERS) as object), jobDefinitionName: 'two' };

/** The cases of the actions that run, schedule and look after what was released. */
export const JOB_CASES: readonly OrbCase[] = [
  {
    action: 'submit_job',
    what: 'defaults',
    arguments: () => ({ job_definition_name: 'crawl', job_queue: 'nightly' }),
    prepare: (cloud) => prepareBatch(cloud),
  },
  {
    action: 'submit_job',
    what: 'everything',
    arguments: () => ({
      ...everyAction,
      job_definition_name: 'two',
      revision: 1,
      job_queue: 'nightly',
      job_name: 'by-hand',
      command: 'crawl\n--depth\n3',
      environment: 'LOG_LEVEL=debug\nEQUALS=a=b',
      parameters: 'day=monday',
      container: 'main',
      array_size: 2,
      share_identifier: 'nights',
      wait: true,
      timeout: '20m',
      runnable_timeout: '10m',
      poll_interval: '1s',
      on_cancel: 'detach',
      mark_verified: true,
      idempotency_key: 'release-7',
      dry_run: false,
    }),
    prepare: (cloud) =>
      prepareBatch(cloud, [TWO, TWO], {
        schedulingPolicyArn: `arn:aws:batch:${REGION}:123456789012:scheduling-policy/fair`,
      }),
  },
  {
    action: 'submit_job',
    what: 'a dry run',
    arguments: () => ({ job_definition_name: 'crawl', job_queue: 'nightly', wait: false, dry_run: true }),
    prepare: (cloud) => prepareBatch(cloud),
  },
  {
    action: 'schedule_job',
    what: 'as little as it takes',
    arguments: () => ({
      schedule_name: 'nightly',
      schedule: FAR_NIGHT,
      job_definition_name: 'crawl',
      job_queue: 'nightly',
      schedule_role_arn: SCHEDULER_ROLE,
    }),
    prepare: (cloud) => prepareBatch(cloud),
  },
  {
    action: 'schedule_job',
    what: 'everything',
    arguments: () => ({
      ...everyAction,
      schedule_name: 'nightly',
      group_name: 'nights',
      schedule: 'rate(2 days)',
      timezone: 'Europe/Berlin',
      state: 'disabled',
      job_definition_name: 'crawl',
      revision: 1,
      pin: 'revision',
      job_queue: 'other',
      job_name: 'night',
      environment: 'LOG_LEVEL=debug\nEQUALS=a=b',
      parameters: 'day=monday',
      command: 'crawl\n--depth\n3',
      schedule_role_arn: `${SCHEDULER_ROLE}-2`,
      dead_letter_queue_arn: DEAD_LETTERS,
      maximum_retry_attempts: '0',
      maximum_event_age: '10m',
      flexible_window: '15m',
      description: 'Every other night',
      array_size: 2,
      start_date: '2098-12-01T00:00:00Z',
      end_date: '2100-01-01T00:00:00+01:00',
      allow_older: true,
      dry_run: false,
    }),
    prepare: async (cloud) => {
      await prepareBatch(cloud, [CONTAINER, CONTAINER]);
      await prepareSchedule(cloud, 'nights');
    },
  },
  {
    action: 'schedule_job',
    what: 'a rule of a name',
    arguments: () => ({
      rule_name: 'weekly',
      event_bus_name: 'default',
      rule_target_id: 'second',
      allow_older: true,
      pin: 'name',
      job_definition_name: 'crawl',
      state: 'enabled',
      dead_letter_queue_arn: DEAD_LETTERS,
    }),
    prepare: async (cloud) => {
      await prepareBatch(cloud);
      await prepareRule(cloud);
    },
  },
  {
    action: 'job_status',
    what: 'defaults',
    arguments: () => ({ job_definition_name: 'crawl' }),
    prepare: prepareHistory,
  },
  {
    action: 'job_status',
    what: 'everything',
    arguments: () => ({ ...everyAction, job_definition_name: 'crawl', job_queue: 'nightly', runs: 1 }),
    prepare: prepareHistory,
  },
  {
    action: 'rollback_job_definition',
    what: 'defaults',
    arguments: () => ({ job_definition_name: 'crawl' }),
    prepare: prepareHistory,
  },
  {
    action: 'rollback_job_definition',
    what: 'everything',
    arguments: () => ({
      ...everyAction,
      job_definition_name: 'crawl',
      to_revision: 2,
      repoint: false,
      dry_run: false,
    }),
    prepare: prepareHistory,
  },
  {
    action: 'prune_job_definitions',
    what: 'defaults',
    arguments: () => ({ job_definition_name: 'crawl' }),
    prepare: prepareHistory,
  },
  {
    action: 'prune_job_definitions',
    what: 'everything',
    arguments: () => ({ ...everyAction, job_definition_name: 'crawl', keep: 1, dry_run: false }),
    prepare: prepareHistory,
  },
];
