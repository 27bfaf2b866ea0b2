import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import type { JsonObject } from '../core/json.ts';

/**
 * What of an answer goes back in a request that replaces everything: the members that the request has, and those that
 * the SDK's model of the answer doesn't know, because AWS is newer than it. What is only told, as a date of creation, is
 * left out.
 */
export function sendableMembers(
  answer: JsonObject,
  { told, taken }: { told: StaticStructureSchema; taken: StaticStructureSchema },
): JsonObject {
  const [known, wanted] = [memberNames(told), memberNames(taken)];
  return Object.fromEntries(
    Object.entries(answer).filter(([name, value]) => value !== null && (wanted.has(name) || !known.has(name))),
  );
}

function memberNames(schema: StaticStructureSchema): Set<string> {
  return new Set([...NormalizedSchema.of(schema).structIterator()].map(([name]) => name));
}
