import { CreateLogGroupCommand, DescribeLogGroupsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type JobDetail, type KeyValuePair, type LogConfiguration, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type JobStage, startJobStage } from '../batch/jobs/job-stage.ts';
import { ecrClient } from '../ecr/ecr-client.ts';
import { logsClient } from '../logs/logs-client.ts';
import type { LayerFile } from './layer.ts';
import { type ImageSettings, pushScriptImage } from './script-image.ts';

const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

let stage: JobStage;

beforeAll(async () => {
  stage = await startJobStage();
});
beforeEach(() => stage.restart({ batch: { work: ['host'] } }));
afterAll(async () => {
  await stage.localAws.close();
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`aws-deploy-batch-${process.pid}-`))).toEqual([]);
});

interface Image {
  files: Readonly<Record<string, LayerFile>>;
  settings?: ImageSettings;
  environment?: KeyValuePair[];
  jobRoleArn?: string;
  logConfiguration?: LogConfiguration;
}

/** Registers a definition whose image has these files; its entry point is /run unless the settings say otherwise. */
async function define({ files, settings = { Entrypoint: ['/run'] }, ...container }: Image): Promise<string> {
  const image = await pushScriptImage(stage.localAws, 'work', [files], settings);
  return stage.register({ containerProperties: { image, vcpus: 1, memory: 512, ...container } });
}

/** Submits a job and lets it come to its end. */
async function run(input: Parameters<JobStage['submit']>[0] = {}): Promise<JobDetail> {
  const jobId = await stage.submit(input);
  await stage.localAws.control.advance(60_000, { settle: true });
  return stage.describe(jobId);
}

async function logOf(job: JobDetail, logGroupName = '/aws/batch/job'): Promise<(string | undefined)[]> {
  const { events } = await logsClient(stage.localAws).send(
    new GetLogEventsCommand({
      logGroupName,
      logStreamName: job.container!.logStreamName!,
      startFromHead: true,
    }),
  );
  return events!.map(({ message }) => message);
}

/** A process that has ended stays in the table as a zombie until somebody asks for it. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.startsWith('Z');
  } catch {
    return true;
  }
}

describe('a script of an image', () => {
  it('runs, its output goes to the log and its exit code to the job', async () => {
    await define({ files: { run: '#!/bin/sh\necho one\necho two >&2\nexit 3\n' } });
    const job = await run();
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Essential container in task exited',
      container: { exitCode: 3 },
      attempts: [{ container: { exitCode: 3 } }],
    });
    // The two outputs have no order between them.
    expect(new Set(await logOf(job))).toEqual(new Set(['one', 'two']));
  });

  it.each<[string, Image, string[]]>([
    [
      'by the interpreter that env names',
      { files: { run: '#!/usr/bin/env node\nconsole.log(process.argv.length)\n' } },
      ['2'],
    ],
    [
      'with the arguments of the definition in place of Cmd',
      { files: { run: '#!/bin/sh\necho "$@"\n' }, settings: { Entrypoint: ['/run', 'first'], Cmd: ['second'] } },
      ['first second'],
    ],
    [
      'that is the argument of an interpreter',
      {
        files: { 'app/main.js': { text: 'console.log("js")', mode: 0o644 } },
        settings: { Cmd: ['node', '--no-warnings', 'main.js'], WorkingDir: '/app' },
      },
      ['js'],
    ],
    [
      'found on the path of the image, through links',
      {
        files: { 'usr/bin/real': '#!/bin/sh\necho found\n', bin: { link: 'usr/bin' } },
        settings: { Cmd: ['real'], Env: ['PATH=/bin'] },
      },
      ['found'],
    ],
    [
      'in its working directory, with the image’s variables and files',
      {
        files: { run: '#!/bin/sh\ncat data.txt\necho " $LEVEL"\n', 'app/data.txt': 'data' },
        settings: { Entrypoint: ['/run'], WorkingDir: '/app', Env: ['LEVEL=info'] },
      },
      ['data info'],
    ],
    [
      'with paths of the image as arguments',
      {
        files: { run: '#!/bin/sh\ncat "$1"\n', 'etc/app.conf': 'conf' },
        settings: { Entrypoint: ['/run', '/etc/app.conf'] },
      },
      ['conf'],
    ],
  ])('%s', async (_name, image, lines) => {
    await define(image);
    const job = await run();
    expect([job.status, await logOf(job)]).toEqual(['SUCCEEDED', lines]);
  });

  it('sees what Batch and ECS tell it, and nothing of this machine', async () => {
    process.env['PLANTED_ON_THE_HOST'] = 'secret';
    try {
      await define({
        files: { run: '#!/bin/sh\nenv | sort\n' },
        environment: [
          { name: 'LEVEL', value: 'debug' },
          { name: 'KEPT', value: '$(id)' },
        ],
      });
      const job = await run({ containerOverrides: { environment: [{ name: 'LEVEL', value: 'trace' }] } });
      const lines = await logOf(job);
      expect(lines).toEqual(
        expect.arrayContaining([
          `AWS_BATCH_JOB_ID=${job.jobId}`,
          'AWS_BATCH_JOB_ATTEMPT=1',
          'AWS_BATCH_JQ_NAME=q',
          'AWS_BATCH_CE_NAME=ce',
          'AWS_REGION=eu-central-1',
          `AWS_ENDPOINT_URL=${stage.localAws.endpoint}`,
          'LEVEL=trace',
          'KEPT=$(id)',
        ]),
      );
      expect(lines.join('\n')).not.toMatch(/PLANTED|CREDENTIALS/);
    } finally {
      delete process.env['PLANTED_ON_THE_HOST'];
    }
  });

  it('gets the credentials of its job role from the endpoint that the SDKs ask', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/crawler';
    const program = `#!/usr/bin/env node
      const { createRequire } = require('node:module');
      const { GetCallerIdentityCommand, STSClient } = createRequire(process.env.PROJECT)('@aws-sdk/client-sts');
      new STSClient().send(new GetCallerIdentityCommand({})).then(({ Arn }) => console.log(Arn));
    `;
    const environment = [{ name: 'PROJECT', value: join(import.meta.dirname, '../../../package.json') }];
    await define({
      files: { 'run.cjs': program },
      settings: { Entrypoint: ['/run.cjs'] },
      jobRoleArn: roleArn,
      environment,
    });
    const job = await run();
    const session = job.container?.taskArn?.split('/').at(-1);
    expect(await logOf(job)).toContain(`arn:aws:sts::123456789012:assumed-role/crawler/${session}`);
  });

  it('has credentials that nobody else gets', async () => {
    const program = `#!/usr/bin/env node
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
      const statusOf = async (url, headers) => (await fetch(url, { headers })).status;
      console.log(await statusOf(uri, {}), await statusOf(uri + 'x', { authorization }), await statusOf(uri, { authorization }));
    `;
    const jobRoleArn = 'arn:aws:iam::123456789012:role/crawler';
    await define({ files: { 'run.mjs': program }, settings: { Entrypoint: ['/run.mjs'] }, jobRoleArn });
    expect(await logOf(await run())).toEqual(['403 403 200']);
  });

  it('that is the fetcher of the sample runs the job script that lies in S3', async () => {
    const fetcher = readFileSync(join(import.meta.dirname, '../../../examples/nightly-batch/fetch-and-run.sh'), 'utf8');
    const script = '#!/bin/sh\necho "fetched: $1"\nexit 7\n';
    const s3 = new S3Client({ endpoint: stage.localAws.endpoint, region: 'eu-central-1', credentials: KEYS });
    await s3.send(new CreateBucketCommand({ Bucket: 'scripts' }));
    await s3.send(new PutObjectCommand({ Bucket: 'scripts', Key: 'job.sh', Body: script }));
    await define({
      files: { 'usr/local/bin/fetch-and-run': fetcher, 'tmp/': '' },
      settings: { Entrypoint: ['/usr/local/bin/fetch-and-run'], WorkingDir: '/tmp' },
      jobRoleArn: 'arn:aws:iam::123456789012:role/crawler',
      environment: [
        { name: 'BATCH_FILE_TYPE', value: 'script' },
        { name: 'BATCH_FILE_S3_URL', value: 's3://scripts/job.sh' },
        { name: 'BATCH_FILE_SHA256', value: createHash('sha256').update(script).digest('hex') },
      ],
    });
    const job = await run({ containerOverrides: { command: ['now'] } });
    expect([job.container?.exitCode, (await logOf(job)).at(-1)]).toEqual([7, 'fetched: now']);
  });

  it('knows its place in an array', async () => {
    await define({ files: { run: '#!/bin/sh\nexit "$AWS_BATCH_JOB_ARRAY_INDEX"\n' } });
    const parent = await run({ arrayProperties: { size: 2 } });
    expect(parent).toMatchObject({ status: 'FAILED', arrayProperties: { statusSummary: { SUCCEEDED: 1, FAILED: 1 } } });
    expect((await stage.describe(`${parent.jobId}:1`)).container?.exitCode).toBe(1);
  });

  it('counts its attempts', async () => {
    await define({ files: { run: '#!/bin/sh\ntest "$AWS_BATCH_JOB_ATTEMPT" = 2\n' } });
    const job = await run({ retryStrategy: { attempts: 3 } });
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([1, 0]);
  });

  it('takes the command of the submission with its parameters', async () => {
    await define({ files: { run: '#!/bin/sh\necho "$1"\n' } });
    const job = await run({ containerOverrides: { command: ['Ref::day; id'] }, parameters: { day: 'monday' } });
    expect(await logOf(job)).toEqual(['monday; id']);
  });

  it('leaves nothing behind that it started', async () => {
    await define({ files: { run: '#!/bin/sh\nsleep 600 &\necho $!\n' } });
    const job = await run();
    const [pid] = await logOf(job);
    expect(job.status).toBe('SUCCEEDED');
    expect(isGone(Number(pid))).toBe(true);
  });
});

describe('a script that runs too long', () => {
  const IGNORES_TERM = '#!/bin/sh\ntrap "" TERM\necho ready\nwhile :; do sleep 0.05; done\n';
  const TIDIES_UP = '#!/bin/sh\ntrap "echo bye; exit 7" TERM\necho ready\nwhile :; do sleep 0.05; done\n';

  /** Submits a job and lets it come to where it has written its first line. */
  async function submitAndStart(input: Parameters<JobStage['submit']>[0] = {}): Promise<string> {
    const wrote = stage.localAws.control.waitForRequest(
      ({ operation, state }) => operation === 'logs:PutLogEvents' && state === 'answered',
    );
    const jobId = await stage.submit(input);
    await stage.pass(13);
    await wrote;
    return jobId;
  }

  it('gets a SIGTERM at its time-out, and its log is whole', async () => {
    await define({ files: { run: TIDIES_UP } });
    const jobId = await submitAndStart({ timeout: { attemptDurationSeconds: 60 }, retryStrategy: { attempts: 2 } });
    await stage.pass(60);
    await stage.localAws.control.settled();
    const job = await stage.describe(jobId);
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Job attempt duration exceeded timeout',
      container: { exitCode: 7 },
    });
    expect(job.attempts).toHaveLength(1);
    // Between them, the shell may say how its child ended.
    const lines = await logOf(job);
    expect([lines[0], lines.at(-1)]).toEqual(['ready', 'bye']);
  });

  it('is killed 30 seconds after it was terminated', async () => {
    await define({ files: { run: IGNORES_TERM } });
    const jobId = await submitAndStart();
    await stage.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
    await stage.pass(29);
    expect((await stage.describe(jobId)).status).toBe('RUNNING');
    await stage.pass(1);
    await stage.localAws.control.settled();
    expect(await stage.describe(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'enough',
      isTerminated: true,
      container: { exitCode: 137 },
    });
  });

  it('is gone after a reset', async () => {
    await define({ files: { run: `#!/bin/sh\necho $$\nwhile :; do sleep 0.05; done\n` } });
    const job = await stage.describe(await submitAndStart());
    const [pid] = await logOf(job);
    stage.localAws.control.reset();
    await stage.localAws.control.settled();
    expect(isGone(Number(pid))).toBe(true);
  });
});

describe('what cannot be run here is simulated, and its log says so', () => {
  it.each<[string, Image, string]>([
    ['a program that is no script', { files: { run: '\u007fELF' } }, '/run is not a script of the image'],
    ['an interpreter that is missing', { files: { run: '#!/opt/no-such-thing\n' } }, 'wants no-such-thing'],
    [
      'a command of a shell',
      { files: {}, settings: { Cmd: ['sh', '-c', 'touch /'] } },
      'sh -c touch / is not a script',
    ],
  ])('%s', async (_name, image, why) => {
    await define(image);
    const job = await run();
    expect(job.status).toBe('SUCCEEDED');
    const [line] = await logOf(job);
    expect(line).toMatch(/^This run is simulated: /);
    expect(line).toContain(why);
  });

  it('an image from elsewhere', async () => {
    const job = await run();
    expect(await logOf(job)).toEqual(['This run is simulated: ghcr.io/acme/crawl:1 is not in the local registry.']);
  });

  it('a job whose outcome the scenario has, with the lines that it has', async () => {
    await stage.restart({
      batch: { work: ['host'], jobs: [{ match: 'crawl', outcome: { exitCode: 3, log: ['so', 'long'] } }] },
    });
    await define({ files: { run: '#!/bin/sh\necho real\n' } });
    const job = await run();
    expect([job.container?.exitCode, (await logOf(job)).slice(1)]).toEqual([3, ['so', 'long']]);
  });
});

describe('what would not start on AWS does not start here', () => {
  it('an image that is gone from its repository', async () => {
    await define({ files: { run: '#!/bin/sh\n' } });
    await ecrClient(stage.localAws.endpoint).send(new DeleteRepositoryCommand({ repositoryName: 'work', force: true }));
    const job = await run();
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
    expect(job.container?.reason).toMatch(/^CannotPullContainerError: .*RepositoryNotFoundException/);
    expect([job.startedAt, job.container?.exitCode]).toEqual([undefined, undefined]);
  });

  it('an image that the execution role may not pull', async () => {
    await stage.restart({ batch: { work: ['host'] }, iam: { deny: [{ action: 'ecr:BatchGetImage' }] } });
    await define({ files: { run: '#!/bin/sh\n' } });
    expect((await run()).container?.reason).toMatch(/^CannotPullContainerError: .*AccessDenied/);
  });

  it('a script that is not executable', async () => {
    await define({ files: { run: { text: '#!/bin/sh\n', mode: 0o644 } } });
    expect((await run()).container?.reason).toBe('CannotStartContainerError: exec: "/run": permission denied');
  });

  it('a log group that is missing', async () => {
    const logConfiguration: LogConfiguration = { logDriver: 'awslogs', options: { 'awslogs-group': '/own' } };
    await define({ files: { run: '#!/bin/sh\n' }, logConfiguration });
    expect((await run()).container?.reason).toContain('The specified log group does not exist');
  });
});

describe('the log', () => {
  it('goes where the definition says', async () => {
    const logs = logsClient(stage.localAws);
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/own' }));
    const options = { 'awslogs-group': '/own', 'awslogs-stream-prefix': 'nightly' };
    await define({ files: { run: '#!/bin/sh\necho hi\n' }, logConfiguration: { logDriver: 'awslogs', options } });
    const job = await run();
    expect(job.container?.logStreamName).toMatch(/^nightly\/default\//);
    expect(await logOf(job, '/own')).toEqual(['hi']);
  });

  it('has all of a line that is longer than an event, and an event for an empty one', async () => {
    const script = '#!/bin/sh\nfor i in 1 2 3; do head -c 600000 /dev/zero | tr "\\0" x; echo; done\necho\necho end\n';
    await define({ files: { run: script } });
    const { logStreamName } = (await run()).container!;
    const lines: string[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const input = { logGroupName: '/aws/batch/job', logStreamName, startFromHead: true, nextToken };
      const { events, nextForwardToken } = await logsClient(stage.localAws).send(new GetLogEventsCommand(input));
      if (nextForwardToken === nextToken) break;
      lines.push(...events!.map(({ message }) => message!));
      nextToken = nextForwardToken;
    }
    expect([lines.join('').length, lines.slice(-2)]).toEqual([3 * 600_000 + ' end'.length, [' ', 'end']]);
  });

  it('is none with another driver', async () => {
    await define({ files: { run: '#!/bin/sh\necho hi\n' }, logConfiguration: { logDriver: 'json-file' } });
    const job = await run();
    expect([job.status, job.container?.logStreamName]).toEqual(['SUCCEEDED', undefined]);
    expect((await logsClient(stage.localAws).send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
  });

  it('is lost without the job when nobody may write it', async () => {
    await stage.restart({ batch: { work: ['host'] }, iam: { deny: [{ action: 'logs:*' }] } });
    await define({ files: { run: '#!/bin/sh\necho hi\nexit 4\n' } });
    expect((await run()).container?.exitCode).toBe(4);
  });
});
