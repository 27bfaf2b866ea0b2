import type { NormalizedSchema } from '@smithy/core/schema';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { nearestName } from '../core/nearest-name.ts';

export interface ModelFinding {
  path: readonly (string | number)[];
  /** A member that the model doesn't know may be newer than this version; a wrong type is refused by AWS. */
  kind: 'unknown' | 'wrong-type';
  /** Follows the path in a sentence. */
  message: string;
  /** Of an unknown member: the known one that is likely meant. */
  nearest?: string | undefined;
}

/** Compares a value with a schema of the SDK's model: misspelt members and wrong types. */
export function schemaFindings(
  schema: NormalizedSchema,
  value: JsonValue,
  path: readonly (string | number)[],
): ModelFinding[] {
  if (value === null) return [];
  const wrong = (expected: string): ModelFinding[] => [
    { path, kind: 'wrong-type', message: `must be ${expected} (got: ${JSON.stringify(value).slice(0, 60)})` },
  ];
  if (schema.isStructSchema()) {
    return isJsonObject(value) ? memberFindings(schema, value, path) : wrong('an object');
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong('a list');
    return value.flatMap((item, index) => schemaFindings(schema.getValueSchema(), item, [...path, index]));
  }
  if (schema.isMapSchema()) {
    if (!isJsonObject(value)) return wrong('a map');
    return Object.entries(value).flatMap(([key, item]) =>
      schemaFindings(schema.getValueSchema(), item, [...path, key]),
    );
  }
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : wrong('a number');
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : wrong('true or false');
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : wrong('a string');
  return [];
}

function memberFindings(
  schema: NormalizedSchema,
  value: JsonObject,
  path: readonly (string | number)[],
): ModelFinding[] {
  const members = new Map(schema.structIterator());
  return Object.entries(value).flatMap(([key, part]): ModelFinding[] => {
    const member = members.get(key);
    if (member) return schemaFindings(member, part, [...path, key]);
    const nearest = nearestName(key, [...members.keys()]);
    const message = `is not known to this version of aws-deploy${nearest ? ` (did you mean ${nearest}?)` : ''}`;
    return [{ path: [...path, key], kind: 'unknown', message, nearest }];
  });
}
