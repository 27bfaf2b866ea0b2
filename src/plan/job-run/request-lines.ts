import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { namesSecret } from '../../core/redact.ts';

const MASK = '****';

/** A request as lines of JSON, without the values of variables whose names say secret. */
export function requestLines(request: JsonObject): string[] {
  const shown = JSON.stringify(
    request,
    (key, part: unknown) => {
      if (typeof part === 'string' && namesSecret(key)) return MASK;
      const isPair = isJsonObject(part) && typeof part['name'] === 'string' && typeof part['value'] === 'string';
      return isPair && namesSecret(String(part['name'])) ? { ...part, value: MASK } : part;
    },
    2,
  );
  return shown.split('\n');
}
