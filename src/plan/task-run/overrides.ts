import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { containerName } from '../task-definition/containers.ts';

/** What a run changes in one container. */
export interface ContainerChanges {
  command: readonly string[] | undefined;
  environment: Readonly<Record<string, string>> | undefined;
}

/** RunTask takes no more for all overrides, the characters of JSON included (API reference, RunTask). */
const LONGEST_OVERRIDES = 8192;

/**
 * The overrides of RunTask: those that were given, and in them what is changed in one container; empty when nothing is.
 * Throws (exit code 2) when AWS would not take them for their length.
 */
export function taskOverrides(
  given: JsonObject,
  container: string,
  { command = [], environment = {} }: ContainerChanges,
): JsonObject {
  const pairs = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const others = overriddenContainers(given);
  const own = others.find((each) => containerName(each) === container) ?? { name: container };
  const kept = pairsOf(own).filter(({ name }) => !pairs.some((pair) => pair.name === name));
  const changed: JsonObject = {
    ...own,
    ...(command.length > 0 ? { command: [...command] } : {}),
    ...(pairs.length > 0 ? { environment: [...kept, ...pairs] } : {}),
  };
  const isChanged = command.length > 0 || pairs.length > 0;
  const rest = others.filter((each) => containerName(each) !== container);
  const overrides = isChanged ? { ...given, containerOverrides: [...rest, changed] } : given;
  const { length } = JSON.stringify(overrides);
  if (length <= LONGEST_OVERRIDES) return overrides;
  throw badArgument(`the overrides have ${length} characters, and ECS takes ${LONGEST_OVERRIDES}`, [
    'Put large values of command and environment into a file in S3 or a parameter, and give the task its name.',
  ]);
}

/** Entries of `containerOverrides`. */
export function overriddenContainers({ containerOverrides }: JsonObject): JsonObject[] {
  return Array.isArray(containerOverrides) ? containerOverrides.filter(isJsonObject) : [];
}

/** The variables that overrides set, by name: the later of two counts. */
export function overriddenVariables(overrides: JsonObject): [name: string, value: string][] {
  return overriddenContainers(overrides).flatMap((container) =>
    pairsOf(container).map(({ name, value }): [string, string] => [String(name), String(value)]),
  );
}

/**
 * The overrides without the values of variables. What is printed is kept, and any variable that is set for one run may
 * hold a secret, whatever it is called.
 */
export function withoutValues(overrides: JsonObject): JsonObject {
  const masked = overriddenContainers(overrides).map((container) => ({
    ...container,
    ...(container['environment']
      ? { environment: pairsOf(container).map((pair) => ({ ...pair, value: '****' })) }
      : {}),
  }));
  return masked.length > 0 ? { ...overrides, containerOverrides: masked } : overrides;
}

function pairsOf({ environment }: JsonObject): JsonObject[] {
  return Array.isArray(environment) ? environment.filter(isJsonObject) : [];
}
