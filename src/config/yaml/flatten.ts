import type { RawMap, RawNode, RawPair } from './raw-node.ts';
import { TAG } from './tags.ts';
import { YamlError, type ErrorContext } from './yaml-error.ts';

/** What a key is as a text, and what to do about a wrong one. */
export interface Keys {
  /** Undefined when it can't be a key, which has been reported. */
  textOf(key: RawNode): string | undefined;
  /** A key is in one map twice. */
  repeated(text: string, earlier: RawNode, later: RawNode, map: RawMap): void;
}

/** Pairs, maps and lists that may be looked at for merge keys; without a limit, merges of merges could fill the memory. */
const MOST_STEPS = 500_000;

/**
 * Resolves merge keys, as SnakeYAML does: what is merged takes the place of the merge key, and of two pairs of one key
 * the map's own wins, in the place where the key was first. Where a key may be there twice, the last pair wins, in its place.
 */
export class Flattener {
  private readonly keys: Keys;
  private steps = 0;

  constructor(keys: Keys) {
    this.keys = keys;
  }

  /**
   * The pairs of a map, by key, in order.
   * @throws YamlError when something else than a map or a list of maps is to be merged
   */
  flatten(map: RawMap): ReadonlyMap<string, RawPair> {
    const own = this.ownPairs(map);
    if (!map.pairs.some(isMerge)) {
      if (own.size < map.pairs.length) map.pairs = [...own.values()];
      return own;
    }
    const kept = new Set(own.values());
    map.pairs = map.pairs.filter((pair) => isMerge(pair) || kept.has(pair));
    const pairs = new Map<string, RawPair>();
    this.merge(map, true, pairs);
    map.pairs = [...pairs.values()];
    return pairs;
  }

  private ownPairs(map: RawMap): Map<string, RawPair> {
    const own = new Map<string, RawPair>();
    for (const pair of map.pairs) {
      const text = isMerge(pair) ? undefined : this.keys.textOf(pair.key);
      if (text === undefined) continue;
      const earlier = own.get(text);
      if (earlier !== undefined) {
        this.keys.repeated(text, earlier.key, pair.key, map);
        own.delete(text);
      }
      own.set(text, pair);
    }
    return own;
  }

  /** @param isOwn its pairs win over those that are there already */
  private merge(map: RawMap, isOwn: boolean, pairs: Map<string, RawPair>): void {
    if (!isOwn) this.count(map.pairs.length + 1, map);
    for (const pair of map.pairs) {
      if (isMerge(pair)) {
        this.mergeValue(pair.value, map, pairs);
        continue;
      }
      const text = this.keys.textOf(pair.key);
      if (text !== undefined && (isOwn || !pairs.has(text))) pairs.set(text, pair);
    }
    // SnakeYAML takes the merge keys away as it follows them: a map written behind a merge key has none of its own later.
    if (!isOwn) map.pairs = map.pairs.filter((pair) => !isMerge(pair));
  }

  /** @param into the map with the merge key */
  private mergeValue(value: RawNode, into: RawMap, pairs: Map<string, RawPair>): void {
    const context = { text: 'while constructing a mapping', index: into.index };
    if (value.kind === 'map') return this.merge(value, false, pairs);
    if (value.kind === 'scalar') throw cannotMerge('a mapping or list of mappings', value, context);
    this.count(value.items.length, value);
    for (const item of value.items) {
      if (item.kind !== 'map') throw cannotMerge('a mapping', item, context);
      this.merge(item, false, pairs);
    }
  }

  private count(steps: number, { index }: RawNode): void {
    this.steps += steps;
    if (this.steps > MOST_STEPS) throw new YamlError('this text merges too many maps', index);
  }
}

function isMerge({ key }: RawPair): boolean {
  return key.tag === TAG.merge;
}

const NODE_NAMES = { scalar: 'scalar', list: 'sequence', map: 'mapping' } as const;

function cannotMerge(expected: string, found: RawNode, context: ErrorContext): YamlError {
  const problem = `expected ${expected} for merging, but found ${NODE_NAMES[found.kind]}`;
  return new YamlError(problem, found.index, { context });
}
