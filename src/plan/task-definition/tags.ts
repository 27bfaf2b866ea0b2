import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { lastingTags, ourTag, withoutOurTags } from '../job-definition/our-tags.ts';

/** ECS has tags as a list of keys and values; here they are a map, as the rest of this program has them. */
export function tagMap({ tags }: JsonObject): Record<string, string> {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag) => (isJsonObject(tag) ? [[String(tag['key']), String(tag['value'] ?? '')]] : [])),
  );
}

/** The definition with just these tags. */
export function withTags(definition: JsonObject, map: Readonly<Record<string, string>>): JsonObject {
  const { tags: _, ...rest } = definition;
  const tags = Object.entries(map).map(([key, value]) => ({ key, value }));
  return tags.length === 0 ? rest : { ...rest, tags };
}

/** The value of one of our tags on a task definition. */
export function taskDefinitionTag(definition: JsonObject, name: string): string | undefined {
  return ourTag({ tags: tagMap(definition) }, name);
}

/** The definition with the tags that users gave it and none of ours, which belong to one revision. */
export function withoutOurTaskTags(definition: JsonObject): JsonObject {
  const { tags } = withoutOurTags({ tags: tagMap(definition) });
  return withTags(definition, (tags ?? {}) as Record<string, string>);
}

/** The definition with the tags that still hold when the same content is registered once more. */
export function withLastingTags(definition: JsonObject): JsonObject {
  return withTags(definition, lastingTags({ tags: tagMap(definition) }) as Record<string, string>);
}
