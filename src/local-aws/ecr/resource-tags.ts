import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../aws-error.ts';
import type { JsonHandler } from '../json-protocol.ts';
import { findRepository, type Ecr, type Repository } from './state.ts';
import { invalidParameter, required } from './validation.ts';

const TAGS_PER_RESOURCE = 50;

export function resourceTagHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    TagResource(input: TagResourceRequest, { region }) {
      addResourceTags(resource(ecr, region, input.resourceArn), required('tags', input.tags));
      return {};
    },
    UntagResource(input: UntagResourceRequest, { region }) {
      const { resourceTags } = resource(ecr, region, input.resourceArn);
      for (const key of required('tagKeys', input.tagKeys)) resourceTags.delete(key);
      return {};
    },
    ListTagsForResource(input: ListTagsForResourceRequest, { region }): ListTagsForResourceResponse {
      const { resourceTags } = resource(ecr, region, input.resourceArn);
      return { tags: [...resourceTags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

/**
 * Adds tags to those that are there, or changes none.
 * @throws AwsError InvalidTagParameterException, TooManyTagsException
 */
export function addResourceTags(repository: Repository, tags: readonly Tag[]): void {
  const merged = new Map(repository.resourceTags);
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '' || Key.length > 128) throw invalidTag(`Tag key '${Key}' must have 1 to 128 characters`);
    if (Value.length > 256) throw invalidTag(`The value of tag '${Key}' must have at most 256 characters`);
    if (/^aws:/i.test(Key)) throw invalidTag("Tag keys cannot start with 'aws:', which is reserved for AWS use");
    merged.set(Key, Value);
  }
  if (merged.size > TAGS_PER_RESOURCE) {
    const message = `The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a repository is ${TAGS_PER_RESOURCE}`;
    throw new AwsError('TooManyTagsException', message);
  }
  repository.resourceTags = merged;
}

function invalidTag(message: string): AwsError {
  return new AwsError('InvalidTagParameterException', message);
}

function resource(ecr: Ecr, region: string, arn: string | undefined): Repository {
  const match = /^arn:aws[a-z-]*:ecr:([a-z0-9-]+):(\d{12}):repository\/(.+)$/.exec(required('resourceArn', arn));
  if (match === null || match[1] !== region) throw invalidParameter('resourceArn', 'Invalid ARN');
  return findRepository(ecr, region, match[3] ?? '', match[2]);
}
