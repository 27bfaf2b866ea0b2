import { S3Error } from './errors.ts';

const TAGS_PER_OBJECT = 10;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags of `x-amz-tagging`, which are written like a query string. */
export function tagsFromHeader(header: string | undefined): Record<string, string> {
  return checkedTags([...new URLSearchParams(header ?? '')]);
}

/** @throws S3Error InvalidTag, BadRequest */
export function checkedTags(pairs: readonly [string, string][]): Record<string, string> {
  if (pairs.length > TAGS_PER_OBJECT) throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128 || !TAG_TEXT.test(key))
      throw invalidTag('The TagKey you have provided is invalid', key);
    if (value.length > 256 || !TAG_TEXT.test(value)) throw invalidTag('The TagValue you have provided is invalid', key);
    if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester', key);
  }
  const tags = new Map(pairs);
  if (tags.size < pairs.length) {
    const repeated = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index)?.[0] ?? '';
    throw invalidTag('Cannot provide multiple Tags with the same key', repeated);
  }
  return Object.fromEntries(tags);
}

function invalidTag(message: string, key: string): S3Error {
  return new S3Error(400, 'InvalidTag', message, { TagKey: key });
}
