import type { JsonObject, JsonValue } from '../core/json.ts';
import { batchChanges } from './changes/batch-changes.ts';
import { type Change, differences, happened } from './changes/compare.ts';
import { ecrChanges } from './changes/ecr-changes.ts';
import { ecsChanges } from './changes/ecs-changes.ts';
import { logsChanges } from './changes/logs-changes.ts';
import { s3Changes } from './changes/s3-changes.ts';
import { eventsChanges, schedulerChanges } from './changes/schedule-changes.ts';

type ChangesOf = (before: JsonValue | undefined, after: JsonValue | undefined) => Change[];

/** In the order in which a release touches them. */
const SERVICES: Readonly<Record<string, ChangesOf>> = {
  ecr: ecrChanges,
  s3: s3Changes,
  batch: batchChanges,
  ecs: ecsChanges,
  scheduler: schedulerChanges,
  events: eventsChanges,
  logs: logsChanges,
};

/**
 * What differs between two states of a local AWS, as `control.state()` gives them: a line each, by region and service, such
 * as `batch crawl:7 registered, verified`. The region stands before it when it is not the same for all.
 */
export function changesBetween(before: JsonObject, after: JsonObject): string[] {
  const others = [...Object.keys(before), ...Object.keys(after)].filter((name) => !Object.hasOwn(SERVICES, name));
  const services = [...Object.keys(SERVICES), ...new Set(others)];
  const changes = services.flatMap((service) => {
    const changesOf = SERVICES[service] ?? plainChanges;
    return changesOf(before[service], after[service]).map((change) => ({ ...change, service }));
  });
  const regions = [...new Set(changes.map(({ region }) => region))].toSorted();
  return regions.flatMap((region) =>
    changes
      .filter((change) => change.region === region)
      .map(({ service, text }) => `${regions.length > 1 ? `${region} ` : ''}${service} ${text}`),
  );
}

/** A service that nobody has words for yet: its things by region, kind and name. */
function plainChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap(({ name: region, before: old = {}, after: now = {} }) =>
    differences(old, now).flatMap((kind) =>
      differences(kind.before, kind.after).map((one) => ({
        region,
        text: `${kind.name} ${one.name} ${happened(one)}`,
      })),
    ),
  );
}
