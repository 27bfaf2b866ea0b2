import { createHash } from 'node:crypto';
import { isJsonObject, stableStringify, type JsonObject, type JsonValue } from '../../core/json.ts';
import { mapList, mapObject, sortedBy, withoutEmpty } from '../canonical-form.ts';
import { jsonDifferences } from '../job-definition/diff.ts';
import { tagMap, withoutOurTaskTags } from './tags.ts';
import { cpuUnits, memoryMebibytes } from './task-size.ts';

/**
 * ECS fills in defaults, empties and sizes in units, and gives lists back in orders of its own. Two definitions are the
 * same when their canonical forms are equal. The canonical form is only compared, never sent. The rewrites are those that
 * Terraform's aws_ecs_task_definition and ecspresso know, and what the API reference calls defaults.
 */
export function canonicalTaskDefinition(definition: JsonObject): JsonObject {
  const { cpu, memory, tags, containerDefinitions, ...rest } = withoutOurTaskTags(definition);
  const isAwsvpc = rest['networkMode'] === 'awsvpc';
  return withoutEmpty({
    ...mapObject(rest, {
      proxyConfiguration: (proxy) => ({ ...proxy, properties: sortedBy('name', proxy['properties']) }),
    }),
    containerDefinitions: sortedBy(
      'name',
      mapList({ containerDefinitions: containerDefinitions ?? [] }, 'containerDefinitions', (container) =>
        canonicalContainer(container, isAwsvpc),
      )['containerDefinitions'],
    ),
    volumes: sortedBy('name', mapList(rest, 'volumes', canonicalVolume)['volumes']),
    placementConstraints: sortedByText(rest['placementConstraints']),
    requiresCompatibilities: sortedByText(rest['requiresCompatibilities']),
    cpu: sizeText(cpuUnits(cpu), cpu),
    memory: sizeText(memoryMebibytes(memory), memory),
    tags: tags === undefined ? {} : tagMap({ tags }),
  }) as JsonObject;
}

/** A hash of what a definition says; equal for definitions that ECS would make equal. */
export function taskDefinitionHash(definition: JsonObject): string {
  return createHash('sha256')
    .update(stableStringify(canonicalTaskDefinition(definition)))
    .digest('hex');
}

/**
 * The differences between two definitions, a line each, `-` for what was and `+` for what will be; empty when ECS would
 * make them equal. Values of variables whose names say secret are not shown.
 */
export function diffTaskDefinitions(before: JsonObject | undefined, after: JsonObject): string[] {
  return jsonDifferences(before && canonicalTaskDefinition(before), canonicalTaskDefinition(after)).flatMap(
    ({ lines }) => lines,
  );
}

function sizeText(units: number | undefined, given: JsonValue | undefined): JsonValue {
  return units === undefined ? (given ?? null) : String(units);
}

function canonicalContainer(container: JsonObject, isAwsvpc: boolean): JsonObject {
  const { cpu, versionConsistency, ...rest } = container;
  return {
    essential: true,
    ...mapObject(rest, { healthCheck: (check) => ({ interval: 30, timeout: 5, retries: 3, ...withoutNulls(check) }) }),
    ...(cpu === 0 ? {} : { cpu: cpu ?? null }),
    ...(versionConsistency === 'enabled' ? {} : { versionConsistency: versionConsistency ?? null }),
    environment: sortedBy('name', mapList(rest, 'environment', (entry) => ({ value: '', ...entry }))['environment']),
    secrets: sortedBy('name', rest['secrets']),
    ulimits: sortedBy('name', rest['ulimits']),
    portMappings: sortedByText(mapList(rest, 'portMappings', (port) => canonicalPort(port, isAwsvpc))['portMappings']),
    mountPoints: sortedByText(mapList(rest, 'mountPoints', withoutFalseReadOnly)['mountPoints']),
    volumesFrom: sortedByText(mapList(rest, 'volumesFrom', withoutFalseReadOnly)['volumesFrom']),
  };
}

function canonicalPort(port: JsonObject, isAwsvpc: boolean): JsonObject {
  const { hostPort, ...rest } = port;
  // Under awsvpc the host has the container's port; elsewhere 0 is a port that is chosen when the task starts.
  const host = isAwsvpc ? (rest['containerPort'] ?? null) : hostPort === 0 ? null : (hostPort ?? null);
  return { protocol: 'tcp', ...rest, hostPort: host };
}

function canonicalVolume(volume: JsonObject): JsonObject {
  return mapObject(volume, { efsVolumeConfiguration: (efs) => ({ rootDirectory: '/', ...efs }) });
}

function withoutFalseReadOnly({ readOnly, ...rest }: JsonObject): JsonObject {
  return readOnly === true ? { ...rest, readOnly } : rest;
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** For lists whose items have no name. */
function sortedByText(list: JsonValue | undefined): JsonValue {
  if (!Array.isArray(list)) return list ?? [];
  const text = (item: JsonValue): string => (isJsonObject(item) ? stableStringify(item) : String(item));
  return list.toSorted((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
