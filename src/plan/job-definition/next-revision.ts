import type { JsonObject } from '../../core/json.ts';
import { settleRevisions, type Settlement, type SettleRequest } from '../settlement.ts';
import { definitionHash } from './canonical.ts';
import { diffDefinitions } from './diff.ts';
import { hasOurTags, ourTag, ourTags, type ReleaseFacts } from './our-tags.ts';

/** The number of a described revision. */
export function revisionNumber(described: JsonObject): number {
  return typeof described['revision'] === 'number' ? described['revision'] : 0;
}

export function revisionArn(described: JsonObject): string {
  return typeof described['jobDefinitionArn'] === 'string' ? described['jobDefinitionArn'] : '';
}

/** The highest revision of a list; AWS gives them in no order that it promises. */
export function newestRevision(described: readonly JsonObject[]): JsonObject | undefined {
  return described.toSorted((a, b) => revisionNumber(b) - revisionNumber(a))[0];
}

export type RevisionPlan =
  | { kind: 'nothing'; newest: JsonObject }
  /** A later pipeline has released already. */
  | { kind: 'superseded'; newest: JsonObject; byPipeline: number }
  | {
      kind: 'register';
      /** With our tags, as it is to be sent. */
      definition: JsonObject;
      hash: string;
      diff: readonly string[];
      /** The newest revision has none of our tags: something else registers revisions too. */
      foreign: boolean;
    };

export interface RevisionRequest {
  /** What is to be true, without our tags. */
  desired: JsonObject;
  /** ACTIVE revisions of the same name. */
  active: readonly JsonObject[];
  facts: ReleaseFacts;
  /** Lets an older pipeline replace what a newer one has released. */
  allowOlder: boolean;
}

/** Decides whether a revision is to be registered. Equal content is no revision, whoever registered it and whenever. */
export function planRevision({ desired, active, facts, allowOlder }: RevisionRequest): RevisionPlan {
  const newest = newestRevision(active);
  const hash = definitionHash(desired);
  const diff = diffDefinitions(newest, desired);
  if (newest && (diff.length === 0 || isRewriteOnly(newest, hash, diff))) return { kind: 'nothing', newest };
  const byPipeline = pipelineOf(newest);
  if (newest && !allowOlder && facts.pipelineNumber !== undefined && byPipeline > facts.pipelineNumber) {
    return { kind: 'superseded', newest, byPipeline };
  }
  const tags = { ...(desired['tags'] as JsonObject | undefined), ...ourTags(facts, hash) };
  return {
    kind: 'register',
    definition: { ...desired, tags },
    hash,
    diff,
    foreign: newest !== undefined && !hasOurTags(newest),
  };
}

/**
 * The newest revision was registered from just this content, and what differs now is how AWS gives it back. Tags alone
 * can be changed on a revision that is there, so a difference in them is a real one.
 */
function isRewriteOnly(newest: JsonObject, hash: string, diff: readonly string[]): boolean {
  return ourTag(newest, 'definition-hash') === hash && !diff.some((line) => /^[+-] tags\./.test(line));
}

/** What became of a revision that this run registered, while others may have registered theirs. */
export function settle(request: SettleRequest<JsonObject>): Settlement<JsonObject> {
  return settleRevisions(request, {
    number: revisionNumber,
    pipeline: pipelineOf,
    same: (one, other) => diffDefinitions(one, other).length === 0,
  });
}

/** NaN, which is neither older nor newer than anything, for a revision that no pipeline registered. */
function pipelineOf(described: JsonObject | undefined): number {
  return Number(described && ourTag(described, 'pipeline'));
}
