import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { evaluateTrust } from '../../../src/local-aws/sts/trust-policy.ts';
import { trustPolicyProblems } from '../../../src/local-aws/sts/trust-policy-problems.ts';

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/o1';
const ACTION = 'sts:AssumeRoleWithWebIdentity';
const KEYS = new Map([
  ['idp:aud', ['o1']],
  ['idp:sub', ['org/o1/project/p1/user/u1/vcs-origin/github.com/acme/crawler/vcs-ref/refs/heads/main']],
  ['idp:amr', ['authenticated', 'idp']],
  ['idp:flag', ['true']],
]);

function statement(parts: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: ACTION, ...parts };
}

function decide(...statements: JsonObject[]) {
  const policy = { Version: '2012-10-17', Statement: statements };
  expect(trustPolicyProblems(policy, 'policy')).toEqual([]);
  return evaluateTrust(policy, { action: ACTION, federated: PROVIDER, keys: KEYS });
}

const allows = (...statements: JsonObject[]): boolean => decide(...statements).allowed;

describe('a statement applies', () => {
  it.each<[string, JsonObject, boolean]>([
    ['to its action', {}, true],
    ['to its action in any case', { Action: 'STS:assumerolewithwebidentity' }, true],
    ['to one of its actions', { Action: ['sts:TagSession', ACTION] }, true],
    ['to what a pattern fits', { Action: 'sts:Assume*' }, true],
    ['to nothing else', { Action: 'sts:AssumeRole' }, false],
    ['to what NotAction does not name', { Action: undefined, NotAction: 'sts:TagSession' } as never, true],
    ['not to what NotAction names', { Action: undefined, NotAction: 'sts:*' } as never, false],
    ['to one of its providers', { Principal: { Federated: ['arn:other', PROVIDER] } }, true],
    ['not to another provider', { Principal: { Federated: `${PROVIDER}2` } }, false],
    ['not to a pattern of providers', { Principal: { Federated: '*' } }, false],
    ['to everybody', { Principal: '*' }, true],
    ['to everybody, as AWS has it too', { Principal: { AWS: '*' } }, true],
    ['not to a service', { Principal: { Service: 'ecs-tasks.amazonaws.com' } }, false],
  ])('%s', (_case, parts, expected) => {
    expect(allows(JSON.parse(JSON.stringify(statement(parts))) as JsonObject)).toBe(expected);
  });
});

describe('statements together', () => {
  it('a policy of a single statement needs no list', () => {
    const request = { action: ACTION, federated: PROVIDER, keys: KEYS };
    expect(evaluateTrust({ Statement: statement() }, request).allowed).toBe(true);
  });

  it('one that allows is enough', () => {
    expect(allows(statement({ Action: 'sts:AssumeRole' }), statement())).toBe(true);
  });

  it('one that denies wins, wherever it stands', () => {
    const denial = statement({ Effect: 'Deny', Principal: '*', Sid: 'NoForks' });
    expect(decide(statement(), denial)).toEqual({ allowed: false, reason: 'Statement 2 (NoForks) denies it.' });
    expect(allows(denial, statement())).toBe(false);
  });

  it('a denial whose conditions do not fit denies nothing', () => {
    const condition = { StringEquals: { 'idp:aud': 'o2' } };
    expect(allows(statement(), statement({ Effect: 'Deny', Condition: condition }))).toBe(true);
  });

  it('without one that allows, the answer is no, and says which condition did not fit', () => {
    const condition = { StringLike: { 'idp:sub': ['org/o2/*', 'org/o3/*'] } };
    expect(decide(statement({ Condition: { ...condition } }))).toEqual({
      allowed: false,
      reason:
        'No statement allows it. Statement 1 does not: StringLike wants idp:sub against "org/o2/*" or "org/o3/*", and ' +
        'it is "org/o1/project/p1/user/u1/vcs-origin/github.com/acme/crawler/vcs-ref/refs/heads/main".',
    });
  });
});

const GONE = 'idp:gone';

describe('conditions', () => {
  it.each<[string, string, JsonValue, boolean]>([
    ['StringEquals', 'idp:aud', 'o1', true],
    ['StringEquals', 'IDP:Aud', 'o1', true],
    ['StringEquals', 'idp:aud', 'O1', false],
    ['StringEquals', 'idp:aud', 'o*', false],
    ['StringEquals', 'idp:aud', ['o2', 'o1'], true],
    ['StringEquals', GONE, 'x', false],
    ['StringNotEquals', 'idp:aud', 'o1', false],
    ['StringNotEquals', 'idp:aud', 'o2', true],
    ['StringNotEquals', 'idp:aud', ['o2', 'o1'], false],
    ['StringNotEquals', GONE, 'x', true],
    ['StringEqualsIgnoreCase', 'idp:aud', 'O1', true],
    ['StringNotEqualsIgnoreCase', 'idp:aud', 'O1', false],
    ['StringLike', 'idp:sub', 'org/o1/project/*/vcs-ref/refs/heads/main', true],
    ['StringLike', 'idp:sub', 'org/o1/project/*/vcs-ref/refs/heads/mai?', true],
    ['StringLike', 'idp:sub', 'org/o1/project/*/vcs-ref/refs/heads', false],
    ['StringLike', 'idp:sub', 'ORG/*', false],
    ['StringLike', 'idp:sub', 'org/o1/project/p1/user/u1', false],
    ['StringLike', GONE, '*', false],
    ['StringNotLike', 'idp:sub', '*/refs/heads/main', false],
    ['StringNotLike', 'idp:sub', '*/refs/tags/*', true],
    ['StringNotLike', GONE, '*', true],
    ['StringEqualsIfExists', GONE, 'x', true],
    ['StringEqualsIfExists', 'idp:aud', 'x', false],
    ['StringLikeIfExists', 'idp:aud', 'o?', true],
    ['Bool', 'idp:flag', 'true', true],
    ['Bool', 'idp:flag', true, true],
    ['Bool', 'idp:flag', 'false', false],
    ['Bool', GONE, 'false', false],
    ['BoolIfExists', GONE, 'false', true],
    ['Null', 'idp:aud', 'false', true],
    ['Null', 'idp:aud', true, false],
    ['Null', GONE, 'true', true],
    ['Null', GONE, 'false', false],
    ['ForAnyValue:StringEquals', 'idp:amr', 'idp', true],
    ['ForAnyValue:StringEquals', 'idp:amr', ['x', 'y'], false],
    ['ForAnyValue:StringLike', 'idp:amr', 'auth*', true],
    ['ForAnyValue:StringNotEquals', 'idp:amr', 'idp', true],
    ['ForAnyValue:StringNotEquals', 'idp:amr', ['idp', 'authenticated'], false],
    ['ForAnyValue:StringEquals', GONE, 'x', false],
    ['ForAnyValue:StringEqualsIfExists', GONE, 'x', true],
    ['ForAllValues:StringEquals', 'idp:amr', ['idp', 'authenticated', 'more'], true],
    ['ForAllValues:StringEquals', 'idp:amr', ['idp'], false],
    ['ForAllValues:StringNotLike', 'idp:amr', 'auth*', false],
    ['ForAllValues:StringEquals', GONE, 'x', true],
  ])('%s %s %j is %p', (operator, key, wanted, expected) => {
    expect(allows(statement({ Condition: { [operator]: { [key]: wanted } } }))).toBe(expected);
  });

  it.each([
    [{ StringEquals: { 'idp:aud': 'o1', 'idp:flag': 'true' } }, true],
    [{ StringEquals: { 'idp:aud': 'o1', 'idp:flag': 'no' } }, false],
    [{ StringEquals: { 'idp:aud': 'o1' }, StringLike: { 'idp:sub': 'org/o1/*' } }, true],
    [{ StringEquals: { 'idp:aud': 'o1' }, StringLike: { 'idp:sub': 'org/o2/*' } }, false],
  ])('all must hold: %j', (condition, expected) => {
    expect(allows(statement({ Condition: condition }))).toBe(expected);
  });
});

describe('a policy that is wrong is refused where it is told', () => {
  it.each<[JsonValue, string]>([
    ['text', '"p" must be a policy'],
    [{}, '"p" needs "Statement"'],
    [{ Statement: [], Kind: 1 }, '"p" has no member "Kind"'],
    [{ Statement: ['x'] }, '"p.Statement[0]" must be an object'],
    [{ Statement: statement({ Effect: 'allow' }) }, 'needs "Effect": "Allow" or "Deny"'],
    [{ Statement: statement({ NotAction: 'x' }) }, 'needs "Action", or "NotAction"'],
    [{ Statement: statement({ Action: [1] }) }, 'The action of "p.Statement[0]" must be text'],
    [{ Statement: statement({ Principal: PROVIDER }) }, 'needs "Principal"'],
    [{ Statement: statement({ Resource: '*' }) }, '"p.Statement[0]" has no member "Resource"'],
    [{ Statement: statement({ Condition: [] }) }, '"p.Statement[0].Condition" must be an object'],
    [{ Statement: statement({ Condition: { StringEquals: 'x' } }) }, '.StringEquals" must be an object'],
    [{ Statement: statement({ Condition: { StringEquals: { k: {} } } }) }, 'the value of "k" must be text'],
    [{ Statement: statement({ Condition: { StringMatches: { k: 'x' } } }) }, 'which the local AWS does not know'],
    [
      { Statement: statement({ Condition: { 'ForAnyValue:Null': { k: 'true' } } }) },
      'which the local AWS does not know',
    ],
  ])('%j', (policy, problem) => {
    expect(trustPolicyProblems(policy, 'p')).toContainEqual(expect.stringContaining(problem));
  });
});
