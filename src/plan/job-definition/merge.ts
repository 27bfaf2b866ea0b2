import { isJsonObject, stableStringify, type JsonObject, type JsonValue } from '../../core/json.ts';

/**
 * One definition with the changes of two releases that started from the same one and did not know of each other. Where
 * both changed the same place, `preferred` counts. List items that have a name are known by it.
 */
export function mergeDefinitions(start: JsonObject, other: JsonObject, preferred: JsonObject): JsonObject {
  return mergeObjects(start, other, preferred);
}

/** Undefined is a place that is not there. */
function merge(
  start: JsonValue | undefined,
  other: JsonValue | undefined,
  preferred: JsonValue | undefined,
): JsonValue | undefined {
  if (same(other, start)) return preferred;
  if (same(preferred, start)) return other;
  if (isJsonObject(other) && isJsonObject(preferred)) {
    return mergeObjects(isJsonObject(start) ? start : {}, other, preferred);
  }
  const [first, second, third] = [byName(start ?? []), byName(other), byName(preferred)];
  return first && second && third ? Object.values(mergeObjects(first, second, third)) : preferred;
}

function same(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && stableStringify(one) === stableStringify(other));
}

function mergeObjects(start: JsonObject, other: JsonObject, preferred: JsonObject): JsonObject {
  const keys = [...new Set([...Object.keys(preferred), ...Object.keys(other)])];
  return Object.fromEntries(
    keys.flatMap((key): [string, JsonValue][] => {
      const merged = merge(own(start, key), own(other, key), own(preferred, key));
      return merged === undefined ? [] : [[key, merged]];
    }),
  );
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A list as an object by the names of its items; undefined when it is none, or the names do not tell the items apart. */
function byName(list: JsonValue | undefined): JsonObject | undefined {
  if (!Array.isArray(list)) return undefined;
  const named = list.map((item) => (isJsonObject(item) && typeof item['name'] === 'string' ? item['name'] : undefined));
  if (named.includes(undefined) || new Set(named).size < named.length) return undefined;
  // A letter before the name keeps names that look like numbers in their order.
  return Object.fromEntries(list.map((item, index) => [`:${named[index]}`, item]));
}
