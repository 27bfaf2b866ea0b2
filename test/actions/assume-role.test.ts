import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { inMinutes, oidcToken } from '../support/oidc-tokens.ts';
import { resultOf, runCli, type CliRun } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const localAws = localAwsForTests();
const ROLE = 'arn:aws:iam::210987654321:role/deploy';

let home: string;
let bashEnv: string;

beforeEach(async () => {
  home = await tempFolder();
  bashEnv = join(home, 'bash.env');
  await writeFile(bashEnv, '');
});

/** A job on CircleCI without keys of its own. */
function job(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    HOME: home,
    BASH_ENV: bashEnv,
    AWS_ENDPOINT_URL: localAws().endpoint,
    CIRCLECI: 'true',
    CIRCLE_PROJECT_REPONAME: 'crawler',
    CIRCLE_BUILD_NUM: '7',
    CIRCLE_OIDC_TOKEN_V2: oidcToken(inMinutes(60)),
    ...more,
  };
}

function assume(args: readonly string[], env: Record<string, string>): Promise<CliRun> {
  return runCli(['assume-role', '--output', 'json', ...args], { env });
}

const withRole = (...args: string[]): string[] => ['--role-arn', ROLE, '--region', REGION, ...args];

/** The environment of a later step, as far as it is about AWS. */
function laterStep(): Record<string, string> {
  const printed = execFileSync('bash', ['-c', 'env -0'], {
    env: { PATH: process.env['PATH'], BASH_ENV: bashEnv },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const entries = printed
    .split('\0')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(entries.filter(([name = '']) => name.startsWith('AWS_'))) as Record<string, string>;
}

describe('with role_arn', () => {
  it('takes on the role and says who that is', async () => {
    const run = await assume(withRole(), job());
    const callerArn = 'arn:aws:sts::210987654321:assumed-role/deploy/circleci-crawler-7';
    expect(resultOf(run)).toMatchObject({
      exitCode: 0,
      account: '210987654321',
      region: REGION,
      outputs: { accountId: '210987654321', callerArn },
    });
    expect(run.stderr).toContain(`AWS account 210987654321, region ${REGION}, as ${callerArn}`);
  });

  it('leaves the role to later steps by variables that every AWS tool reads', async () => {
    await assume(withRole(), job());
    expect(laterStep()).toMatchObject({
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, '.aws-deploy/oidc-token'),
      AWS_ROLE_SESSION_NAME: 'circleci-crawler-7',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_DEPLOY_ACCOUNT_ID: '210987654321',
    });
  });

  it('a later step is that role', async () => {
    await assume(withRole(), job());
    const { CIRCLE_OIDC_TOKEN_V2: _gone, ...rest } = job();
    expect(resultOf(await assume([], { ...rest, ...laterStep() })).account).toBe('210987654321');
  });

  it('nothing secret is written but the token, which only the user can read', async () => {
    const env = job();
    await assume(withRole(), env);
    const file = join(home, '.aws-deploy/oidc-token');
    expect(await readFile(file, 'utf8')).toBe(env['CIRCLE_OIDC_TOKEN_V2']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Object.keys(laterStep()).filter((name) => /SECRET|SESSION_TOKEN|ACCESS_KEY/.test(name))).toEqual([]);
    expect(await readFile(bashEnv, 'utf8')).not.toContain('eyJ');
  });

  it('the session can be named', async () => {
    const run = await assume(withRole('--role-session-name', 'release'), job());
    expect(resultOf(run).outputs['callerArn']).toBe('arn:aws:sts::210987654321:assumed-role/deploy/release');
  });

  it('a project with other characters gives a name that AWS takes', async () => {
    const run = await assume(withRole(), job({ CIRCLE_PROJECT_REPONAME: 'ü crawler/nightly' }));
    expect(resultOf(run).outputs['callerArn']).toBe(
      'arn:aws:sts::210987654321:assumed-role/deploy/circleci---crawler-nightly-7',
    );
  });

  it('the older token of CircleCI does too', async () => {
    const { CIRCLE_OIDC_TOKEN_V2: token = '', ...rest } = job();
    expect((await assume(withRole(), { ...rest, CIRCLE_OIDC_TOKEN: token })).exitCode).toBe(0);
  });
});

describe('what would be a surprise is refused, before anything is called', () => {
  it.each([
    ['a static key', { AWS_ACCESS_KEY_ID: 'AKIA' }, 'AWS_ACCESS_KEY_ID'],
    ['a secret key alone', { AWS_SECRET_ACCESS_KEY: 'x' }, 'AWS_SECRET_ACCESS_KEY'],
    ['a profile', { AWS_PROFILE: 'x' }, 'AWS_PROFILE'],
  ])('%s that would win over the role', async (_what, more, name) => {
    const run = await assume(withRole(), job(more));
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain(`error: ${name} is set and would win over role_arn\n`);
    expect(operationsOf(localAws())).toEqual([]);
    expect(laterStep()).toEqual({});
  });

  it('an empty key is none', async () => {
    expect((await assume(withRole(), job({ AWS_ACCESS_KEY_ID: '' }))).exitCode).toBe(0);
  });

  it.each([{}, { CIRCLE_OIDC_TOKEN_V2: '' }])('no OIDC token: %j', async (token) => {
    const { CIRCLE_OIDC_TOKEN_V2: _none, ...rest } = job();
    const run = await assume(withRole(), { ...rest, ...token });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('there is no OIDC token for role_arn: CIRCLE_OIDC_TOKEN_V2 is not set');
    expect(operationsOf(localAws())).toEqual([]);
  });

  it.each([
    [
      'no ARN of a role',
      ['--role-arn', 'arn:aws:iam::1:user/x'],
      '--role-arn must be arn:aws:iam::<account>:role/<name>',
    ],
    ['role and profile', ['--role-arn', ROLE, '--profile', 'x'], 'role_arn and profile exclude each other'],
    ['an account that is none', ['--expected-account-id', '123'], '--expected-account-id must be twelve digits'],
  ])('%s: exit code 2', async (_what, args, message) => {
    const run = await assume(args, job());
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it('no region: exit code 2', async () => {
    expect((await assume(['--role-arn', ROLE], job())).exitCode).toBe(2);
  });
});

it('another account than the expected one is exit code 3, and later steps get nothing', async () => {
  const run = await assume(withRole('--expected-account-id', '123456789012'), job());
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toContain('these credentials belong to account 210987654321, but 123456789012 is expected');
  expect(laterStep()).toEqual({});
});

it('an expired token is told as one', async () => {
  const run = await assume(withRole(), job({ CIRCLE_OIDC_TOKEN_V2: oidcToken(inMinutes(-1)), PATH: '/nonexistent' }));
  expect(resultOf(run).error?.code).toBe('aws.expired_credentials');
  expect(run.stderr).not.toContain('eyJ');
});

describe('without role_arn', () => {
  it('checks and prints the keys that are there', async () => {
    const env = await awsEnvironment(localAws(), { BASH_ENV: bashEnv });
    expect(resultOf(await assume([], env))).toMatchObject({ exitCode: 0, account: '123456789012', region: REGION });
    expect(laterStep()['AWS_ROLE_ARN']).toBeUndefined();
  });

  it('nothing there is exit code 3', async () => {
    const run = await assume(['--region', REGION], job());
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('no AWS credentials were found');
  });
});
