import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { trustPolicyProblems } from './trust-policy-problems.ts';

/** An OIDC provider that the account knows. */
export interface IdentityProvider {
  /** As in the `iss` of its tokens: `https://oidc.circleci.com/org/<id>` */
  readonly issuer: string;
  /** The audiences that its tokens may be for: AWS's client ids. */
  readonly audiences: readonly string[];
  /** Its public keys, as its JWKS has them. */
  readonly jwks: { readonly keys: readonly JsonObject[] };
}

/** A role whose trust policy counts. */
export interface TrustedRole {
  readonly arn?: string;
  /** Instead of the ARN: the role of this name in any account. */
  readonly name?: string;
  readonly trustPolicy: JsonObject;
}

export interface Identities {
  readonly providers: readonly IdentityProvider[];
  readonly roles: readonly TrustedRole[];
}

/** What became of a token: AWS itself never says why. */
export interface IdentityDecision {
  /** Of the virtual clock, ISO 8601. */
  readonly time: string;
  readonly role: string;
  readonly issuer: string;
  readonly subject: string;
  readonly allowed: boolean;
  readonly reason: string;
}

const KEPT_DECISIONS = 100;
const NOBODY: Identities = { providers: [], roles: [] };

/** Who may be whom: what the scenario says, and what was told since. Nobody told of anything lets everybody in. */
export class TrustedIdentities {
  readonly #scenario: () => JsonValue | undefined;
  #told: Identities = NOBODY;
  #decisions: IdentityDecision[] = [];

  /** `scenario` gives the `iam` part of the scenario in force. */
  constructor(scenario: () => JsonValue | undefined) {
    this.#scenario = scenario;
  }

  /** Of two for the same issuer or role, the later one counts. */
  inForce(): Identities {
    const scenario = this.#scenario();
    return added(isJsonObject(scenario) ? identitiesIn(scenario) : NOBODY, this.#told);
  }

  tell(identities: Identities): void {
    this.#told = added(this.#told, identities);
  }

  /** What was told is forgotten, other than by the scenario. */
  forget(): void {
    this.#told = NOBODY;
    this.#decisions = [];
  }

  decided(decision: IdentityDecision): void {
    this.#decisions = [...this.#decisions, decision].slice(-KEPT_DECISIONS);
  }

  /** The last ones, the oldest first. */
  decisions(): readonly IdentityDecision[] {
    return this.#decisions;
  }
}

/** The providers and roles of an object that `identityProblems` finds nothing wrong with. */
export function identitiesIn({ providers, roles }: JsonObject): Identities {
  return {
    providers: (providers ?? []) as unknown as IdentityProvider[],
    roles: (roles ?? []) as unknown as TrustedRole[],
  };
}

/** What is wrong with `providers` and `roles`, a sentence each. `at` goes before their names. */
export function identityProblems({ providers = [], roles = [] }: JsonObject, at = ''): string[] {
  return [
    ...eachOf(providers, `${at}providers`, providerProblems),
    ...eachOf(roles, `${at}roles`, (role, place) => roleProblems(role, place)),
  ];
}

function eachOf(list: JsonValue, at: string, problemsOf: (each: JsonObject, at: string) => string[]): string[] {
  if (!Array.isArray(list)) return [`"${at}" must be a list.`];
  return list.flatMap((each, index) =>
    isJsonObject(each) ? problemsOf(each, `${at}[${index}]`) : [`"${at}[${index}]" must be an object.`],
  );
}

function providerProblems(provider: JsonObject, at: string): string[] {
  const { issuer, audiences, jwks, ...unknown } = provider;
  const problems = Object.keys(unknown).map((member) => `"${at}" has no member "${member}".`);
  if (typeof issuer !== 'string' || !/^https?:\/\/./.test(issuer)) {
    problems.push(`"${at}" needs "issuer", like "https://oidc.circleci.com/org/<id>".`);
  }
  if (!Array.isArray(audiences) || audiences.length === 0 || !audiences.every((each) => typeof each === 'string')) {
    problems.push(`"${at}" needs "audiences": a list of texts.`);
  }
  const keys = isJsonObject(jwks) ? jwks['keys'] : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isRsaKey)) {
    problems.push(`"${at}" needs "jwks": {"keys": […]} with public RSA keys.`);
  }
  return problems;
}

function isRsaKey(key: JsonValue): boolean {
  if (!isJsonObject(key) || key['kty'] !== 'RSA') return false;
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

function roleProblems(role: JsonObject, at: string): string[] {
  const { arn, name, trustPolicy, ...unknown } = role;
  const problems = Object.keys(unknown).map((member) => `"${at}" has no member "${member}".`);
  const names = [arn, name].filter((each) => each !== undefined);
  if (names.length !== 1 || typeof names[0] !== 'string') problems.push(`"${at}" needs "arn" or "name" of the role.`);
  return [...problems, ...trustPolicyProblems(trustPolicy, `${at}.trustPolicy`)];
}

function added(before: Identities, after: Identities): Identities {
  return {
    providers: [
      ...before.providers.filter(({ issuer }) => after.providers.every((each) => each.issuer !== issuer)),
      ...after.providers,
    ],
    roles: [
      ...before.roles.filter(({ arn, name }) => after.roles.every((each) => each.arn !== arn || each.name !== name)),
      ...after.roles,
    ],
  };
}
