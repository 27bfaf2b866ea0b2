import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSession, type AwsSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { fakeCircleci } from '../support/fake-circleci.ts';
import { rejectionOf } from '../support/failures.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { inMinutes, oidcToken } from '../support/oidc-tokens.ts';
import { tempFolder } from '../support/temp-folder.ts';

const localAws = localAwsForTests();

interface Asked {
  region?: string;
  expectedAccountId?: string;
}

function open(env: Record<string, string>, { region, expectedAccountId }: Asked = {}): Promise<AwsSession> {
  return openSession({ env, clock: systemClock, region, expectedAccountId });
}

describe('region', () => {
  it.each<[string, Record<string, string>, Asked, string]>([
    [
      'the one that was asked for',
      { AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' },
      { region: 'eu-north-1' },
      'eu-north-1',
    ],
    ['AWS_REGION', { AWS_REGION: 'eu-south-1', AWS_DEFAULT_REGION: 'b' }, {}, 'eu-south-1'],
    ['AWS_DEFAULT_REGION', { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-3' }, {}, 'eu-west-3'],
  ])('%s', async (_what, env, asked, region) => {
    expect((await open(await awsEnvironment(localAws(), env), asked)).region).toBe(region);
    expect(localAws().control.requests()[0]?.region).toBe(region);
  });
});

describe('account', () => {
  it('says who we are', async () => {
    const { identity } = await open(await awsEnvironment(localAws()), { expectedAccountId: '123456789012' });
    expect(identity.accountId).toBe('123456789012');
    expect(identity.arn).toMatch(/^arn:aws:/);
  });

  it('another one than the expected is exit code 3, and nothing else is asked', async () => {
    const failure = await rejectionOf(open(await awsEnvironment(localAws()), { expectedAccountId: '999999999999' }));
    expect(failure).toMatchObject({
      code: 'aws.unexpected_account',
      exitCode: 3,
      title: 'these credentials belong to account 123456789012, but 999999999999 is expected',
    });
    expect(operationsOf(localAws())).toEqual(['sts:GetCallerIdentity']);
  });
});

it('a client of a service is opened once', async () => {
  const session = await open(await awsEnvironment(localAws()));
  expect(await session.batch()).toBe(await session.batch());
});

describe('a role with the OIDC token of the job', () => {
  async function roleEnvironment(token: string): Promise<Record<string, string>> {
    const file = join(await tempFolder(), 'token');
    await writeFile(file, token);
    return {
      AWS_ENDPOINT_URL: localAws().endpoint,
      AWS_REGION: REGION,
      AWS_ROLE_ARN: 'arn:aws:iam::210987654321:role/deploy',
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_SESSION_NAME: 'circleci-crawler-7',
    };
  }

  it('is taken on', async () => {
    const { identity } = await open(await roleEnvironment(oidcToken(inMinutes(60))));
    expect(identity).toEqual({
      accountId: '210987654321',
      arn: 'arn:aws:sts::210987654321:assumed-role/deploy/circleci-crawler-7',
    });
  });

  it('is asked for once, and all clients use the answer', async () => {
    const session = await open(await roleEnvironment(oidcToken(inMinutes(60))));
    const [batch, ecr] = await Promise.all([session.batch(), session.ecr()]);
    await Promise.all([batch.activeRevisions('crawl'), ecr.repository('crawl')]);
    expect(operationsOf(localAws()).filter((name) => name === 'sts:AssumeRoleWithWebIdentity')).toHaveLength(1);
  });

  it('static keys win over it, as in every AWS tool', async () => {
    const env = { ...(await roleEnvironment(oidcToken(inMinutes(60)))), ...(await awsEnvironment(localAws())) };
    expect((await open(env)).identity.accountId).toBe('123456789012');
  });

  it('its token is renewed for the same audience when the hour is nearly over, and kept', async () => {
    const renewed = oidcToken(inMinutes(60));
    const circleci = await fakeCircleci(`${renewed}\n`);
    const { PATH } = circleci;
    const env = { ...(await roleEnvironment(oidcToken(inMinutes(4), { aud: ['my-audience'] }))), PATH };
    await open(env);
    await open(env);
    expect(await circleci.calls()).toEqual(['run oidc get --claims {"aud":"my-audience"}']);
  });

  it('is not renewed before', async () => {
    const circleci = await fakeCircleci(oidcToken(inMinutes(60)));
    await open({ ...(await roleEnvironment(oidcToken(inMinutes(6)))), PATH: circleci.PATH });
    expect(await circleci.calls()).toEqual([]);
  });

  it('an expired token that can not be renewed is told as expired', async () => {
    const { PATH } = await fakeCircleci(undefined);
    const env = { ...(await roleEnvironment(oidcToken(inMinutes(-1)))), PATH };
    expect(await rejectionOf(open(env))).toMatchObject({ code: 'aws.expired_credentials', exitCode: 3 });
  });

  it('nor can it where there is no circleci command', async () => {
    const env = { ...(await roleEnvironment(oidcToken(inMinutes(-1)))), PATH: '/nonexistent' };
    expect(await rejectionOf(open(env))).toMatchObject({ code: 'aws.expired_credentials', exitCode: 3 });
  });

  it('a role that does not trust the project is told by its name', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'sts:AssumeRoleWithWebIdentity' }] } });
    const failure = await rejectionOf(open(await roleEnvironment(oidcToken(inMinutes(60)))));
    expect(failure).toMatchObject({
      exitCode: 3,
      title: 'not allowed: sts:AssumeRoleWithWebIdentity on arn:aws:iam::210987654321:role/deploy',
    });
    expect(failure.hints.join(' ')).toContain('trust policy');
  });

  it('a token file that is not there is told', async () => {
    const env = { ...(await roleEnvironment('x')), AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token' };
    expect(await rejectionOf(open(env))).toMatchObject({
      code: 'oidc.no_token_file',
      exitCode: 3,
      title: 'the OIDC token file can not be read: /nonexistent/token',
    });
  });
});

describe('a named profile', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env['AWS_CONFIG_FILE'] = before['AWS_CONFIG_FILE'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = before['AWS_SHARED_CREDENTIALS_FILE'];
  });

  async function profile(): Promise<Record<string, string>> {
    const folder = await tempFolder();
    const [config, credentials] = [join(folder, 'config'), join(folder, 'credentials')];
    await writeFile(config, '[profile other]\nregion = eu-central-2\n');
    await writeFile(credentials, '[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n');
    process.env['AWS_CONFIG_FILE'] = config;
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = credentials;
    return { AWS_ENDPOINT_URL: localAws().endpoint, AWS_PROFILE: 'other' };
  }

  it('gives keys and region', async () => {
    expect((await open(await profile())).region).toBe('eu-central-2');
    expect(localAws().control.requests()).toMatchObject([{ accessKeyId: 'AKIAOTHER', region: 'eu-central-2' }]);
  });

  it('that is not there is told as missing credentials', async () => {
    const env = { ...(await profile()), AWS_PROFILE: 'missing', AWS_REGION: REGION };
    expect(await rejectionOf(open(env))).toMatchObject({ code: 'aws.no_credentials', exitCode: 3 });
  });
});
