import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { releaseBatchJob } from '../../src/actions/release-batch-job.ts';
import { awsEnvironment, operationsOf, REGION } from '../support/local-aws-world.ts';
import { runCli } from '../support/run-cli.ts';
import { playJobs } from '../support/submit-job.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { arnOf, BAD, GOOD, NEW_SCHEDULE, releaseWorldForTests, SCHEDULE, SMOKE } from './batch-job/release-world.ts';

const world = releaseWorldForTests();
const localAws = () => world().localAws;

/** The permission that an operation needs, where it has another name. */
const PERMISSION: Readonly<Record<string, string>> = {
  's3:HeadObject': 's3:GetObject',
  's3:HeadBucket': 's3:ListBucket',
};

describe('the AWS calls that release-batch-job declares', () => {
  it('cover every call that a first release makes', async () => {
    const cwd = await tempFolder();
    await mkdir(join(cwd, 'jobs'));
    await writeFile(join(cwd, 'Dockerfile'), 'FROM scratch\nCOPY jobs /jobs\n');
    await writeFile(join(cwd, 'jobs/crawl.sh'), 'echo crawling\n');
    await writeFile(
      join(cwd, 'definition.json'),
      JSON.stringify({
        jobDefinitionName: 'crawl',
        type: 'container',
        containerProperties: {
          image: 'set-by-the-release',
          resourceRequirements: [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '512' },
          ],
        },
      }),
    );
    const env = await awsEnvironment(localAws());
    await createBucket(env);
    localAws().control.clearRequests();

    const run = await runCli(
      [
        'release-batch-job',
        ...['--job-definition', 'definition.json', '--repository', 'crawl', '--create-repository', '--tags', 'v1'],
        ...['--builder', 'embedded', '--script', 'jobs/crawl.sh', '--script-destination', 's3://scripts/jobs'],
      ],
      { env, cwd },
    );

    expect(run).toMatchObject({ exitCode: 0 });
    expect(undeclared()).toEqual([]);
    expect(operationsOf(localAws())).toContain('batch:RegisterJobDefinition');
  });

  it('cover a smoke test and a schedule that is created, then moved', async () => {
    playJobs(localAws(), { ...GOOD, durations: { RUNNABLE: '2m' } });
    localAws().control.clearRequests();
    await world().release('a', [...SMOKE, ...NEW_SCHEDULE]);
    await world().release('b', [...SMOKE, ...SCHEDULE]);
    expect(undeclared()).toEqual([]);
    expect(operationsOf(localAws())).toEqual(
      expect.arrayContaining(['batch:GetJobQueueSnapshot', 'logs:GetLogEvents', 'scheduler:UpdateSchedule']),
    );
  });

  it('cover a smoke test that is ended because it takes too long, and the way back', async () => {
    playJobs(localAws(), GOOD);
    await world().release('good', SMOKE);
    await world().release('bad');
    await world().schedule('pinned', arnOf(2));
    playJobs(localAws(), { ...BAD, durations: { RUNNING: '5h' } });
    localAws().control.clearRequests();
    const { result } = await world().release('bad', [...SMOKE, '--smoke-timeout', '5m']);
    expect(result.exitCode).toBe(9);
    expect(undeclared()).toEqual([]);
    expect(operationsOf(localAws())).toEqual(
      expect.arrayContaining(['batch:TerminateJob', 'events:ListRules', 'scheduler:UpdateSchedule']),
    );
  });
});

/** What was called and is not declared. */
function undeclared(): string[] {
  const called = new Set(
    operationsOf(localAws())
      // Docker's protocol: its permissions are those of ECR's layer and image operations. A job writes its own log.
      .filter((operation) => !/^registry:|^logs:(Create|Put)/.test(operation))
      .map((operation) => PERMISSION[operation] ?? operation),
  );
  return [...called].filter((operation) => !releaseBatchJob.awsCalls.includes(operation));
}

async function createBucket(env: Readonly<Record<string, string>>): Promise<void> {
  const client = new S3Client({
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'the-secret-key' },
  });
  await client.send(new CreateBucketCommand({ Bucket: 'scripts' }));
  client.destroy();
}
