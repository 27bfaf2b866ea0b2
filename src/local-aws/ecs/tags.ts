import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';

import type { JsonCall } from '../json-protocol.ts';
import { type EcsState, invalidParameter } from './state.ts';

const MAX_TAGS = 50;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export type Tags = Record<string, string>;

/** Operations on the tags of anything that has an ARN. A task definition's tags belong to one revision. */
export function tagHandlers(state: EcsState) {
  return {
    ListTagsForResource({ resourceArn }: ListTagsForResourceRequest, call: JsonCall): ListTagsForResourceResponse {
      return { tags: tagList(tagged(state, resourceArn, call).tags) };
    },
    TagResource({ resourceArn, tags }: TagResourceRequest, call: JsonCall): object {
      const resource = tagged(state, resourceArn, call);
      resource.tags = withTags(resource.tags, tags);
      return {};
    },
    UntagResource({ resourceArn, tagKeys = [] }: UntagResourceRequest, call: JsonCall): object {
      const resource = tagged(state, resourceArn, call);
      resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !tagKeys.includes(key)));
      return {};
    },
  };
}

/**
 * The tags with those given added, or put in place of those with the same key.
 * @throws AwsError InvalidParameterException
 */
export function withTags(tags: Readonly<Tags>, given: readonly Tag[] | undefined): Tags {
  const merged: Tags = { ...tags };
  for (const { key = '', value = '' } of given ?? []) {
    if (key.length < 1 || key.length > 128) throw invalidParameter('A tag key must have 1 to 128 characters.');
    if (value.length > 256) throw invalidParameter(`The value of tag ${key} must have up to 256 characters.`);
    if (/^aws:/i.test(key)) throw invalidParameter(`Tag key ${key} is not valid: aws: is reserved for AWS.`);
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value)) {
      throw invalidParameter(`Tag ${key} is not valid: only letters, numbers, spaces and _.:/=+-@ are allowed.`);
    }
    merged[key] = value;
  }
  if (Object.keys(merged).length > MAX_TAGS) {
    throw invalidParameter(`The number of tags exceeds the limit of ${MAX_TAGS} tags per resource.`);
  }
  return merged;
}

export function tagList(tags: Readonly<Tags>): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function tagged(state: EcsState, arn: string | undefined, call: JsonCall): { tags: Tags } {
  const { clusters, services, tasks, taskDefinitions } = state.region(call.region);
  const resource = arn ?? '';
  const found =
    [...clusters.values()].find(({ clusterArn, status }) => clusterArn === resource && status === 'ACTIVE') ??
    services.get(resource) ??
    tasks.get(resource) ??
    [...taskDefinitions.values()].flat().find(({ taskDefinitionArn }) => taskDefinitionArn === resource);
  if (found === undefined) throw invalidParameter('The specified resource is not found.');
  return found;
}
