import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import {
  localIssuer,
  type LocalIssuer,
  signToken,
  type TokenJob,
  type TokenOptions,
} from '../../../src/runner/tools/local-issuer.ts';
import { localAwsForTests } from '../../support/local-aws-world.ts';
import { failureOf, stsClient } from '../clients.ts';

const localAws = localAwsForTests();
const clients: { destroy(): void }[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

const ROLE = 'arn:aws:iam::123456789012:role/ci';
const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/o1';
const KEY = 'oidc.circleci.com/org/o1';
const JOB: TokenJob = {
  projectId: 'p1',
  userId: 'u1',
  pipelineId: 'pi1',
  workflowId: 'w1',
  jobId: 'j1',
  contextIds: [],
  vcsOrigin: 'github.com/acme/crawler',
  vcsRef: 'refs/heads/main',
};

let issuer: LocalIssuer;
let stranger: LocalIssuer;
beforeAll(async () => {
  [issuer, stranger] = await Promise.all([localIssuer('o1'), localIssuer('o1')]);
});

const provider = () => ({ issuer: issuer.issuer, audiences: ['o1', 'sts.amazonaws.com'], jwks: issuer.jwks });

function role(condition?: JsonObject, parts: JsonObject = {}): JsonObject {
  const statement = { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity' };
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [{ ...statement, ...(condition && { Condition: condition }) }],
  };
  return { name: 'ci', trustPolicy, ...parts };
}

async function control(method: string, body?: JsonValue): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${localAws().endpoint}/_aws-deploy/identity`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function tell(identities: { providers?: unknown[]; roles?: JsonObject[] }): Promise<void> {
  expect(await control('POST', identities as JsonObject)).toMatchObject({ status: 200 });
}

const token = (options: Partial<TokenOptions> = {}, job: Partial<TokenJob> = {}): string =>
  signToken(issuer, { ...JOB, ...job }, { now: new Date(), version: 2, ...options });

function assume(webIdentityToken: string, roleArn = ROLE) {
  const client = stsClient(localAws());
  clients.push(client);
  return client.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: 'build-7',
      WebIdentityToken: webIdentityToken,
    }),
  );
}

describe('a provider that is known', () => {
  it('lets its own tokens in', async () => {
    await tell({ providers: [provider()] });
    expect(await assume(token({ audience: 'sts.amazonaws.com' }))).toMatchObject({
      Provider: issuer.issuer,
      Audience: 'sts.amazonaws.com',
    });
  });

  it.each<[string, () => string, string, string]>([
    ['another signature', () => tampered(token()), 'InvalidIdentityTokenException', 'Token signature invalid'],
    [
      'the key of somebody else',
      () => signToken(stranger, JOB, { now: new Date(), version: 2 }),
      'InvalidIdentityTokenException',
      "Couldn't retrieve verification key from your identity provider",
    ],
    ['another audience', () => token({ audience: 'me' }), 'InvalidIdentityTokenException', 'Incorrect token audience'],
    [
      'another issuer',
      () => token({ rootIssuer: true }),
      'InvalidIdentityTokenException',
      'No OpenIDConnect provider found in your account for https://oidc.circleci.com',
    ],
    ['no signature at all', () => unsigned(token()), 'InvalidIdentityTokenException', 'and not with none'],
  ])('refuses a token with %s', async (_case, given, name, message) => {
    await tell({ providers: [provider()] });
    const error = await failureOf(assume(given()));
    expect({ name: error.name, message: error.message }).toEqual({ name, message: expect.stringContaining(message) });
  });

  it.each([
    [3600 + 299, undefined],
    [3600 + 301, 'ExpiredTokenException'],
  ])('a token %d s old: %p, with the five minutes that IAM gives', async (age, name) => {
    await tell({ providers: [provider()] });
    localAws().control.setRate(0);
    const now = new Date(localAws().control.now().getTime() - age * 1000);
    const outcome = await assume(token({ now })).then(
      () => undefined,
      (error: Error) => error.name,
    );
    expect(outcome).toBe(name);
  });

  it('the signature is looked at before the time', async () => {
    await tell({ providers: [provider()] });
    const error = await failureOf(assume(tampered(token({ now: new Date(0) }))));
    expect(error.message).toContain('Token signature invalid');
  });
});

/** The same claims with one letter of the signature changed. */
function tampered(text: string): string {
  const [header, claims, signature] = text.split('.');
  return `${header}.${claims}.${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
}

function unsigned(text: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  return `${header}.${text.split('.')[1]}.`;
}

describe('a role that is known', () => {
  const onBranch = (branch: string) => ({
    StringEquals: { [`${KEY}:aud`]: 'o1', [`${KEY}:oidc.circleci.com/project-id`]: 'p1' },
    StringLike: { [`${KEY}:sub`]: `org/o1/project/p1/user/*/vcs-origin/*/vcs-ref/refs/heads/${branch}` },
  });

  it('lets in whom its trust policy allows', async () => {
    await tell({ providers: [provider()], roles: [role(onBranch('main'))] });
    expect((await assume(token())).Credentials).toBeDefined();
  });

  it.each<[string, () => string]>([
    ['another branch', () => token({}, { vcsRef: 'refs/heads/fork' })],
    ['another project', () => token({}, { projectId: 'p2' })],
    ['another audience that the provider has', () => token({ audience: 'sts.amazonaws.com' })],
    ['the older form of the subject', () => token({ version: 1 })],
  ])('denies %s, in the words of STS', async (_case, given) => {
    await tell({ providers: [provider()], roles: [role(onBranch('main'))] });
    expect(await failureOf(assume(given()))).toMatchObject({
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('is known by its ARN too, and in its account alone', async () => {
    await tell({ roles: [role(onBranch('none'), { name: undefined, arn: ROLE } as never)] });
    expect((await failureOf(assume(token()))).name).toBe('AccessDenied');
    expect((await assume(token(), 'arn:aws:iam::999999999999:role/ci')).Credentials).toBeDefined();
  });

  it('by its name is known in any account, where it must trust the provider of that account', async () => {
    await tell({ roles: [role()] });
    expect((await assume(token())).Credentials).toBeDefined();
    expect((await failureOf(assume(token(), 'arn:aws:iam::999999999999:role/ci'))).name).toBe('AccessDenied');
  });

  it('can ask for the name of the session', async () => {
    await tell({ roles: [role({ StringLike: { 'sts:RoleSessionName': 'build-*' } })] });
    expect((await assume(token())).Credentials).toBeDefined();
  });

  it('never sees a claim that is no key of STS', async () => {
    const key = `${KEY}:oidc.circleci.com/vcs-ref`;
    await tell({ roles: [role({ StringEquals: { [key]: 'refs/heads/main' } })] });
    expect((await failureOf(assume(token()))).name).toBe('AccessDenied');
    const { decisions } = (await control('GET')).body;
    expect(decisions).toMatchObject([{ allowed: false, reason: expect.stringContaining('there is no such key') }]);
  });

  it('leaves other roles as they are', async () => {
    await tell({ providers: [provider()], roles: [role(onBranch('none'))] });
    expect((await assume(token(), 'arn:aws:iam::123456789012:role/other')).Credentials).toBeDefined();
  });
});

describe('the control API', () => {
  it('says who is known, and why a token was let in or not', async () => {
    await tell({ providers: [provider()], roles: [role()] });
    await assume(token());
    await failureOf(assume(tampered(token())));
    const { body } = await control('GET');
    expect(body).toMatchObject({ providers: [provider()], roles: [{ name: 'ci' }] });
    const decision = { role: ROLE, issuer: issuer.issuer, subject: expect.stringContaining('org/o1/project/p1') };
    expect(body['decisions']).toMatchObject([
      { ...decision, allowed: true, reason: 'Statement 1 allows it.' },
      { ...decision, allowed: false, reason: 'Token signature invalid' },
    ]);
  });

  it('adds to what it was told, and the last word on a role or issuer counts', async () => {
    await tell({ providers: [provider()], roles: [role(), role(undefined, { name: 'other' })] });
    await tell({ roles: [role({ StringEquals: { [`${KEY}:aud`]: 'nobody' } })] });
    expect((await control('GET')).body['roles']).toMatchObject([{ name: 'other' }, { name: 'ci' }]);
    expect((await failureOf(assume(token()))).name).toBe('AccessDenied');
  });

  it.each<[string, () => unknown]>([
    ['DELETE', () => control('DELETE')],
    ['a reset', () => localAws().control.reset()],
  ])('%s makes it forget, and everybody is let in again', async (_case, forget) => {
    await tell({ providers: [provider()], roles: [role({ StringEquals: { [`${KEY}:aud`]: 'nobody' } })] });
    await forget();
    expect((await control('GET')).body).toEqual({ providers: [], roles: [], decisions: [] });
    expect((await assume(unsigned(token()))).Credentials).toBeDefined();
  });

  it.each<[JsonValue, string]>([
    [[], 'Identities are an object'],
    [{ users: [] }, 'no member "users"'],
    [{ providers: {} }, '"providers" must be a list'],
    [{ providers: [1] }, '"providers[0]" must be an object'],
    [{ providers: [{ issuer: 'circleci' }] }, 'needs "issuer"'],
    [{ providers: [{ issuer: 'https://x', audiences: [] }] }, 'needs "audiences"'],
    [{ providers: [{ issuer: 'https://x', audiences: ['a'] }] }, 'needs "jwks"'],
    [{ providers: [{ issuer: 'https://x', audiences: ['a'], jwks: { keys: [{ kty: 'RSA' }] } }] }, 'needs "jwks"'],
    [{ providers: [{ thumbprint: 'x' }] }, '"providers[0]" has no member "thumbprint"'],
    [{ roles: [{ trustPolicy: { Statement: [] } }] }, '"roles[0]" needs "arn" or "name"'],
    [{ roles: [{ name: 'ci' }] }, '"roles[0].trustPolicy" must be a policy'],
  ])('refuses %j', async (body, message) => {
    const answer = await control('POST', body);
    expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining(message) } });
    expect((await control('GET')).body).toMatchObject({ providers: [], roles: [] });
  });
});

describe('a scenario', () => {
  it('can name providers and roles, and what is told comes after it', async () => {
    localAws().control.setScenario({
      iam: { providers: [provider()] as never, roles: [role({ StringEquals: { [`${KEY}:aud`]: 'nobody' } })] },
    });
    expect((await failureOf(assume(tampered(token())))).message).toContain('Token signature invalid');
    expect((await failureOf(assume(token()))).name).toBe('AccessDenied');
    await tell({ roles: [role()] });
    expect((await assume(token())).Credentials).toBeDefined();
  });

  it('that is wrong is refused, with the place', () => {
    expect(() => localAws().control.setScenario({ iam: { roles: [{ name: 'ci' }] } })).toThrow(
      '"iam.roles[0].trustPolicy" must be a policy',
    );
  });
});
