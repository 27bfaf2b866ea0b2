import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { releaseBatchJob } from '../../src/actions/release-batch-job.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const localAws = localAwsForTests();

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
    const called = new Set(
      operationsOf(localAws())
        // Docker's protocol: its permissions are those of ECR's layer and image operations.
        .filter((operation) => !operation.startsWith('registry:'))
        .map((operation) => PERMISSION[operation] ?? operation),
    );
    expect([...called].filter((operation) => !releaseBatchJob.awsCalls.includes(operation))).toEqual([]);
    expect(called).toContain('batch:RegisterJobDefinition');
  });
});

async function createBucket(env: Readonly<Record<string, string>>): Promise<void> {
  const client = new S3Client({
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'the-secret-key' },
  });
  await client.send(new CreateBucketCommand({ Bucket: 'scripts' }));
  client.destroy();
}
