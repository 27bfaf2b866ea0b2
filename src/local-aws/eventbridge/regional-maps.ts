import { type JsonObject, type JsonValue, stableStringify } from '../../core/json.ts';

/** What a service keeps in each region: things by name, in maps of a kind each. */
export interface RegionalMaps<R> {
  /** The maps of a region, empty ones when it was never asked before. */
  region(name: string): R;
  regions(): Iterable<[string, R]>;
  /** By region. Regions that were only asked hold nothing that could be observed. */
  snapshot(): JsonObject;
  restore(snapshot: JsonValue): void;
  reset(): void;
}

type MapsOf<R> = { [K in keyof R]: Map<string, object> };

/** @param fresh gives the empty maps of a region; what they hold is plain JSON */
export function regionalMaps<R extends MapsOf<R>>(fresh: () => R): RegionalMaps<R> {
  const regions = new Map<string, R>();
  const region = (name: string): R => {
    const maps = regions.get(name) ?? fresh();
    regions.set(name, maps);
    return maps;
  };
  return {
    region,
    regions: () => regions,
    snapshot: () => snapshotOf(regions),
    restore(snapshot) {
      regions.clear();
      const plain = structuredClone(snapshot) as object as Record<string, Record<string, Record<string, object>>>;
      for (const [name, kinds] of Object.entries(plain)) {
        for (const [kind, map] of kindsOf(region(name))) {
          for (const [key, thing] of Object.entries(kinds[kind] ?? {})) map.set(key, thing);
        }
      }
    },
    reset: () => regions.clear(),
  };
}

function kindsOf<R extends MapsOf<R>>(maps: R): [string, Map<string, object>][] {
  return Object.entries<Map<string, object>>(maps);
}

function snapshotOf<R extends MapsOf<R>>(regions: ReadonlyMap<string, R>): JsonObject {
  const used = [...regions].filter(([, maps]) => kindsOf(maps).some(([, map]) => map.size > 0));
  const plain = used.map(([name, maps]) => [
    name,
    Object.fromEntries(kindsOf(maps).map(([kind, map]) => [kind, Object.fromEntries(map)])),
  ]);
  return JSON.parse(stableStringify(Object.fromEntries(plain) as JsonObject)) as JsonObject;
}
