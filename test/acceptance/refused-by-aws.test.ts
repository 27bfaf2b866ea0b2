import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildCli } from './support/built-cli.ts';
import { expectTold, runFailing, type FailingRun } from './support/failing-run.ts';
import { BUCKET, REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

// What only AWS can say: who somebody is, what is allowed, what is there.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

let work: Workplace | undefined;
afterEach(() => work?.remove());

const release =
  (...more: readonly string[]) =>
  (each: LocalCloud) => [...releaseArguments(each), ...more];
const keyless = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' };

const KNOWABLE_BEFORE: readonly FailingRun[] = [
  {
    what: 'no credentials',
    arguments: release(),
    env: keyless,
    code: 3,
    says: ['no AWS credentials were found', 'assume_role'],
  },
  {
    what: 'a profile that does not exist',
    arguments: release(),
    env: { ...keyless, AWS_PROFILE: 'prodution' },
    code: 3,
    says: ['no AWS credentials were found for the profile prodution', 'AWS_PROFILE'],
  },
  {
    what: 'an account that is not the expected one',
    arguments: release('--expected-account-id', '999999999999'),
    code: 3,
    says: ['belong to account 123456789012, but 999999999999 is expected', 'Nothing was changed'],
  },
  {
    what: 'a repository that does not exist',
    arguments: (each) => releaseArguments(each).filter((word) => word !== '--create-repository'),
    code: 5,
    says: ['there is no ECR repository crawl', `Looked in ${REGION}, account 123456789012`, 'create_repository'],
  },
  {
    what: 'a bucket that does not exist',
    arguments: release('--script-destination', 's3://nowhere-at-all/jobs'),
    code: 5,
    says: ['there is no bucket nowhere-at-all', 'script_destination'],
  },
  {
    what: 'a definition to carry forward that does not exist, in a region where it is not',
    arguments: (each) => [
      'release-batch-job',
      '--job-definition-name',
      'crawl',
      '--region',
      'eu-west-3',
      ...releaseArguments(each).slice(3),
    ],
    code: 5,
    says: ['there is no active revision of job definition crawl', 'Looked in eu-west-3'],
  },
  {
    what: 'an image that is not in ECR',
    arguments: (each) => [
      'register-job-definition',
      '--job-definition',
      'job-definition.json',
      '--image',
      `${each.base}9`,
    ],
    code: 5,
    says: ['no such image in ECR', 'base:19', 'Nothing was registered'],
  },
  {
    what: 'an endpoint where nobody answers',
    arguments: release(),
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '2' },
    code: 4,
    says: ['AWS can not be reached (sts:GetCallerIdentity)', 'AWS_ENDPOINT_URL'],
  },
];

describe('a problem that can be known before anything is changed leaves everything as it was', () => {
  it.each(KNOWABLE_BEFORE)('$what', async (run) => {
    const { unchanged } = await runFailing(program, cloud, run);
    expect(unchanged).toBe(true);
  });
});

describe('credentials that have expired', () => {
  it('are told as that, with what to do', async () => {
    await cloud.restart();
    const sts = new STSClient({
      endpoint: cloud.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'A', secretAccessKey: 'b' },
    });
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 'x-y' }),
    );
    sts.destroy();
    await cloud.control.advance(3_601_000);
    work = await makeWorkplace(program, cloud);
    const ended = await work.run(releaseArguments(cloud), {
      AWS_ACCESS_KEY_ID: given?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: given?.SecretAccessKey,
      AWS_SESSION_TOKEN: given?.SessionToken,
    });
    expectTold(ended, { code: 3, says: ['the AWS credentials have expired (sts:GetCallerIdentity)', 'log in again'] });
  });
});

describe('access that is denied names the action and the resource', () => {
  it.each([
    ['sts:GetCallerIdentity', ['sts:GetCallerIdentity']],
    ['ecr:GetAuthorizationToken', ['not allowed: ecr:GetAuthorizationToken']],
    ['ecr:DescribeRepositories', ['not allowed: ecr:DescribeRepositories on crawl']],
    ['ecr:CreateRepository', ['not allowed: ecr:CreateRepository on crawl', 'repository/crawl']],
    ['registry:GetManifest', ['refused access', 'base:1']],
    ['registry:StartBlobUpload', ['refused access', /uploading sha256:\S+ \(\d+ bytes\) to 127\.0\.0\.1:\d+\/crawl/]],
    ['registry:PutManifest', ['refused access', /storing the manifest 127\.0\.0\.1:\d+\/crawl@sha256:/]],
    ['s3:PutObject', [new RegExp(`not allowed: s3:PutObject on s3://${BUCKET}/jobs/[0-9a-f]{64}/crawl.sh`)]],
    ['batch:DescribeJobDefinitions', ['not allowed: batch:DescribeJobDefinitions on crawl']],
    ['ecr:DescribeImages', ['not allowed: ecr:DescribeImages on crawl']],
    ['batch:RegisterJobDefinition', ['not allowed: batch:RegisterJobDefinition on crawl', 'job-definition/crawl']],
  ])('%s', async (action, says) => {
    const run = { what: action, arguments: release(), scenario: { iam: { deny: [{ action }] } }, code: 3, says };
    const { calls } = await runFailing(program, cloud, run);
    expect(calls).toContain(action);
  });

  it.each([['s3:HeadBucket'], ['s3:HeadObject']])('%s is not needed', async (action) => {
    await cloud.restart();
    cloud.control.setScenario({ iam: { deny: [{ action }] } });
    work = await makeWorkplace(program, cloud);
    expect(await work.run(releaseArguments(cloud))).toMatchObject({ code: 0 });
  });
});
