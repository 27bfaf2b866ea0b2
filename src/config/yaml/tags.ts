/** The tags of YAML 1.1's types (yaml.org/type) that mean something here. */
const PREFIX = 'tag:yaml.org,2002:';

export const TAG = {
  bool: `${PREFIX}bool`,
  float: `${PREFIX}float`,
  int: `${PREFIX}int`,
  map: `${PREFIX}map`,
  merge: `${PREFIX}merge`,
  null: `${PREFIX}null`,
  seq: `${PREFIX}seq`,
  str: `${PREFIX}str`,
  timestamp: `${PREFIX}timestamp`,
} as const;

/** What a document declares by itself: `!name` is a tag of its own, `!!name` one of YAML's. */
export const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', PREFIX],
]);
