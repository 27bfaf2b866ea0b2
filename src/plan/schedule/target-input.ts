import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** The Input of a target; undefined when it is no JSON object. */
export function readTargetInput(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
