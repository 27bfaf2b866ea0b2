import { createHash } from 'node:crypto';
import { parseOrbReference } from './orb-reference.ts';

/** File names of 255 bytes are what common file systems take. */
const LONGEST_NAME = 200;

/**
 * Where the text of an orb is kept, relative to the folder of a cache: `circleci/node@5.2.0.yml`, `url/https%3a%2f%2f….yml`.
 * Different references have different paths, also where a file system does not tell capitals from small letters; no
 * reference leads out of the folder, whatever it is.
 */
export function orbCachePath(reference: string): string {
  const parsed = parseOrbReference(reference);
  if (parsed.kind === 'registry') {
    return `${fileName(parsed.namespace)}/${fileName(`${parsed.orb}@${parsed.version}`)}.yml`;
  }
  return `${parsed.kind}/${fileName(reference)}.yml`;
}

/** Everything but small letters, digits and `@ _ - .` as %xx of its UTF-8 bytes; a dot in front too. */
function fileName(text: string): string {
  const escaped = text.replace(/^\.|[^a-z0-9@_.-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  if (escaped.length <= LONGEST_NAME) return escaped;
  return `${escaped.slice(0, LONGEST_NAME - 65)}%${createHash('sha256').update(text).digest('hex')}`;
}
