import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import type { AwsError } from './aws-error.ts';
import { callerIdentity, sessionProblem } from './identity.ts';
import { refusal } from './refusals.ts';
import { credentialScope } from './request-region.ts';
import type { Operation, ServiceRequest, World } from './service.ts';
import { identityProblems } from './sts/trusted-identities.ts';
import { fitsWildcard } from './wildcard.ts';

/**
 * Why a request may not be carried out; undefined when it may. Whether a signature is right is not checked, nor are
 * policies of identities, other than the denials of the scenario: any key may do anything.
 */
export function accessProblem(operation: Operation, request: ServiceRequest, world: World): AwsError | undefined {
  const denial = denialOf(operation, request, world);
  // A registry is asked with its own token, and a web identity is the credential that the call brings.
  if (operation.name.startsWith('registry:') || operation.name === 'sts:AssumeRoleWithWebIdentity') return denial;
  if (credentialScope(request) === undefined) return refusal(operation.name, 'unsigned');
  const problem = sessionProblem(request, world);
  if (problem !== undefined) return refusal(operation.name, problem === 'expired' ? 'expired' : 'invalidToken');
  return denial;
}

function denialOf(operation: Operation, request: ServiceRequest, world: World): AwsError | undefined {
  const rules = denyRules(world.scenario('iam'));
  if (rules.length === 0) return undefined;
  const resource = resourcesOf(operation).find((candidate) =>
    rules.some((rule) => fits(rule.action, operation.name) && fits(rule.resource, candidate)),
  );
  if (resource === undefined) return undefined;
  if (operation.name === 'sts:AssumeRoleWithWebIdentity') {
    return refusal(operation.name, 'denied', `Not authorized to perform ${operation.name}`);
  }
  const { arn } = callerIdentity(request, world);
  const message = `User: ${arn} is not authorized to perform: ${operation.name} on resource: ${resource} with an explicit deny in an identity-based policy`;
  return refusal(operation.name, 'denied', message);
}

/** Actions are the same in any case. */
function fits(pattern: string, text: string): boolean {
  return fitsWildcard(pattern, text, { ignoreCase: true });
}

/** A malformed request has no resource that could be named. */
function resourcesOf(operation: Operation): readonly string[] {
  try {
    return [operation.resource?.() ?? '*'].flat();
  } catch {
    return ['*'];
  }
}

interface DenyRule {
  action: string;
  resource: string;
}

function denyRules(part: JsonValue | undefined): DenyRule[] {
  const rules = isJsonObject(part) && Array.isArray(part['deny']) ? part['deny'] : [];
  return rules.filter(isJsonObject).map((rule) => ({
    action: String(rule['action']),
    resource: String(rule['resource'] ?? '*'),
  }));
}

/** What is wrong with the `iam` part of a scenario, a sentence each. */
export function iamProblems(part: JsonObject): string[] {
  const { deny = [], providers = [], roles = [], ...unknown } = part;
  const problems = Object.keys(unknown).map(
    (member) => `"iam" has no member "${member}", only "deny", "providers" and "roles".`,
  );
  problems.push(...identityProblems({ providers, roles }, 'iam.'));
  if (!Array.isArray(deny)) return [...problems, '"iam.deny" must be a list.'];
  deny.forEach((rule, index) => {
    const at = `"iam.deny[${index}]"`;
    if (!isJsonObject(rule)) problems.push(`${at} must be an object.`);
    else {
      if (typeof rule['action'] !== 'string')
        problems.push(`${at} needs "action", like "batch:RegisterJobDefinition".`);
      if (rule['resource'] !== undefined && typeof rule['resource'] !== 'string')
        problems.push(`${at}: "resource" must be text.`);
      for (const member of Object.keys(rule)) {
        if (member !== 'action' && member !== 'resource') problems.push(`${at} has no member "${member}".`);
      }
    }
  });
  return problems;
}
