import { describe, expect, it } from '@jest/globals';
import { deployError, isAmbiguous, isThrottling } from '../../src/aws/errors.ts';
import { openSession, type AwsSession } from '../../src/aws/session.ts';
import { assumeRoleWithToken } from '../../src/aws/sts.ts';
import { clientSettings } from '../../src/aws/client-settings.ts';
import { systemClock } from '../../src/core/clock.ts';
import { DeployError } from '../../src/core/errors.ts';
import { rejectionOf } from '../support/failures.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { inMinutes, oidcToken } from '../support/oidc-tokens.ts';

const localAws = localAwsForTests();

function open(env: Record<string, string>): Promise<AwsSession> {
  return openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
}

async function describeCrawl(env: Record<string, string>): Promise<unknown> {
  return (await (await open(env)).batch()).activeRevisions('crawl');
}

/** With the keys of an assumed role. */
async function sessionEnvironment(): Promise<Record<string, string>> {
  const settings = clientSettings(await awsEnvironment(localAws()), undefined, undefined);
  const role = { arn: 'arn:aws:iam::123456789012:role/deploy', sessionName: 'test' };
  const keys = await assumeRoleWithToken(settings, role, oidcToken(inMinutes(60)));
  return awsEnvironment(localAws(), {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken ?? '',
  });
}

describe('what AWS says becomes an error that helps', () => {
  it('a role that may not be passed on: that permission is named, and not that of the call', () => {
    const role = 'arn:aws:iam::123456789012:role/scheduler';
    const error = Object.assign(
      new Error(
        `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows it`,
      ),
      { name: 'AccessDeniedException' },
    );
    expect(deployError(error, 'scheduler:CreateSchedule', 'schedule nightly')).toMatchObject({
      exitCode: 3,
      title: `not allowed: iam:PassRole on ${role}, which scheduler:CreateSchedule needs`,
      hints: [`Allow iam:PassRole on ${role} in a policy of the identity that is printed above.`],
    });
  });

  it('no credentials', async () => {
    const failure = await rejectionOf(open({ AWS_ENDPOINT_URL: localAws().endpoint, AWS_REGION: REGION }));
    expect(failure).toMatchObject({ code: 'aws.no_credentials', exitCode: 3, title: 'no AWS credentials were found' });
    expect(failure.hints.join(' ')).toContain('assume_role');
    expect(operationsOf(localAws())).toEqual([]);
  });

  it('expired credentials', async () => {
    const env = await sessionEnvironment();
    await localAws().control.advance(2 * 3_600_000);
    expect(await rejectionOf(open(env))).toMatchObject({
      code: 'aws.expired_credentials',
      exitCode: 3,
      title: 'the AWS credentials have expired (sts:GetCallerIdentity)',
    });
  });

  it('a key and a session token that do not belong together', async () => {
    const env = { ...(await sessionEnvironment()), AWS_ACCESS_KEY_ID: 'AKIAOTHER' };
    expect(await rejectionOf(open(env))).toMatchObject({
      code: 'aws.invalid_credentials',
      exitCode: 3,
      title: 'AWS does not accept the credentials (sts:GetCallerIdentity)',
    });
  });

  it('an action that is denied: which one, on what, and what AWS said', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'batch:DescribeJobDefinitions' }] } });
    const failure = await rejectionOf(describeCrawl(await awsEnvironment(localAws())));
    expect(failure).toMatchObject({
      code: 'aws.access_denied',
      exitCode: 3,
      title: 'not allowed: batch:DescribeJobDefinitions on crawl',
      hints: ['Allow batch:DescribeJobDefinitions on crawl in a policy of the identity that is printed above.'],
    });
    expect(failure.message).toContain('is not authorized to perform: batch:DescribeJobDefinitions');
    expect(failure.message).toMatch(/\(request [\w-]+\)$/);
  });

  it.each([
    ['1', '1 attempt'],
    ['2', '2 attempts'],
  ])('throttling, after it was tried %s times', async (most, attempts) => {
    localAws().control.addFault({ operation: 'batch:DescribeJobDefinitions', kind: 'throttle', times: 2 });
    const failure = await rejectionOf(describeCrawl(await awsEnvironment(localAws(), { AWS_MAX_ATTEMPTS: most })));
    expect(failure).toMatchObject({
      code: 'aws.throttled',
      exitCode: 4,
      title: `AWS throttles batch:DescribeJobDefinitions: gave up after ${attempts}`,
    });
  });

  it('throttling that ends is not told', async () => {
    localAws().control.addFault({ operation: 'batch:DescribeJobDefinitions', kind: 'throttle' });
    expect(await describeCrawl(await awsEnvironment(localAws()))).toEqual([]);
  });

  it('a server error, after it was tried again', async () => {
    localAws().control.addFault({ operation: 'batch:DescribeJobDefinitions', kind: '500', times: 2 });
    expect(await rejectionOf(describeCrawl(await awsEnvironment(localAws(), { AWS_MAX_ATTEMPTS: '2' })))).toMatchObject(
      {
        code: 'aws.failed',
        exitCode: 4,
        title: 'batch:DescribeJobDefinitions failed on crawl',
      },
    );
  });

  it('a connection that breaks', async () => {
    localAws().control.addFault({ operation: 'sts:GetCallerIdentity', kind: 'reset-before' });
    expect(await rejectionOf(open(await awsEnvironment(localAws(), { AWS_MAX_ATTEMPTS: '1' })))).toMatchObject({
      code: 'aws.unreachable',
      exitCode: 4,
      title: 'AWS can not be reached (sts:GetCallerIdentity)',
    });
  });

  it('an error inside of AWS', async () => {
    localAws().control.addFault({ operation: 'sts:GetCallerIdentity', kind: '500' });
    const failure = await rejectionOf(open(await awsEnvironment(localAws(), { AWS_MAX_ATTEMPTS: '1' })));
    expect(failure).toMatchObject({ code: 'aws.failed', exitCode: 4 });
    expect(failure.hints.join(' ')).toContain('Run it again later');
  });

  it('nobody at the endpoint', async () => {
    const env = await awsEnvironment({ endpoint: 'http://127.0.0.1:1' }, { AWS_MAX_ATTEMPTS: '1' });
    const failure = await rejectionOf(open(env));
    expect(failure).toMatchObject({ code: 'aws.unreachable', exitCode: 4 });
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.hints.join(' ')).toContain('AWS_ENDPOINT_URL');
  });

  it('no region', async () => {
    const { AWS_REGION: _none, ...env } = await awsEnvironment(localAws());
    expect(await rejectionOf(open(env))).toMatchObject({
      code: 'aws.no_region',
      exitCode: 2,
      title: 'no AWS region is set',
    });
  });

  it('a bucket that is not there', async () => {
    const s3 = await (await open(await awsEnvironment(localAws()))).s3();
    const failure = await rejectionOf(s3.putNew({ bucket: 'nowhere', key: 'x' }, new Uint8Array([1]), '0'.repeat(64)));
    expect(failure).toMatchObject({ code: 'aws.not_found', exitCode: 5, title: 'not found: s3://nowhere' });
  });
});

describe('errors that are no answer of AWS', () => {
  it('an error that was explained already stays as it is', () => {
    const error = new DeployError({ code: 'x', title: 'x' });
    expect(deployError(error, 'batch:X', 'crawl')).toBe(error);
  });

  it('something else that was thrown is told as it is', () => {
    expect(deployError('text', 'batch:X', 'crawl')).toMatchObject({ exitCode: 4, title: 'batch:X failed' });
  });
});

/** An error as the SDK throws it. */
function sdkError(name: string, httpStatusCode?: number, code?: string): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode }, ...(code ? { code } : {}) });
}

describe('isAmbiguous: may AWS have applied the call?', () => {
  it.each<[string, unknown, boolean]>([
    ['a connection that broke', sdkError('Error', undefined, 'ECONNRESET'), true],
    ['a time-out', sdkError('TimeoutError'), true],
    ['a server error', sdkError('ServerException', 500), true],
    ['a gateway error', sdkError('UnknownError', 502), true],
    ['throttling', sdkError('TooManyRequestsException', 429), false],
    ['a refusal', sdkError('ClientException', 400), false],
    ['no error at all', 'text', false],
  ])('%s: %j', (_what, error, expected) => {
    expect(isAmbiguous(error)).toBe(expected);
  });
});

describe('isThrottling', () => {
  it.each([
    ['TooManyRequestsException', true],
    ['ThrottlingException', true],
    ['SlowDown', true],
    ['ServerException', false],
  ])('%s: %j', (name, expected) => {
    expect(isThrottling(sdkError(name))).toBe(expected);
  });
});
