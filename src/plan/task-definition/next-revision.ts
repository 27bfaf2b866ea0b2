import type { JsonObject } from '../../core/json.ts';
import { ourTags, type ReleaseFacts } from '../job-definition/our-tags.ts';
import { diffTaskDefinitions, taskDefinitionHash } from './canonical.ts';
import { imagesByContainer } from './containers.ts';
import type { DescribedTaskDefinition } from './described.ts';
import { tagMap, taskDefinitionTag, withoutOurTaskTags, withTags } from './tags.ts';

export type TaskDefinitionPlan =
  | { kind: 'nothing'; newest: DescribedTaskDefinition }
  /** A later pipeline has released already. */
  | { kind: 'superseded'; newest: DescribedTaskDefinition; byPipeline: number }
  | {
      kind: 'register';
      /** With our tags, as it is to be sent. */
      definition: JsonObject;
      hash: string;
      diff: readonly string[];
      /** The newest revision has none of our tags: something else registers revisions too. */
      foreign: boolean;
    };

export interface TaskDefinitionRequest {
  /** What is to be true, without our tags. */
  desired: JsonObject;
  /** The newest ACTIVE revision of the family. */
  newest: DescribedTaskDefinition | undefined;
  facts: Pick<ReleaseFacts, 'gitSha' | 'pipelineNumber'>;
  /** Lets an older pipeline replace what a newer one has released. */
  allowOlder: boolean;
}

/** Decides whether a revision is to be registered. Equal content is no revision, whoever registered it and whenever. */
export function planTaskDefinition(request: TaskDefinitionRequest): TaskDefinitionPlan {
  const { newest, facts, allowOlder } = request;
  const desired = withoutOurTaskTags(request.desired);
  const hash = taskDefinitionHash(desired);
  const diff = diffTaskDefinitions(newest?.definition, desired);
  if (newest && (diff.length === 0 || isRewriteOnly(newest, hash, diff))) return { kind: 'nothing', newest };
  const byPipeline = Number(newest && taskDefinitionTag(newest.definition, 'pipeline'));
  if (newest && !allowOlder && facts.pipelineNumber !== undefined && byPipeline > facts.pipelineNumber) {
    return { kind: 'superseded', newest, byPipeline };
  }
  const own = ourTags({ ...facts, imageDigest: imageDigest(desired), scriptSha256: undefined }, hash);
  return {
    kind: 'register',
    definition: withTags(desired, { ...tagMap(desired), ...own }),
    hash,
    diff,
    foreign: newest !== undefined && taskDefinitionTag(newest.definition, 'definition-hash') === undefined,
  };
}

/**
 * The newest revision was registered from just this content, and what differs now is how ECS gives it back. Tags alone can
 * be changed on a revision that is there, so a difference in them is a real one.
 */
function isRewriteOnly({ definition }: DescribedTaskDefinition, hash: string, diff: readonly string[]): boolean {
  return taskDefinitionTag(definition, 'definition-hash') === hash && !diff.some((line) => /^[+-] tags\b/.test(line));
}

/** Of the first container that has one. */
function imageDigest(definition: JsonObject): string | undefined {
  const images = Object.values(imagesByContainer(definition));
  return images.flatMap((image) => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? [])[0];
}
