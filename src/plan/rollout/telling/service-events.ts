import type { ServiceEvent } from '../observation.ts';

/** Which events of a service are not to be told (again). */
export interface ToldEvents {
  ids: ReadonlySet<string>;
  /** Events before this time are none of ours, whoever has seen them. */
  since: number;
}

/** @param before the service's events just before the call; none of them is ever told */
export function eventsBefore(before: readonly ServiceEvent[]): ToldEvents {
  return { ids: new Set(before.map(({ id }) => id)), since: newest(before) };
}

/** For somebody who comes later: from when the deployment was created. */
export function eventsSince(createdAt: number): ToldEvents {
  return { ids: new Set(), since: createdAt };
}

/**
 * The events that are new, the oldest first, each once. AWS gives the newest 100: more than that between two looks are lost.
 */
export function newEvents(
  told: ToldEvents,
  events: readonly ServiceEvent[],
): { events: readonly ServiceEvent[]; told: ToldEvents } {
  const fresh = events
    .filter(({ id, createdAt }) => !told.ids.has(id) && createdAt >= told.since)
    // AWS gives the newest first; of one moment, the later stands before.
    .toReversed()
    .toSorted((a, b) => a.createdAt - b.createdAt);
  const ids = new Set([...told.ids, ...fresh.map(({ id }) => id)]);
  const once = fresh.filter(({ id }, index) => fresh.findIndex((other) => other.id === id) === index);
  return { events: once, told: { ...told, ids } };
}

function newest(events: readonly ServiceEvent[]): number {
  return events.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0);
}
