import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const localAws = localAwsForTests();
let s3: S3Client;
let env: Record<string, string>;
let cwd: string;

const SCRIPT = '#!/bin/sh\necho hello\n';
const SHA256 = createHash('sha256').update(SCRIPT).digest('hex');

beforeEach(async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  s3 = new S3Client({ endpoint: localAws().endpoint, region: REGION, forcePathStyle: true, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'scripts' }));
  env = await awsEnvironment(localAws());
  cwd = await tempFolder();
  await writeFile(join(cwd, 'crawl.sh'), SCRIPT);
  localAws().control.clearRequests();
});
afterEach(() => s3.destroy());

function upload(
  script: string,
  destination = 's3://scripts/batch/jobs',
  args: readonly string[] = [],
): Promise<CliRun> {
  const argv = ['upload-script', '--output', 'json', '--script', script, '--script-destination', destination, ...args];
  return runCli(argv, { env, cwd });
}

async function stored(key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'scripts', Key: key }));
  return Buffer.from(await Body!.transformToByteArray());
}

describe('a file', () => {
  it('goes where its hash says, byte for byte', async () => {
    const run = await upload('crawl.sh');
    const url = `s3://scripts/batch/jobs/${SHA256}/crawl.sh`;
    expect(resultOf(run)).toMatchObject({
      component: 'crawl.sh',
      status: 'changed',
      exitCode: 0,
      changes: [{ resource: url, kind: 'created' }],
      outputs: { batchFileType: 'script', batchFileS3Url: url, batchFileSha256: SHA256 },
    });
    expect((await stored(`batch/jobs/${SHA256}/crawl.sh`)).toString()).toBe(SCRIPT);
  });

  it('that is there is verified and not sent again', async () => {
    const first = await upload('crawl.sh');
    localAws().control.clearRequests();
    const second = await upload('crawl.sh');
    expect(resultOf(second)).toMatchObject({ status: 'unchanged', outputs: resultOf(first).outputs });
    expect(
      localAws()
        .control.requests()
        .map(({ method }) => method),
    ).toEqual(['POST', 'HEAD']);
  });

  it('of another content is another object, and the first one stays', async () => {
    await upload('crawl.sh');
    await writeFile(join(cwd, 'crawl.sh'), `${SCRIPT}# more\n`);
    expect(resultOf(await upload('crawl.sh')).status).toBe('changed');
    expect((await stored(`batch/jobs/${SHA256}/crawl.sh`)).toString()).toBe(SCRIPT);
  });

  it('whose key holds something else is exit code 10, and nothing is overwritten', async () => {
    const Key = `batch/jobs/${SHA256}/crawl.sh`;
    await s3.send(new PutObjectCommand({ Bucket: 'scripts', Key, Body: 'tampered' }));
    const run = await upload('crawl.sh');
    expect(resultOf(run)).toMatchObject({
      exitCode: 10,
      error: { code: 's3.other_content', title: `s3://scripts/${Key} holds something else` },
    });
    expect((await stored(Key)).toString()).toBe('tampered');
  });

  it('two at the same time both succeed, and one of them sent it', async () => {
    const runs = await Promise.all([upload('crawl.sh'), upload('crawl.sh')]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect((await stored(`batch/jobs/${SHA256}/crawl.sh`)).toString()).toBe(SCRIPT);
  });

  it.each(['reset-before', 'reset-after-apply', '500', 'throttle'] as const)('survives %s', async (kind) => {
    localAws().control.addFault({ operation: 's3:PutObject', kind });
    expect((await upload('crawl.sh')).exitCode).toBe(0);
    expect((await stored(`batch/jobs/${SHA256}/crawl.sh`)).toString()).toBe(SCRIPT);
  });

  it.each([
    ['s3://scripts', `${SHA256}/crawl.sh`],
    ['s3://scripts/', `${SHA256}/crawl.sh`],
    ['s3://scripts//a//b/', `a/b/${SHA256}/crawl.sh`],
  ])('to %s is %s', async (destination, key) => {
    expect(resultOf(await upload('crawl.sh', destination)).outputs['batchFileS3Url']).toBe(`s3://scripts/${key}`);
  });

  it('called .zip is a zip to the image that fetches it', async () => {
    await writeFile(join(cwd, 'jobs.zip'), 'PK');
    expect(resultOf(await upload('jobs.zip')).outputs['batchFileType']).toBe('zip');
  });

  it('with a hostile name arrives under that name', async () => {
    const name = `a b'$(touch x)"<<*.sh`;
    await writeFile(join(cwd, name), SCRIPT);
    expect(resultOf(await upload(name)).component).toBe(name);
    expect((await stored(`batch/jobs/${SHA256}/${name}`)).toString()).toBe(SCRIPT);
  });
});

describe('a dry run', () => {
  it('sends nothing, and says where it would', async () => {
    const before = localAws().control.state();
    const run = await upload('crawl.sh', undefined, ['--dry-run']);
    expect(resultOf(run)).toMatchObject({ status: 'planned', exitCode: 0, changes: [{ kind: 'created' }] });
    expect(run.stderr).toContain(`Would upload s3://scripts/batch/jobs/${SHA256}/crawl.sh`);
    expect(localAws().control.state()).toEqual(before);
  });

  it('that the orb asks for can be turned off by a flag', async () => {
    env = { ...env, AWS_DEPLOY_ORB: '1', ORB_DRY_RUN: 'true' };
    expect(resultOf(await upload('crawl.sh')).status).toBe('planned');
    expect(resultOf(await upload('crawl.sh', undefined, ['--no-dry-run'])).status).toBe('changed');
  });
});

describe('what is refused before anything is called', () => {
  it.each<[string, () => Promise<unknown>, number, string]>([
    ['a file that is not there', () => Promise.resolve(), 5, 'file not found: job'],
    ['an empty file', () => writeFile(join(cwd, 'job'), ''), 7, 'job is empty'],
    ['an empty folder', () => mkdir(join(cwd, 'job')), 7, 'job is empty'],
    [
      'a link that leads nowhere',
      async () => {
        await mkdir(join(cwd, 'job'));
        await symlink('nowhere', join(cwd, 'job', 'link'));
      },
      7,
      'job/link is a link that leads nowhere.',
    ],
    [
      'a link to a folder that holds it',
      async () => {
        await mkdir(join(cwd, 'job/inner'), { recursive: true });
        await symlink('..', join(cwd, 'job/inner/up'));
      },
      7,
      'job/inner/up is a link to a folder that holds it.',
    ],
    [
      'a pipe, which would be waited for without end',
      () => Promise.resolve(execFileSync('mkfifo', [join(cwd, 'job')])),
      7,
      'job is neither a file nor a folder',
    ],
    [
      'a name that the packer can not keep',
      async () => {
        await mkdir(join(cwd, 'job'));
        await writeFile(join(cwd, 'job/__proto__'), 'x');
      },
      7,
      'job/__proto__ is no file that a zip can hold.',
    ],
    [
      'a pipe in a folder',
      async () => {
        await mkdir(join(cwd, 'job'));
        execFileSync('mkfifo', [join(cwd, 'job/pipe')]);
      },
      7,
      'job/pipe is no file that a zip can hold.',
    ],
  ])('%s', async (_what, prepare, exitCode, message) => {
    await prepare();
    const run = await upload('job');
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('in a way that it should not');
    expect(operationsOf(localAws())).toEqual([]);
  });

  it.each(['scripts', 'http://scripts/x', 's3://', 's3://Upper/x', 's3://$BUCKET/x'])(
    'the destination %s: exit code 2',
    async (destination) => {
      expect((await upload('crawl.sh', destination)).exitCode).toBe(2);
    },
  );
});

it('a bucket that is not there is exit code 5', async () => {
  const run = await upload('crawl.sh', 's3://nowhere/x');
  expect(run.exitCode).toBe(5);
  expect(run.stderr).toContain('not found: s3://nowhere\n');
});

it('leaves variables for the image and the next steps', async () => {
  const BASH_ENV = join(cwd, 'bash.env');
  env = { ...env, BASH_ENV };
  await upload('crawl.sh');
  const script = 'echo "$AWS_DEPLOY_BATCH_FILE_TYPE $AWS_DEPLOY_BATCH_FILE_S3_URL $AWS_DEPLOY_BATCH_FILE_SHA256"';
  const printed = execFileSync('bash', ['-c', script], {
    env: { PATH: process.env['PATH'], BASH_ENV },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(printed).toBe(`script s3://scripts/batch/jobs/${SHA256}/crawl.sh ${SHA256}\n`);
});
