import type { JsonObject } from '../../core/json.ts';
import { mergeDefinitions } from '../job-definition/merge.ts';
import { settleRevisions, type Settlement, type SettleRequest } from '../settlement.ts';
import { diffTaskDefinitions } from './canonical.ts';
import type { DescribedTaskDefinition } from './described.ts';
import { tagMap, taskDefinitionTag, withoutOurTaskTags, withTags } from './tags.ts';

/** What became of a revision that this run registered, while others may have registered theirs. */
export function settleTaskDefinition(
  request: SettleRequest<DescribedTaskDefinition>,
): Settlement<DescribedTaskDefinition> {
  return settleRevisions(request, {
    number: ({ revision }) => revision,
    pipeline: (described) => Number(described && taskDefinitionTag(described.definition, 'pipeline')),
    same: (one, other) => diffTaskDefinitions(one.definition, other.definition).length === 0,
  });
}

/**
 * One definition with the changes of two releases that started from the same one and did not know of each other, without
 * our tags. Where both changed the same place, `preferred` counts.
 */
export function mergeTaskDefinitions(start: JsonObject, other: JsonObject, preferred: JsonObject): JsonObject {
  // Tags are a list of keys and values, and are known by their keys.
  const byKey = (definition: JsonObject): JsonObject => ({
    ...definition,
    tags: tagMap(withoutOurTaskTags(definition)),
  });
  const { tags, ...merged } = mergeDefinitions(byKey(start), byKey(other), byKey(preferred));
  return withTags(merged, tags as Record<string, string>);
}
