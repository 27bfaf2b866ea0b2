import type { Explanation, Passage } from '../config/views/explain.ts';
import type { Place } from '../config/source.ts';
import type { JsonObject } from '../core/json.ts';
import { pathText } from './explanation-text.ts';

/** What `explanationText` says, for programs. */
export function explanationJson(job: string, { values, isCut }: Explanation): JsonObject {
  return {
    job,
    values: values.map(({ path, value, at, passages }) => ({
      path: pathText(path),
      ...(value === undefined ? {} : { value: typeof value === 'bigint' ? String(value) : value }),
      ...placeJson(at),
      through: passages.map(passageJson),
    })),
    ...(isCut ? { cut: true } : {}),
  };
}

function passageJson({ expression, at, part }: Passage): JsonObject {
  return { expression, ...placeJson(at), ...(part === undefined ? {} : { from: placeJson(part.at) }) };
}

function placeJson({ source, line, column }: Place): JsonObject {
  return { file: source.name, line, column, ...(source.orb === undefined ? {} : { orb: source.orb }) };
}
