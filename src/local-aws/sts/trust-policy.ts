import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { fitsWildcard } from '../wildcard.ts';
import { findOperator, holds } from './condition-operators.ts';

/** Somebody with a token of an identity provider wants to be a role. */
export interface TrustRequest {
  /** `sts:AssumeRoleWithWebIdentity` */
  readonly action: string;
  /** ARN of the identity provider. */
  readonly federated: string;
  /** What conditions can ask for, by its name in lower case, as names are the same in any case. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

export interface TrustDecision {
  readonly allowed: boolean;
  /** Which statement decided, or why none did, in words. */
  readonly reason: string;
}

/**
 * Does a role's trust policy let the request be? As IAM's documentation has it: a statement that denies wins over all that
 * allow, and what no statement allows is denied. A statement applies when its action, its principal and all of its
 * conditions fit. The policy must be one that `trustPolicyProblems` finds nothing wrong with.
 */
export function evaluateTrust(policy: JsonObject, request: TrustRequest): TrustDecision {
  const statements = asList(policy['Statement']).filter(isJsonObject);
  const results = statements.map((statement, index) => ({
    effect: statement['Effect'],
    name: nameOf(statement, index),
    obstacle: obstacleOf(statement, request),
  }));
  const applying = (effect: string) =>
    results.find((result) => result.effect === effect && result.obstacle === undefined);
  const denying = applying('Deny');
  if (denying !== undefined) return { allowed: false, reason: `${denying.name} denies it.` };
  const allowing = applying('Allow');
  if (allowing !== undefined) return { allowed: true, reason: `${allowing.name} allows it.` };
  const obstacles = results
    .filter(({ effect }) => effect === 'Allow')
    .map(({ name, obstacle }) => `${name} does not: ${obstacle}`);
  return { allowed: false, reason: ['No statement allows it.', ...obstacles].join(' ') };
}

function nameOf(statement: JsonObject, index: number): string {
  const sid = statement['Sid'];
  return typeof sid === 'string' && sid !== '' ? `Statement ${index + 1} (${sid})` : `Statement ${index + 1}`;
}

/** Why a statement does not apply; undefined when it does. */
function obstacleOf(statement: JsonObject, request: TrustRequest): string | undefined {
  if (!hasAction(statement, request.action)) return `it is not about ${request.action}.`;
  if (!hasPrincipal(statement['Principal'], request.federated)) return `its principal is not ${request.federated}.`;
  const condition = statement['Condition'];
  if (!isJsonObject(condition)) return undefined;
  for (const [operator, tests] of Object.entries(condition)) {
    for (const [key, wanted] of Object.entries(isJsonObject(tests) ? tests : {})) {
      const values = asList(wanted).map(String);
      const actual = request.keys.get(key.toLowerCase());
      const found = findOperator(operator);
      if (found === undefined || !holds(found, actual, values)) return mismatch(operator, key, values, actual);
    }
  }
  return undefined;
}

function hasAction(statement: JsonObject, action: string): boolean {
  const named = (list: JsonValue | undefined): boolean =>
    asList(list).some((pattern) => fitsWildcard(String(pattern), action, { ignoreCase: true }));
  return statement['Action'] === undefined ? !named(statement['NotAction']) : named(statement['Action']);
}

/** `"*"` and `{"AWS": "*"}` are everybody; an identity provider is named by its ARN, without wildcards. */
function hasPrincipal(principal: JsonValue | undefined, federated: string): boolean {
  if (principal === '*') return true;
  if (!isJsonObject(principal)) return false;
  return asList(principal['AWS']).includes('*') || asList(principal['Federated']).includes(federated);
}

function mismatch(operator: string, key: string, wanted: readonly string[], actual?: readonly string[]): string {
  const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(' or ');
  const is = actual === undefined ? 'there is no such key' : `it is ${actual.map((text) => `"${text}"`).join(', ')}`;
  return `${operator} wants ${key} against ${quoted(wanted)}, and ${is}.`;
}

/** Where a policy may have one or several. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
