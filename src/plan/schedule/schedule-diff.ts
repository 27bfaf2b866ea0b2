import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { jsonDifferences } from '../job-definition/diff.ts';
import { readSubmitInput } from './submit-input.ts';

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
  const input = readSubmitInput(target['Input']);
  return { ...shown, Target: input === undefined ? target : { ...target, Input: withNamedVariables(input) } };
}

function withNamedVariables(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      if (!/^containerOverrides$/i.test(key) || !isJsonObject(value)) return [key, value];
      return [key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, byName(name, part)]))];
    }),
  );
}

/** The diff hides a value by the name that it stands under. */
function byName(member: string, value: JsonValue): JsonValue {
  if (!/^environment$/i.test(member) || !Array.isArray(value)) return value;
  return Object.fromEntries(
    value
      .filter(isJsonObject)
      .map((entry) => [String(entry['Name'] ?? entry['name']), entry['Value'] ?? entry['value'] ?? null]),
  );
}

function dateText(value: JsonValue): JsonValue {
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : value;
}
