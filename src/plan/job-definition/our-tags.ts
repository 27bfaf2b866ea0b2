import { isJsonObject, type JsonObject } from '../../core/json.ts';

const PREFIX = 'aws-deploy:';

/** What a release knows about where it came from. */
export interface ReleaseFacts {
  gitSha: string | undefined;
  pipelineNumber: number | undefined;
  imageDigest: string | undefined;
  scriptSha256: string | undefined;
}

/** The tags by which later runs find and judge a revision. They belong to one revision and are never carried forward. */
export function ourTags(facts: ReleaseFacts, definitionHash: string): Record<string, string> {
  const tags = {
    'git-sha': facts.gitSha,
    pipeline: facts.pipelineNumber?.toString(),
    'image-digest': facts.imageDigest,
    'script-sha256': facts.scriptSha256,
    'definition-hash': definitionHash,
  };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) => (value === undefined ? [] : [[`${PREFIX}${name}`, value]])),
  );
}

/** A tag of ours by its short name, to be set on a revision: `{'aws-deploy:verified': …}`. */
export function newTag(name: string, value: string): Record<string, string> {
  return { [tagKey(name)]: value };
}

/** `aws-deploy:verified` */
export function tagKey(name: string): string {
  return `${PREFIX}${name}`;
}

/** The value of one of our tags on a definition. */
export function ourTag(definition: JsonObject, name: string): string | undefined {
  const tags = definition['tags'];
  const value = isJsonObject(tags) ? tags[`${PREFIX}${name}`] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function hasOurTags(definition: JsonObject): boolean {
  return ourTag(definition, 'definition-hash') !== undefined;
}

/** Tags that were earned by the one revision that has them, and not by its content. */
const EARNED = new Set([`${PREFIX}verified`, `${PREFIX}rejected`]);

/** All tags of a definition that still hold when the same content is registered once more. */
export function lastingTags({ tags }: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(isJsonObject(tags) ? tags : {}).filter(([key]) => !EARNED.has(key)));
}

/** The definition with the tags that users gave it and none of ours. */
export function withoutOurTags(definition: JsonObject): JsonObject {
  const { tags, ...rest } = definition;
  if (!isJsonObject(tags)) return definition;
  const kept = Object.entries(tags).filter(([key]) => !key.startsWith(PREFIX));
  return kept.length === 0 ? rest : { ...rest, tags: Object.fromEntries(kept) };
}
