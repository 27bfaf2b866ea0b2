import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';

/** Parts of canonical forms: what AWS gives back is compared with what it was given by forms in which both are equal. */

/** Rewrites the members that are objects. */
export function mapObject(
  object: JsonObject,
  rewrites: Readonly<Record<string, (value: JsonObject) => JsonObject>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const rewrite = Object.hasOwn(rewrites, key) ? rewrites[key] : undefined;
      return [key, rewrite && isJsonObject(value) ? rewrite(value) : value];
    }),
  );
}

/** Rewrites the objects of a member that is a list. */
export function mapList(object: JsonObject, key: string, rewrite: (item: JsonObject) => JsonObject): JsonObject {
  const list = object[key];
  if (!Array.isArray(list)) return object;
  return { ...object, [key]: list.map((item) => (isJsonObject(item) ? rewrite(item) : item)) };
}

/** A list whose order means nothing, by a member of its items; a list that is not there is empty. */
export function sortedBy(key: string, list: JsonValue | undefined): JsonValue {
  if (!Array.isArray(list)) return list ?? [];
  const order = (item: JsonValue): string => (isJsonObject(item) ? String(item[key]) : '');
  return list.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/**
 * Drops nulls, empty lists and empty objects, which AWS gives back for members that were never set.
 * @param meantEmpty members whose presence without content means something
 */
export function withoutEmpty(value: JsonValue, meantEmpty: ReadonlySet<string> = new Set()): JsonValue {
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item, meantEmpty));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]): [string, JsonValue] => [key, withoutEmpty(part, meantEmpty)])
      .filter(([key, part]) => meantEmpty.has(key) || !isEmpty(part)),
  );
}

function isEmpty(value: JsonValue): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
