import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { namesSecret } from '../../core/redact.ts';
import { containersOf } from './containers.ts';

/** What the definition sets in variables whose names say secret: its containers may write it to their logs. */
export function secretValues(definition: JsonObject): string[] {
  return containersOf(definition).flatMap(({ environment }) => {
    const variables = Array.isArray(environment) ? environment.filter(isJsonObject) : [];
    return variables.flatMap(({ name, value }) =>
      typeof name === 'string' && typeof value === 'string' && namesSecret(name) ? [value] : [],
    );
  });
}
