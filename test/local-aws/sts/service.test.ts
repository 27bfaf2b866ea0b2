import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { failureOf, signedHeaders, stsClient } from '../clients.ts';

let localAws: LocalAws;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  localAws = await startLocalAws();
});
beforeEach(() => localAws.control.reset());
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));
afterAll(() => localAws.close());

function sts(config?: Parameters<typeof stsClient>[1]) {
  const client = stsClient(localAws, config);
  clients.push(client);
  return client;
}

const ROLE = 'arn:aws:iam::123456789012:role/ci';

function jwt(claims: object, header: object = { alg: 'RS256', typ: 'JWT' }): string {
  return `${jwtPart(header)}.${jwtPart(claims)}.c2lnbmF0dXJl`;
}

function jwtPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
const claims = () => ({ iss: 'https://oidc.circleci.com/org/1', sub: 'org/1/project/2', aud: '1', exp: inAnHour() });

function webIdentity(overrides: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  return new AssumeRoleWithWebIdentityCommand({
    RoleArn: ROLE,
    RoleSessionName: 'build-7',
    WebIdentityToken: jwt(claims()),
    ...overrides,
  });
}

describe('GetCallerIdentity', () => {
  it.each(['AKIAONE', 'anything'])('the key %s is the one user of the one account', async (accessKeyId) => {
    const identity = await sts({ credentials: { accessKeyId, secretAccessKey: 'x' } }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/local' });
    expect(identity.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });

  it('follows the credentials of a role, also of another account', async () => {
    const { Credentials } = await sts().send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::999999999999:role/team/deploy', RoleSessionName: 'me@x' }),
    );
    const identity = await sts({
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: '999999999999',
      Arn: 'arn:aws:sts::999999999999:assumed-role/deploy/me@x',
    });
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:me@x$/);
  });

  it('takes a GET too', async () => {
    const url = `${localAws.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`;
    const response = await fetch(url, { headers: signedHeaders('sts') });
    const text = await response.text();
    expect(text).toContain('<Account>123456789012</Account>');
    expect(text).toContain(`<RequestId>${response.headers.get('x-amzn-requestid')}</RequestId>`);
  });
});

describe('AssumeRole', () => {
  it('gives credentials that last as long as was asked', async () => {
    localAws.control.setRate(0);
    const { Credentials, AssumedRoleUser } = await sts().send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'build', DurationSeconds: 1800 }),
    );
    const seconds = (Credentials!.Expiration!.getTime() - localAws.control.now().getTime()) / 1000;
    expect(Math.ceil(seconds)).toBe(1800);
    expect(Credentials!.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::123456789012:assumed-role/ci/build');
  });

  it.each([
    ['a session name with a space', { RoleSessionName: 'a b' }, /roleSessionName.*regular expression/],
    ['a session name of one character', { RoleSessionName: 'a' }, /roleSessionName.*greater than or equal to 2/],
    ['a session name of 65 characters', { RoleSessionName: 'a'.repeat(65) }, /roleSessionName.*less than/],
    ['a duration of 899 s', { DurationSeconds: 899 }, /durationSeconds.*greater than or equal to 900/],
    ['a duration of 43201 s', { DurationSeconds: 43_201 }, /durationSeconds.*less than or equal to 43200/],
    ['a role that is no ARN', { RoleArn: 'the-role-of-the-pipeline' }, /the-role-of-the-pipeline is invalid/],
    ['an account of eleven digits', { RoleArn: 'arn:aws:iam::12345678901:role/ci' }, /is invalid/],
    ['an ARN of a user', { RoleArn: 'arn:aws:iam::123456789012:user/ci' }, /is invalid/],
  ])('%s is a ValidationError', async (_case, overrides, text) => {
    const command = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'build', ...overrides });
    const error = await failureOf(sts().send(command));
    expect(error.name).toBe('ValidationError');
    expect(error.message).toMatch(text);
  });
});

describe('AssumeRoleWithWebIdentity', () => {
  it('gives a session of the role, and what the token says', async () => {
    const answer = await sts().send(webIdentity());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'org/1/project/2',
      Audience: '1',
      Provider: 'https://oidc.circleci.com/org/1',
      AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/ci/build-7' },
    });
  });

  it('needs no signature', async () => {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'build-7',
      WebIdentityToken: jwt(claims()),
    });
    const response = await fetch(localAws.endpoint, { method: 'POST', body: form });
    expect(response.status).toBe(200);
  });

  it('a token that has expired is ExpiredTokenException', async () => {
    const token = jwt({ ...claims(), exp: 1_600_000_000 });
    const error = await failureOf(sts().send(webIdentity({ WebIdentityToken: token })));
    expect(error.name).toBe('ExpiredTokenException');
    expect(error.message).toContain('1600000000');
  });

  it('a token expires when the clock is advanced', async () => {
    await localAws.control.advance(3_600_000);
    expect((await failureOf(sts().send(webIdentity()))).name).toBe('ExpiredTokenException');
  });

  it.each([
    ['text', 'not-a-token'],
    ['two parts', 'e30.e30'],
    ['parts that are no JSON', 'abcd.abcd.abcd'],
    ['a header without alg', jwt({ iss: 'a', sub: 'b', aud: 'c', exp: 4_000_000_000 }, {})],
    ['no subject', jwt({ iss: 'a', aud: 'c', exp: 4_000_000_000 })],
    ['no audience', jwt({ iss: 'a', sub: 'b', exp: 4_000_000_000 })],
    ['no issuer', jwt({ sub: 'b', aud: 'c', exp: 4_000_000_000 })],
    ['no expiry', jwt({ iss: 'a', sub: 'b', aud: 'c' })],
  ])('a token with %s is InvalidIdentityToken', async (_case, token) => {
    const error = await failureOf(sts().send(webIdentity({ WebIdentityToken: token })));
    expect(error.name).toBe('InvalidIdentityTokenException');
  });

  it('a scenario can deny the role', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: 'sts:AssumeRoleWithWebIdentity', resource: ROLE }] } });
    const error = await failureOf(sts().send(webIdentity()));
    expect(error).toMatchObject({
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    });
  });
});

it('an operation that is not there is 501 and named', async () => {
  const error = await failureOf(sts().send(new GetSessionTokenCommand({})));
  expect(error).toMatchObject({
    message: 'The local AWS does not have sts:GetSessionToken.',
    $metadata: { httpStatusCode: 501 },
  });
});

it('sessions are no state: nobody can list them', async () => {
  await sts().send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'build' }));
  expect(localAws.control.state()['sts']).toEqual({});
});
