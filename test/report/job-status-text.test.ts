import { describe, expect, it } from '@jest/globals';
import type { ContainerStatus, JobStatus, RunStatus, ScheduleStatus } from '../../src/plan/job-status/job-status.ts';
import { jobStatusText } from '../../src/report/job-status-text.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/crawl@sha256:0123';

const CONTAINER: ContainerStatus = {
  label: '',
  image: IMAGE,
  digest: 'sha256:0123',
  imageState: 'there',
  script: { url: 's3://acme/fedc/crawl.sh', sha256: 'fedc', state: 'there' },
};

const NIGHTLY: ScheduleStatus = {
  kind: 'schedule',
  label: 'schedule nightly',
  enabled: true,
  expression: 'cron(0 3 * * ? *)',
  timezone: 'Europe/Berlin',
  revision: 7,
  problem: null,
  nextTimes: ['2026-11-21T03:00:00+01:00', '2026-11-22T03:00:00+01:00'],
};

const RUN: RunStatus = {
  id: '1',
  name: 'crawl-1',
  queue: 'nights',
  state: 'SUCCEEDED',
  reason: null,
  exitCode: 0,
  revision: 7,
  createdAt: '2026-11-20T02:00:00.000Z',
  startedAt: '2026-11-20T02:00:09.123Z',
  runSeconds: 68,
  logLink: 'https://console/1',
};

const STATUS: JobStatus = {
  name: 'crawl',
  region: 'eu-west-1',
  account: '123456789012',
  newest: {
    revision: 7,
    arn: 'arn',
    verifiedAt: '2026-11-20T03:01:12.000Z',
    rejectedAt: null,
    rolledBackFrom: null,
    restored: null,
    byUs: true,
    gitSha: 'c0ffee',
    pipeline: '41',
    containers: [CONTAINER],
  },
  rollback: { revision: 5, verifiedAt: '2026-11-18T03:01:07.000Z' },
  schedules: [NIGHTLY],
  runs: [RUN],
  unread: [],
};

const newest = (more: Partial<JobStatus['newest']>): JobStatus => ({
  ...STATUS,
  newest: { ...STATUS.newest, ...more },
});
const container = (more: Partial<ContainerStatus>): JobStatus => newest({ containers: [{ ...CONTAINER, ...more }] });

it('a job in good health', () => {
  expect(jobStatusText(STATUS)).toBe(
    `crawl in eu-west-1, account 123456789012

Revision   7, verified 2026-11-20T03:01:12Z
           commit c0ffee, pipeline 41
Image      ${IMAGE} (in ECR)
Script     s3://acme/fedc/crawl.sh (there, as it was released)
Rollback   would go to revision 5, verified 2026-11-18T03:01:07Z

Schedules  schedule nightly: enabled, cron(0 3 * * ? *) Europe/Berlin, revision 7
             next 2026-11-21T03:00:00+01:00, 2026-11-22T03:00:00+01:00

Runs       SUCCEEDED  revision 7  2026-11-20T02:00:09Z  1m 8s  exit code 0  crawl-1
             https://console/1
`,
  );
});

describe('is told of', () => {
  it.each<[string, JobStatus, string]>([
    ['a revision without proof', newest({ verifiedAt: null }), 'Revision   7, not verified\n'],
    [
      'a revision that was rejected',
      newest({ rejectedAt: '2026-11-20T08:00:00Z' }),
      'verified 2026-11-20T03:01:12Z, rejected 2026-11-20T08:00:00Z\n',
    ],
    [
      'a rollback to something verified',
      newest({ rolledBackFrom: 6, restored: { revision: 5, verifiedAt: '2026-11-18T03:01:07.000Z' } }),
      '\n           made by a rollback from revision 6, with the content of 5, verified 2026-11-18T03:01:07Z\n',
    ],
    ['a rollback', newest({ rolledBackFrom: 6 }), '\n           made by a rollback from revision 6\n'],
    [
      'a revision of others',
      newest({ byUs: false, gitSha: null, pipeline: null }),
      '\n           not registered by aws-deploy\n',
    ],
    ['an image that is gone', container({ imageState: 'gone' }), '(GONE from ECR)'],
    ['a tag', container({ image: 'host/crawl:7' }), 'Image      host/crawl:7 (in ECR, now sha256:0123)\n'],
    [
      'a script that was replaced',
      container({ script: { url: 's3://a/b', sha256: 'x', state: 'changed' } }),
      'Script     s3://a/b (CHANGED: not what was released)\n',
    ],
    [
      'several containers',
      newest({
        containers: [
          { ...CONTAINER, label: 'main' },
          { ...CONTAINER, label: 'proxy', script: null },
        ],
      }),
      `Image      main: ${IMAGE} (in ECR)\nScript     main: s3://acme/fedc/crawl.sh (there, as it was released)\nImage      proxy: ${IMAGE} (in ECR)\n`,
    ],
    ['a way back that is not there', { ...STATUS, rollback: null }, 'Rollback   nowhere to go: no older revision'],
    ['no schedule', { ...STATUS, schedules: [] }, 'Schedules  none\n'],
    [
      'a paused schedule by name',
      { ...STATUS, schedules: [{ ...NIGHTLY, enabled: false, revision: null, nextTimes: [] }] },
      'Schedules  schedule nightly: PAUSED, cron(0 3 * * ? *) Europe/Berlin, the newest revision\n\n',
    ],
    [
      'a schedule that can not run',
      { ...STATUS, schedules: [{ ...NIGHTLY, problem: 'revision 7 is INACTIVE: no job can start' }] },
      '\n             PROBLEM: revision 7 is INACTIVE: no job can start\n',
    ],
    ['no run', { ...STATUS, runs: [] }, 'Runs       none that AWS still knows\n'],
    ['what could not be read', { ...STATUS, unread: ['a: why', 'b: why'] }, '\nNot read   a: why\n           b: why\n'],
  ])('%s', (_what, status, text) => {
    expect(jobStatusText(status)).toContain(text);
  });

  it('that took no whole second say so', () => {
    expect(jobStatusText({ ...STATUS, runs: [{ ...RUN, runSeconds: 0 }] })).toContain('  <1s  ');
  });

  it('several runs, in columns, those that failed with their reason', () => {
    const waiting = { ...RUN, state: 'RUNNABLE', exitCode: null, startedAt: null, runSeconds: null, logLink: null };
    const failed = {
      ...RUN,
      state: 'FAILED',
      exitCode: 3,
      revision: 12,
      runSeconds: 5,
      reason: 'exit code 3',
      logLink: null,
    };
    expect(jobStatusText({ ...STATUS, runs: [waiting, failed] })).toContain(
      `Runs       RUNNABLE  revision 7   2026-11-20T02:00:00Z                   crawl-1
           FAILED    revision 12  2026-11-20T02:00:09Z  5s  exit code 3  crawl-1
             exit code 3
`,
    );
  });
});
