import type { JobDetail } from '@aws-sdk/client-batch';
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type JobStage, startJobStage } from '../batch/jobs/job-stage.ts';
import { ecrClient } from '../ecr/ecr-client.ts';
import { logsClient } from '../logs/logs-client.ts';

/** A program for an image that has nothing else; Debian's busybox-static puts it there. */
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path) && isStatic(path));

function isStatic(path: string): boolean {
  return spawnSync('ldd', [path], { encoding: 'utf8' }).status !== 0;
}

const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 15_000 });
const missing = engine.status !== 0 ? 'no Docker engine answers' : BUSYBOX ? undefined : 'no static busybox';

(missing ? describe.skip : describe)(`a job in a real container${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: JobStage;
  let folder: string;
  let image: string;

  // Not synchronous: the registry is in this process.
  async function docker(args: readonly string[], input = ''): Promise<string> {
    const child = promisify(execFile)('docker', ['--config', join(folder, 'config'), ...args]);
    child.child.stdin?.end(input);
    return (await child).stdout;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aws-deploy-container-'));
    copyFileSync(BUSYBOX ?? '', join(folder, 'busybox'));
    writeFileSync(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /bin/busybox\nENTRYPOINT ["/bin/busybox", "sh", "-c"]\n',
    );
    stage = await startJobStage();
  });

  beforeEach(async () => {
    await stage.restart({ batch: { work: ['docker'] } });
    image = await pushImage();
    await stage.register({ containerProperties: { image, vcpus: 1, memory: 512 } });
  });

  afterAll(async () => {
    if (image) await docker(['image', 'rm', '--force', image]);
    await stage.localAws.close();
    rmSync(folder, { recursive: true });
  });

  async function pushImage(): Promise<string> {
    const ecr = ecrClient(stage.localAws.endpoint);
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'work' }));
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [, password = ''] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64')
      .toString()
      .split(/:(.*)/s);
    const name = `${repository?.repositoryUri ?? ''}:1`;
    await docker(['login', '--username', 'AWS', '--password-stdin', new URL(stage.localAws.endpoint).host], password);
    await docker(['build', '--quiet', '--tag', name, folder]);
    const pushed = await docker(['push', name]);
    await docker(['image', 'rm', name]);
    return `${repository?.repositoryUri ?? ''}@${/digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? ''}`;
  }

  async function run(script: string, environment: Record<string, string> = {}): Promise<JobDetail> {
    const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
    const jobId = await stage.submit({ containerOverrides: { command: [script], environment: variables } });
    await stage.localAws.control.advance(60_000, { settle: true });
    return stage.describe(jobId);
  }

  async function logOf({ container }: JobDetail): Promise<(string | undefined)[]> {
    const { events } = await logsClient(stage.localAws).send(
      new GetLogEventsCommand({ logGroupName: '/aws/batch/job', logStreamName: container?.logStreamName ?? '' }),
    );
    return (events ?? []).map(({ message }) => message);
  }

  it('is pulled by its digest, runs, and gives its exit code and its output', async () => {
    const job = await run('echo working; exit 3');
    expect([job.status, job.container?.exitCode, await logOf(job)]).toEqual(['FAILED', 3, ['working']]);
  });

  it('has its variables as they were written', async () => {
    const value = 'a "b" $(id) \'c\'\nd';
    const job = await run('echo "[$ODD] of $AWS_BATCH_JOB_ID"', { ODD: value });
    expect((await logOf(job)).join('\n')).toBe(`[${value}] of ${job.jobId}`);
  });

  it('leaves no container behind', async () => {
    await run('exit 0');
    expect(await docker(['ps', '--all', '--quiet', '--filter', 'name=aws-deploy-'])).toBe('');
  });
});
