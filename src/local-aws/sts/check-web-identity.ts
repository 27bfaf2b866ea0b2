import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { World } from '../service.ts';
import { evaluateTrust } from './trust-policy.ts';
import type { IdentityProvider } from './trusted-identities.ts';
import { checkExpiry, invalidToken, type WebIdentity } from './web-identity-token.ts';

export interface AskedRole {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  readonly name: string;
  readonly sessionName: string;
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** IAM accepts a token for five minutes more than it says, for clocks that differ ("OIDC federation" in its user guide). */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Lets a token in, or throws what STS answers. As long as no identity provider is known, any token that has not expired
 * will do; then, only a signed one of such a provider. A role that is known lets in whom its trust policy allows.
 */
export function checkWebIdentity(identity: WebIdentity, role: AskedRole, { clock, identities }: World): void {
  const now = clock.now();
  const decide = (allowed: boolean, reason: string): void =>
    identities.decided({
      time: now.toISOString(),
      role: role.arn,
      issuer: identity.issuer,
      subject: identity.subject,
      allowed,
      reason,
    });
  const { providers, roles } = identities.inForce();
  try {
    if (providers.length === 0) checkExpiry(identity, now);
    else checkToken(identity, providers, now);
  } catch (error) {
    decide(false, (error as Error).message);
    throw error;
  }
  const known = roles.findLast(({ arn, name }) => arn === role.arn || name === role.name);
  if (known === undefined) return decide(true, 'The role is not known, and trusts everybody.');
  const provider = `arn:${role.partition}:iam::${role.account}:oidc-provider/${withoutScheme(identity.issuer)}`;
  const keys = conditionKeys(identity, role.sessionName);
  const { allowed, reason } = evaluateTrust(known.trustPolicy, { action: ACTION, federated: provider, keys });
  decide(allowed, reason);
  if (!allowed) throw new AwsError('AccessDenied', `Not authorized to perform ${ACTION}`, 403);
}

/** Its provider, its signature, its time and its audience, in this order. */
function checkToken(identity: WebIdentity, providers: readonly IdentityProvider[], now: Date): void {
  const provider = providers.find(({ issuer }) => issuer === identity.issuer);
  if (provider === undefined) {
    throw invalidToken(`No OpenIDConnect provider found in your account for ${identity.issuer}`);
  }
  checkSignature(identity, provider);
  checkExpiry(identity, now, CLOCK_SKEW_SECONDS);
  const { azp } = identity.claims;
  const named = typeof azp === 'string' ? [azp] : identity.audiences;
  if (!named.some((audience) => provider.audiences.includes(audience))) throw invalidToken('Incorrect token audience');
}

function checkSignature({ header, signed, signature }: WebIdentity, { jwks }: IdentityProvider): void {
  if (header['alg'] !== 'RS256') {
    throw invalidToken(`The local AWS verifies tokens signed with RS256 only, and not with ${String(header['alg'])}`);
  }
  const keys = jwks.keys.filter(({ kid }) => header['kid'] === undefined || kid === header['kid']);
  if (keys.length === 0) {
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  const isSigned = keys.some((jwk) =>
    verify('RSA-SHA256', signed, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }), signature),
  );
  if (!isSigned) throw invalidToken('Token signature invalid');
}

/**
 * The keys that a trust policy can ask for. Of a token's claims AWS has few: those that it has for every provider, and of
 * CircleCI's own the id of the project alone (service authorization reference of STS). A condition on any other claim
 * never sees a value.
 */
function conditionKeys({ issuer, claims, audiences }: WebIdentity, sessionName: string): ReadonlyMap<string, string[]> {
  const provider = withoutScheme(issuer);
  const known: Record<string, JsonValue | undefined> = {
    aud: claims['azp'] ?? [...audiences],
    oaud: claims['azp'] === undefined ? undefined : [...audiences],
    sub: claims['sub'],
    amr: claims['amr'],
    email: claims['email'],
  };
  if (provider.startsWith('oidc.circleci.com/org/')) {
    known['oidc.circleci.com/project-id'] = claims['oidc.circleci.com/project-id'];
  }
  const keys = new Map([['sts:rolesessionname', [sessionName]]]);
  for (const [name, value] of Object.entries(known)) {
    if (value === undefined || value === null) continue;
    keys.set(`${provider}:${name}`.toLowerCase(), (Array.isArray(value) ? value : [value]).map(String));
  }
  return keys;
}

function withoutScheme(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '');
}
