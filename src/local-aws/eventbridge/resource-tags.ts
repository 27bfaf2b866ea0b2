import { Constraints, validationException } from './constraints.ts';

export interface KeyValue {
  Key: string | undefined;
  Value: string | undefined;
}

const MAX_TAGS = 50;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Tags with those given added or put in place of those with the same key.
 * @throws AwsError ValidationException
 */
export function withTags(tags: Readonly<Record<string, string>>, given: readonly KeyValue[]): Record<string, string> {
  const merged = { ...tags };
  given.forEach(({ Key: key, Value: value }, index) => {
    const at = `tags.${index + 1}.member`;
    new Constraints()
      .required(`${at}.key`, key)
      .required(`${at}.value`, value)
      .text(`${at}.key`, key, { max: 128 })
      .text(`${at}.value`, value, { min: 0, max: 256 })
      .check();
    if (/^aws:/i.test(key!)) throw validationException(`Tag key ${key} is not valid: aws: is reserved for AWS.`);
    if (!TAG_TEXT.test(key!) || !TAG_TEXT.test(value!)) {
      throw validationException(`Tag ${key} is not valid: only letters, numbers, spaces and _.:/=+-@ are allowed.`);
    }
    merged[key!] = value!;
  });
  if (Object.keys(merged).length > MAX_TAGS) {
    throw validationException(`The number of tags exceeds the limit of ${MAX_TAGS} tags per resource.`);
  }
  return merged;
}

export function withoutTags(tags: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
