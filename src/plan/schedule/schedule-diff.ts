import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { jsonDifferences } from '../job-definition/diff.ts';
import { readTargetInput } from './target-input.ts';

/** The differences between two schedules, or two rules, a line each; empty when they do the same. */
export function diffSchedules(before: JsonObject | undefined, after: JsonObject): string[] {
  return jsonDifferences(before && legible(before), legible(after)).flatMap(({ lines }) => lines);
}

/** What was sent and is not there at all any more, a line each; what has another value is not among it. */
export function lostMembers(sent: JsonObject, found: JsonObject): string[] {
  return jsonDifferences(legible(sent), legible(found)).flatMap(({ kind, lines }) => (kind === 'removed' ? lines : []));
}

/** As people read it: JSON in a text opened, an environment by its names, dates in words. */
function legible(schedule: JsonObject): JsonObject {
  const { Target: target, ...rest } = schedule;
  const shown = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, /^(Start|End)Date$/.test(key) ? dateText(value) : value]),
  );
  if (!isJsonObject(target)) return shown;
  const input = readTargetInput(target['Input']);
  return { ...shown, Target: input === undefined ? target : { ...target, Input: withNamedVariables(input) } };
}

/** At any depth: jobs have their overrides in an object, tasks in a list of containers. */
function withNamedVariables(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withNamedVariables);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      isEnvironment(key, part) ? byName(part) : withNamedVariables(part),
    ]),
  );
}

function isEnvironment(member: string, value: JsonValue): value is JsonValue[] {
  return /^environment$/i.test(member) && Array.isArray(value);
}

/** The diff hides a value by the name that it stands under. */
function byName(value: readonly JsonValue[]): JsonValue {
  return Object.fromEntries(
    value
      .filter(isJsonObject)
      .map((entry) => [String(entry['Name'] ?? entry['name']), entry['Value'] ?? entry['value'] ?? null]),
  );
}

function dateText(value: JsonValue): JsonValue {
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : value;
}
