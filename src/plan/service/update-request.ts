import { isJsonObject, stableStringify, type JsonObject, type JsonValue } from '../../core/json.ts';
import { namesSecret } from '../../core/redact.ts';

/** What is asked of a service beside its task definition. */
export interface ServiceChanges {
  desiredCount: number | undefined;
  /** Members of it that are to change. */
  deploymentConfiguration: JsonObject | undefined;
}

/**
 * The members of UpdateService that say something new; what is as asked for is not sent.
 * @param settings members of the service, as DescribeServices has them
 */
export function serviceUpdate(
  settings: JsonObject,
  { desiredCount, deploymentConfiguration }: ServiceChanges,
): JsonObject {
  const isConfigured =
    deploymentConfiguration === undefined || holds(settings['deploymentConfiguration'], deploymentConfiguration);
  return {
    ...(desiredCount === undefined || settings['desiredCount'] === desiredCount ? {} : { desiredCount }),
    ...(isConfigured ? {} : { deploymentConfiguration }),
  };
}

/** Is everything that is wanted there already? What is not wanted may be anything. */
function holds(there: JsonValue | undefined, wanted: JsonValue): boolean {
  if (!isJsonObject(wanted) || !isJsonObject(there)) {
    return there !== undefined && stableStringify(there) === stableStringify(wanted);
  }
  return Object.entries(wanted).every(([key, value]) => holds(there[key], value));
}

/** Each member of an update with what it was, as lines of a diff. */
export function updateDiff(settings: JsonObject, update: JsonObject): string[] {
  return Object.entries(update).flatMap(([key, value]) => {
    const before = sameMembers(settings[key], value);
    return [...(before === undefined ? [] : [`- ${key}: ${textOf(before)}`]), `+ ${key}: ${textOf(value)}`];
  });
}

/** Of an object that is there only what is to change in it: ECS keeps the rest. */
function sameMembers(there: JsonValue | undefined, wanted: JsonValue): JsonValue | undefined {
  if (!isJsonObject(there) || !isJsonObject(wanted)) return there;
  const same = Object.entries(there).filter(([key]) => Object.hasOwn(wanted, key));
  return same.length === 0 ? undefined : Object.fromEntries(same);
}

function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value.split('/').at(-1) ?? value;
  // Options of a log driver may be secrets.
  return JSON.stringify(value, (key, part: unknown) => (typeof part === 'string' && namesSecret(key) ? '****' : part));
}
