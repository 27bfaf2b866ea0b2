import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/json.ts';
import { localIssuer, type LocalIssuer, signToken, tokenVariables } from '../../../../src/runner/tools/local-issuer.ts';
import { callTool, jobControl, TOKEN_JOB } from '../support/tool-stage.ts';

const NOW = new Date('2026-11-20T08:00:00.500Z');

function part(token: string, index: number): JsonObject {
  return JSON.parse(Buffer.from(token.trim().split('.')[index]!, 'base64url').toString()) as JsonObject;
}

const claimsOf = (token: string): JsonObject => part(token, 1);

function isSignedBy(token: string, issuer: LocalIssuer): boolean {
  const [header, claims, signature] = token.trim().split('.');
  const key = createPublicKey({ key: issuer.jwks.keys[0] as JsonWebKey, format: 'jwk' });
  return verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature!, 'base64url'));
}

describe('a token', () => {
  it("has CircleCI's claims and is good for an hour", async () => {
    const issuer = await localIssuer('o1');
    const token = signToken(issuer, { ...TOKEN_JOB, pipelineDefinitionId: 'd1' }, { now: NOW, version: 2 });
    expect(claimsOf(token)).toEqual({
      iss: 'https://oidc.circleci.com/org/o1',
      aud: 'o1',
      sub: 'org/o1/project/p1/user/u1/vcs-origin/github.com/acme/crawler/vcs-ref/refs/heads/main',
      iat: 1_795_161_600,
      exp: 1_795_165_200,
      'oidc.circleci.com/org-id': 'o1',
      'oidc.circleci.com/project-id': 'p1',
      'oidc.circleci.com/pipeline-id': 'pi1',
      'oidc.circleci.com/pipeline-definition-id': 'd1',
      'oidc.circleci.com/workflow-id': 'w1',
      'oidc.circleci.com/job-id': 'j1',
      'oidc.circleci.com/context-ids': ['c1'],
      'oidc.circleci.com/vcs-origin': 'github.com/acme/crawler',
      'oidc.circleci.com/vcs-ref': 'refs/heads/main',
      'oidc.circleci.com/ssh-rerun': false,
    });
  });

  it('is signed with RS256 by the key that the JWKS names', async () => {
    const [issuer, other] = await Promise.all([localIssuer('o1'), localIssuer('o1')]);
    const token = signToken(issuer, TOKEN_JOB, { now: NOW, version: 1 });
    expect(part(token, 0)).toEqual({ alg: 'RS256', typ: 'JWT', kid: issuer.jwks.keys[0]!['kid'] });
    expect([isSignedBy(token, issuer), isSignedBy(token, other)]).toEqual([true, false]);
  });

  it('leaves out what the job does not have', async () => {
    const { vcsOrigin: _origin, vcsRef: _ref, ...job } = TOKEN_JOB;
    const claims = claimsOf(signToken(await localIssuer('o1'), { ...job, contextIds: [] }, { now: NOW, version: 2 }));
    expect(claims['sub']).toBe('org/o1/project/p1/user/u1');
    expect(Object.keys(claims).filter((name) => /vcs|context/.test(name))).toEqual([]);
  });

  it('comes in two variables, of which the second says what was built', async () => {
    const variables = tokenVariables(await localIssuer('o1'), TOKEN_JOB, NOW);
    expect(claimsOf(variables.CIRCLE_OIDC_TOKEN)['sub']).toBe('org/o1/project/p1/user/u1');
    expect(claimsOf(variables.CIRCLE_OIDC_TOKEN_V2)['sub']).toContain('/vcs-ref/refs/heads/main');
  });
});

describe('circleci run oidc get', () => {
  const get = ['circleci', 'run', 'oidc', 'get'];

  it.each([
    [[], 'o1'],
    [['--claims', '{"aud": "sts.amazonaws.com"}'], 'sts.amazonaws.com'],
    [['--claims={"aud": ["a", "b"]}'], ['a', 'b']],
  ])('%j has the audience %j', async (flags, audience) => {
    const { env, issuer } = await jobControl();
    const { stdout, exitCode } = await callTool([...get, ...flags], { env });
    expect(exitCode).toBe(0);
    expect(claimsOf(stdout)).toMatchObject({ iss: issuer.issuer, aud: audience });
    expect(isSignedBy(stdout, issuer)).toBe(true);
  });

  it('--root-issuer has CircleCI itself as the issuer', async () => {
    const { env } = await jobControl();
    const { stdout } = await callTool([...get, '--root-issuer'], { env });
    expect(claimsOf(stdout)['iss']).toBe('https://oidc.circleci.com');
  });

  it.each([
    ['{', 'not valid JSON'],
    ['[]', 'must be a JSON object'],
    ['{"sub": "me"}', 'can set "aud" only, not sub'],
    ['{"aud": 1}', '"aud" in --claims must be text'],
  ])('--claims %s is refused', async (claims, message) => {
    const { env } = await jobControl();
    const run = await callTool([...get, '--claims', claims], { env });
    expect(run).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('the key is for its owner alone', async () => {
    const { folder } = await jobControl();
    expect((await stat(join(folder, 'oidc-key.pem'))).mode & 0o777).toBe(0o600);
  });
});
