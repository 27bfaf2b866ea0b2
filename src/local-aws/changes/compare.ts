import { isJsonObject, type JsonObject, type JsonValue, stableStringify } from '../../core/json.ts';

/** What became of something, in a part of the state that has things by name. */
export interface Difference {
  name: string;
  /** Undefined for what is new. */
  before: JsonObject | undefined;
  /** Undefined for what is gone. */
  after: JsonObject | undefined;
}

/** A sentence about a service of a region. */
export interface Change {
  region: string;
  text: string;
}

/** The things that differ, by name. */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): Difference[] {
  const [old, now] = [objectOf(before), objectOf(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const inOrder = [...names].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return inOrder.flatMap((name) => {
    if (isSame(old[name], now[name])) return [];
    return { name, before: thing(old[name]), after: thing(now[name]) };
  });
}

export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && stableStringify(a) === stableStringify(b));
}

/** The members of an object; none of anything else. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** What has happened to a thing that needs no more words. */
export function happened({ before, after }: Difference): 'created' | 'changed' | 'deleted' {
  if (before === undefined) return 'created';
  return after === undefined ? 'deleted' : 'changed';
}

/** Hashes by their first digits: enough to tell them apart. */
export function shortened(text: string): string {
  return text.replaceAll(/([0-9a-f]{12})[0-9a-f]{28,}/g, '$1…');
}

/** A list, too, is something by its places. */
function thing(value: JsonValue | undefined): JsonObject | undefined {
  if (value === undefined) return undefined;
  return isJsonObject(value) ? value : Object.fromEntries(Object.entries(Array.isArray(value) ? value : [value]));
}
