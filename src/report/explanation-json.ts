import type { Explained } from '../config/explain.ts';
import type { Insertion } from '../config/node.ts';
import type { Place } from '../config/source.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { pathText } from './explanation-text.ts';

/** What `explanationText` says, for programs. */
export function explanationJson(job: string, values: readonly Explained[]): JsonObject {
  return {
    job,
    values: values.map(({ path, value, at, insertions }) => ({
      path: pathText(path),
      ...(value === undefined ? {} : { value: typeof value === 'bigint' ? String(value) : value }),
      ...placeJson(at),
      through: insertions.map(passages),
    })),
  };
}

function passages({ expression, at, value }: Insertion): JsonValue {
  return {
    expression,
    ...placeJson(at),
    ...(value === null ? {} : { from: { ...placeJson(value.at), through: (value.insertions ?? []).map(passages) } }),
  };
}

function placeJson({ source, line, column }: Place): JsonObject {
  return { file: source.name, line, column, ...(source.orb === undefined ? {} : { orb: source.orb }) };
}
