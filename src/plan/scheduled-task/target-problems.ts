import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { readTargetInput } from '../schedule/target-input.ts';
import { containerName, containersOf } from '../task-definition/containers.ts';
import { isForFargate, runsOnFargate } from '../task-definition/fargate.ts';

/**
 * Why a target can't run a definition: RunTask would refuse every run of it, and nobody looks at night. Only what is
 * refused in any case is among it. Source: ECS API reference, RunTask.
 */
export function targetProblems(target: JsonObject, definition: JsonObject): string[] {
  const isTemplated = isJsonObject(target['EcsParameters']);
  const input = readTargetInput(target['Input']) ?? {};
  const run = isTemplated ? objectAt(target, 'EcsParameters') : input;
  const overrides = isTemplated ? input : objectAt(input, 'Overrides');
  return [
    ...launchProblems(run, definition),
    ...networkProblems(run, definition),
    ...overrideProblems(overrides, definition),
  ];
}

function launchProblems(run: JsonObject, definition: JsonObject): string[] {
  const providers = listAt(run, 'CapacityProviderStrategy').map((each) => memberOf(each, 'CapacityProvider'));
  if (!runsOnFargate(memberOf(run, 'LaunchType'), providers) || isForFargate(definition)) return [];
  return ['the target runs on FARGATE, and requiresCompatibilities of the task definition does not name it'];
}

function networkProblems(run: JsonObject, { networkMode: mode = 'bridge' }: JsonObject): string[] {
  const hasNetwork = memberOf(objectAt(run, 'NetworkConfiguration'), 'AwsvpcConfiguration') !== undefined;
  if (mode === 'awsvpc' && !hasNetwork) {
    return ['the task definition has networkMode awsvpc, and the target no NetworkConfiguration'];
  }
  if (mode !== 'awsvpc' && hasNetwork) {
    return [`the target has a NetworkConfiguration, and the task definition networkMode ${String(mode)}`];
  }
  return [];
}

function overrideProblems(overrides: JsonObject, definition: JsonObject): string[] {
  const names = containersOf(definition).map(containerName);
  const overridden = listAt(overrides, 'ContainerOverrides').flatMap((container) => {
    const name = memberOf(container, 'Name');
    return typeof name === 'string' ? [name] : [];
  });
  return overridden
    .filter((name) => !names.includes(name))
    .map((name) => `the target overrides container ${name}, and the task definition has ${names.join(', ') || 'none'}`);
}

/** The spelling differs between rules, schedules and universal targets in the case of the first letter only. */
function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return object[name] ?? object[name.charAt(0).toLowerCase() + name.slice(1)];
}

function listAt(object: JsonObject, name: string): JsonObject[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : {};
}
