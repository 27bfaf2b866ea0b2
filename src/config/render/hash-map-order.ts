/** Up to this many entries a Clojure map is an array map, which keeps the order in which they came. */
const ARRAY_MAP_LIMIT = 8;

/**
 * The order in which CircleCI prints this many jobs: that in which a Clojure map with these keys, put in one by one, gives
 * them. Jobs have no order that means anything; with this one, our output can be compared with CircleCI's line by line.
 *
 * More than eight keys are in a hash array mapped trie (clojure.lang.PersistentHashMap): five bits of the hash choose the
 * place in a node, the lowest first, and a node gives its keys and sub-nodes by place, whether it has an array of 32 or a
 * bitmap. Keys with one hash are together, in the order in which they came.
 * @param keys each once
 */
export function hashMapOrder(keys: readonly string[]): string[] {
  if (keys.length <= ARRAY_MAP_LIMIT) return [...keys];
  return keys
    .map((key) => ({ key, place: placeInTrie(clojureHash(key)) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ key }) => key);
}

/** The digits of the hash in base 32, the lowest first: as a number, so that places compare as numbers. */
function placeInTrie(hash: number): number {
  let place = 0;
  for (let shift = 0; shift < 32; shift += 5) place = place * 32 + ((hash >>> shift) & 31);
  return place;
}

/** `(hash text)`: clojure.lang.Murmur3.hashInt of the text's hash code, with its seed 0. */
function clojureHash(text: string): number {
  const code = javaHashCode(text);
  if (code === 0) return 0;
  let hash = Math.imul(rotateLeft(Math.imul(code, 0xcc9e2d51), 15), 0x1b873593);
  hash = (Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64) | 0;
  hash ^= 4; // the length in bytes of what is hashed
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** `java.lang.String.hashCode`: over UTF-16 units. */
function javaHashCode(text: string): number {
  let code = 0;
  for (let index = 0; index < text.length; index++) code = (Math.imul(code, 31) + text.charCodeAt(index)) | 0;
  return code;
}
