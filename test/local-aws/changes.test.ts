import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { changesBetween } from '../../src/local-aws/changes.ts';

const REGION = 'eu-central-1';
const DIGEST = `sha256:${'0123456789ab'.padEnd(64, 'c')}`;
const OTHER = `sha256:${'ba9876543210'.padEnd(64, 'd')}`;

function repository(images: readonly string[], tags: JsonObject = {}, more: JsonObject = {}): JsonObject {
  const stored = Object.fromEntries(images.map((digest) => [digest, { size: 1 }]));
  return { ecr: { [REGION]: { crawl: { images: stored, tags, ...more } } } };
}

const bucket = (objects: JsonObject, more: JsonObject = {}): JsonObject => ({
  s3: { scripts: { region: REGION, objects, ...more } },
});

function revision(number: number, tags: JsonObject = {}, status = 'ACTIVE'): JsonObject {
  return { revision: number, status, tags };
}

const batch = (kinds: JsonObject): JsonObject => ({ batch: { [REGION]: kinds } });
const definitions = (...revisions: JsonObject[]): JsonObject => batch({ jobDefinitions: { crawl: revisions } });

function job(status: string, more: JsonObject = {}, detail: JsonObject = {}): JsonObject {
  const jobDefinition = `arn:aws:batch:${REGION}:123456789012:job-definition/crawl:1`;
  return batch({ jobs: { id: { detail: { jobName: 'smoke', status, jobDefinition, ...detail }, ...more } } });
}

const scheduler = (schedules: JsonObject, invocations: JsonObject[] = []): JsonObject => ({
  scheduler: { regions: { [REGION]: { groups: {}, schedules } }, invocations },
});

function schedule(more: JsonObject = {}): JsonObject {
  const Input = JSON.stringify({ JobDefinition: `arn:aws:batch:${REGION}:123456789012:job-definition/crawl:7` });
  return {
    ScheduleExpression: 'cron(0 3 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    State: 'ENABLED',
    Target: { Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob', Input },
    ...more,
  };
}

const run = (outcome: string, time = 't'): JsonObject => ({
  source: `arn:aws:scheduler:${REGION}:123456789012:schedule/default/nightly`,
  outcome,
  time,
});

const rule = (more: JsonObject = {}): JsonObject => ({
  events: {
    regions: {
      [REGION]: {
        buses: {},
        rules: {
          'default/nightly': {
            ScheduleExpression: 'rate(1 day)',
            State: 'ENABLED',
            targets: { 1: { Id: '1', Arn: 'arn:aws:batch:…', BatchParameters: { JobDefinition: 'crawl:7' } } },
            ...more,
          },
        },
      },
    },
  },
});

const logs = (groups: JsonObject): JsonObject => ({ logs: { [REGION]: { groups } } });
const group = (lines: number): JsonObject => ({
  streams: { s: { events: Array.from({ length: lines }, () => ({})) } },
});

describe('what changed in a local AWS', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['nothing', repository([DIGEST]), repository([DIGEST]), []],
    ['a new repository', {}, repository([]), ['ecr crawl created']],
    ['a repository that is gone', repository([]), {}, ['ecr crawl deleted']],
    [
      'an image that was pushed',
      repository([]),
      repository([DIGEST], { abc: DIGEST, latest: DIGEST }),
      ['ecr crawl: image sha256:0123456789ab… pushed, tagged abc, latest'],
    ],
    ['an image without a tag', repository([]), repository([DIGEST]), ['ecr crawl: image sha256:0123456789ab… pushed']],
    ['an image that is gone', repository([DIGEST]), repository([]), ['ecr crawl: image sha256:0123456789ab… deleted']],
    [
      'a tag that was moved',
      repository([DIGEST, OTHER], { latest: DIGEST }),
      repository([DIGEST, OTHER], { latest: OTHER }),
      ['ecr crawl: tag latest moved to sha256:ba9876543210…'],
    ],
    [
      'a tag for an image that was there',
      repository([DIGEST]),
      repository([DIGEST], { v1: DIGEST }),
      ['ecr crawl: tag v1 names sha256:0123456789ab…'],
    ],
    ['a tag that is gone', repository([DIGEST], { v1: DIGEST }), repository([DIGEST]), ['ecr crawl: tag v1 removed']],
    [
      'something else about a repository',
      repository([]),
      repository([], {}, { scanOnPush: true }),
      ['ecr crawl changed'],
    ],

    ['a new bucket', {}, bucket({}), ['s3 s3://scripts created']],
    ['a bucket that is gone', bucket({}), {}, ['s3 s3://scripts deleted']],
    [
      'an object that was written, under a long name',
      bucket({}),
      bucket({ [`jobs/${'0123456789ab'.padEnd(64, 'c')}/crawl.sh`]: [{ size: 1234 }] }),
      ['s3 s3://scripts/jobs/0123456789ab…/crawl.sh written (1.2 KB)'],
    ],
    ['an empty object', bucket({}), bucket({ k: [{ size: 0 }] }), ['s3 s3://scripts/k written (0 B)']],
    [
      'another version of an object',
      bucket({ k: [{ size: 1 }] }),
      bucket({ k: [{ size: 1 }, { size: 2_500_000 }] }),
      ['s3 s3://scripts/k written (2.5 MB)'],
    ],
    ['an object that is gone', bucket({ k: [{ size: 1 }] }), bucket({}), ['s3 s3://scripts/k deleted']],
    [
      'an object under a delete marker',
      bucket({ k: [{ size: 1 }] }),
      bucket({ k: [{ size: 1 }, { deleteMarker: true }] }),
      ['s3 s3://scripts/k deleted'],
    ],
    ['something else about a bucket', bucket({}), bucket({}, { versioning: 'Enabled' }), ['s3 s3://scripts changed']],

    [
      'revisions, one of them verified',
      {},
      definitions(revision(1), revision(2, { 'aws-deploy:verified': 'x', team: 'a' })),
      ['batch crawl:1 registered', 'batch crawl:2 registered, verified'],
    ],
    [
      'a revision that was verified later',
      definitions(revision(1)),
      definitions(revision(1, { 'aws-deploy:verified': 'x' })),
      ['batch crawl:1 verified'],
    ],
    [
      'a revision that was rejected and deregistered',
      definitions(revision(1)),
      definitions(revision(1, { 'aws-deploy:rejected': 'x' }, 'INACTIVE')),
      ['batch crawl:1 deregistered, rejected'],
    ],
    [
      'a revision that has less than the one before',
      {},
      definitions(
        {
          ...revision(1, { team: 'a', 'aws-deploy:verified': 'x' }),
          retryStrategy: { attempts: 3 },
          parameters: {},
          containerProperties: {
            image: 'a',
            jobRoleArn: 'r',
            environment: [
              { name: 'A', value: '1' },
              { name: 'B', value: '' },
            ],
          },
        },
        { ...revision(2), containerProperties: { image: 'b', environment: [{ name: 'B', value: '2' }] } },
      ),
      [
        'batch crawl:1 registered, verified',
        'batch crawl:2 registered, without retryStrategy, jobRoleArn, the variable A, the tag team',
      ],
    ],
    [
      'revisions in the order of their numbers',
      {},
      definitions(revision(9), revision(10)),
      ['batch crawl:9 registered', 'batch crawl:10 registered'],
    ],
    ['other tags', definitions(revision(1)), definitions(revision(1, { team: 'a' })), ['batch crawl:1 tags changed']],
    [
      'queues and compute environments',
      batch({ jobQueues: { a: {} }, computeEnvironments: {} }),
      batch({ jobQueues: { a: { state: 'DISABLED' } }, computeEnvironments: { fargate: {} } }),
      ['batch compute environment fargate created', 'batch job queue a changed'],
    ],
    [
      'a job that ended',
      {},
      job('FAILED', {}, { container: { exitCode: 3 } }),
      ['batch job smoke of crawl:1: FAILED, exit code 3'],
    ],
    ['a job that goes on', job('SUBMITTED'), job('RUNNING'), ['batch job smoke of crawl:1: RUNNING']],
    ['a job of an array', {}, job('SUCCEEDED', { parentId: 'x' }), []],

    [
      'a new schedule',
      scheduler({}),
      scheduler({ 'default/nightly': schedule() }),
      ['scheduler nightly created: cron(0 3 * * ? *) Europe/Berlin → crawl:7'],
    ],
    [
      'a schedule that was paused',
      scheduler({ 'team/nightly': schedule() }),
      scheduler({ 'team/nightly': schedule({ State: 'DISABLED', ScheduleExpressionTimezone: 'UTC' }) }),
      ['scheduler team/nightly changed: cron(0 3 * * ? *) → crawl:7, disabled'],
    ],
    [
      'a schedule that is gone',
      scheduler({ 'default/nightly': schedule() }),
      scheduler({}),
      ['scheduler nightly deleted'],
    ],
    [
      'a schedule for something else',
      scheduler({}),
      scheduler({ 'default/n': schedule({ Target: { Arn: 'arn:aws:lambda:eu-central-1:1:function:clean' } }) }),
      ['scheduler n created: cron(0 3 * * ? *) Europe/Berlin → clean'],
    ],
    [
      'a schedule that ran, and is the same',
      scheduler({ 'default/nightly': schedule({ consideredUntil: 'a' }) }, [run('succeeded')]),
      scheduler({ 'default/nightly': schedule({ consideredUntil: 'b' }) }, [
        run('succeeded'),
        run('succeeded', 'u'),
        run('retrying', 'v'),
        run('failed', 'w'),
        run('succeeded', 'x'),
      ]),
      ['scheduler nightly ran 2 times', 'scheduler nightly failed 1 time'],
    ],
    ['a rule', {}, rule(), ['events nightly created: rate(1 day) → crawl:7']],

    [
      'lines in a new log group',
      {},
      logs({ '/aws/batch/job': group(7) }),
      ['logs /aws/batch/job created', 'logs /aws/batch/job: 7 lines in 1 stream'],
    ],
    ['lines in a log group', logs({ g: group(1) }), logs({ g: group(2) }), ['logs g: 1 line in 1 stream']],
    ['something else about a log group', logs({ g: {} }), logs({ g: { retentionInDays: 7 } }), ['logs g changed']],

    [
      'a service without words of its own',
      { new: { [REGION]: { things: { a: { x: 1 }, b: {} } } } },
      { new: { [REGION]: { things: { a: { x: 2 }, c: {} } } } },
      ['new things a changed', 'new things b deleted', 'new things c created'],
    ],
  ])('%s', (_what, before, after, lines) => {
    expect(changesBetween(before, after)).toEqual(lines);
  });

  it('stands by region and then by service, with the regions named when there are several', () => {
    const after = {
      logs: { 'eu-west-3': { groups: { g: {} } } },
      ecr: { [REGION]: { crawl: {} }, 'eu-west-3': { crawl: {} } },
    };
    expect(changesBetween({}, after)).toEqual([
      'eu-central-1 ecr crawl created',
      'eu-west-3 ecr crawl created',
      'eu-west-3 logs g created',
    ]);
  });
});
