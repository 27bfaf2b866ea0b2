import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../json-protocol.ts';
import { type BatchState, clientException, nameOf } from './state.ts';

const MAX_TAGS = 50;

/** Operations on the tags of anything that has an ARN. A job definition's tags belong to one revision. */
export function tagHandlers(state: BatchState) {
  return {
    ListTagsForResource(input: ListTagsForResourceRequest, call: JsonCall): ListTagsForResourceResponse {
      return { tags: { ...taggedResource(state, input.resourceArn ?? '', call).tags } };
    },
    TagResource(input: TagResourceRequest, call: JsonCall): object {
      const resource = taggedResource(state, input.resourceArn ?? '', call);
      const tags = { ...resource.tags, ...input.tags };
      checkTags(tags, Object.keys(input.tags ?? {}));
      resource.tags = tags;
      return {};
    },
    UntagResource(input: UntagResourceRequest, call: JsonCall): object {
      const resource = taggedResource(state, input.resourceArn ?? '', call);
      const gone = new Set(input.tagKeys);
      resource.tags = Object.fromEntries(Object.entries(resource.tags ?? {}).filter(([key]) => !gone.has(key)));
      return {};
    },
  };
}

/** Tags as they may be in the end. Only the keys that were given now are checked for their text. */
export function checkTags(tags: Readonly<Record<string, string>>, given: readonly string[] = Object.keys(tags)): void {
  if (Object.keys(tags).length > MAX_TAGS) {
    throw clientException(`The number of tags exceeds the limit of ${MAX_TAGS} tags per resource.`);
  }
  for (const key of given) {
    const value = tags[key] ?? '';
    if (key.toLowerCase().startsWith('aws:')) {
      throw clientException(`Tag key ${key} is not valid: keys that start with aws: are reserved for system use.`);
    }
    if (key.length < 1 || key.length > 128) throw clientException('A tag key must have 1 to 128 characters.');
    if (value.length > 256) throw clientException(`The value of tag ${key} must have up to 256 characters.`);
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value)) {
      throw clientException(`Tag ${key} is not valid: only letters, numbers, spaces and _.:/=+-@ are allowed.`);
    }
  }
}

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function taggedResource(state: BatchState, arn: string, call: JsonCall): { tags?: Record<string, string> | undefined } {
  const region = state.region(call.region);
  const [kind] = arn.split(':').slice(5).join(':').split('/');
  const name = nameOf(arn);
  const found =
    kind === 'job-definition'
      ? region.jobDefinitions.get(name.split(':')[0]!)?.find((revision) => revision.jobDefinitionArn === arn)
      : kind === 'job-queue'
        ? region.jobQueues.get(name)
        : kind === 'compute-environment'
          ? region.computeEnvironments.get(name)
          : kind === 'job'
            ? region.jobs.get(name)?.detail
            : undefined;
  if (found === undefined) throw clientException(`Resource ${arn} does not exist.`);
  return found;
}
