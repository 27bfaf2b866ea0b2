import { createHash } from 'node:crypto';

/** File systems take names of up to 255 bytes; temporary names, and endings, want some of them. */
const LONGEST = 120;

/**
 * A name as one part of a path. Names of workflows and jobs may hold anything: what a file system, or a person who types
 * it, stumbles over becomes `%2F`; no two names become the same.
 */
export function pathSegment(name: string): string {
  const escaped = name.replaceAll(/[^\p{L}\p{N}._,=@+ -]|^\.|^[ -]|[. ]$/gu, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  if (escaped === '') return '%';
  if (Buffer.byteLength(escaped) <= LONGEST) return escaped;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${clipped(escaped, LONGEST - hash.length - 2)}%~${hash}`;
}

function clipped(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
