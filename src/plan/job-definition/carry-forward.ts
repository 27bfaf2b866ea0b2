import type { JsonObject } from '../../core/json.ts';
import { withoutOurTags } from './our-tags.ts';

/** Members that DescribeJobDefinitions answers and RegisterJobDefinition does not take. */
const DESCRIBED_ONLY = new Set(['jobDefinitionArn', 'revision', 'status', 'containerOrchestrationType']);

/**
 * What to register so that the next revision equals a described one: everything is kept, also members that this code
 * has never heard of, but what only AWS can say and the tags that belong to that one revision.
 */
export function carryForward(described: JsonObject): JsonObject {
  const kept = Object.entries(described).filter(([key]) => !DESCRIBED_ONLY.has(key));
  return withoutOurTags(Object.fromEntries(kept));
}
