import { createHash } from 'node:crypto';
import { isJsonObject, stableStringify, type JsonObject, type JsonValue } from '../../core/json.ts';
import { mapList, mapObject, sortedBy, withoutEmpty } from '../canonical-form.ts';
import { carryForward } from './carry-forward.ts';

/**
 * AWS Batch rewrites what it is given: it fills in defaults, drops what is empty and moves deprecated members. Two
 * definitions are the same when their canonical forms are equal. The canonical form is only compared, never sent.
 * The rewrites are those that the reducers of Terraform's aws_batch_job_definition and batchkoi know.
 */
export function canonicalDefinition(definition: JsonObject): JsonObject {
  const fargate = includesFargate(definition['platformCapabilities']);
  const { platformCapabilities, propagateTags, type, ...rest } = carryForward(definition);
  const properties = mapObject(rest, {
    containerProperties: (value) => canonicalContainer(value, fargate),
    ecsProperties: (value) => canonicalEcs(value, fargate),
    eksProperties: canonicalEks,
    nodeProperties: canonicalNodes,
  });
  const canonical = {
    ...properties,
    type: typeof type === 'string' ? type.toLowerCase() : (type ?? null),
    // EC2 is what AWS takes when nothing is said.
    ...(isDefaultPlatform(platformCapabilities) ? {} : { platformCapabilities: platformCapabilities ?? null }),
    ...(propagateTags === true ? { propagateTags } : {}),
  };
  return withoutEmpty(canonical, MEANT_EMPTY) as JsonObject;
}

/** Members whose presence without content means something: `emptyDir: {}` is a volume. */
const MEANT_EMPTY: ReadonlySet<string> = new Set(['emptyDir']);

/** A hash of what a definition says; equal for definitions that AWS would make equal. */
export function definitionHash(definition: JsonObject): string {
  return createHash('sha256')
    .update(stableStringify(canonicalDefinition(definition)))
    .digest('hex');
}

function includesFargate(capabilities: JsonValue | undefined): boolean {
  return Array.isArray(capabilities) && capabilities.includes('FARGATE');
}

function isDefaultPlatform(capabilities: JsonValue | undefined): boolean {
  if (!Array.isArray(capabilities)) return capabilities === undefined || capabilities === null;
  return capabilities.length === 0 || (capabilities.length === 1 && capabilities[0] === 'EC2');
}

function canonicalContainer(container: JsonObject, fargate: boolean): JsonObject {
  const { vcpus, memory, ...rest } = container;
  return {
    ...rest,
    environment: canonicalEnvironment(rest['environment']),
    secrets: sortedBy('name', rest['secrets']),
    ulimits: sortedBy('name', rest['ulimits']),
    volumes: sortedBy('name', rest['volumes']),
    resourceRequirements: canonicalResources(rest['resourceRequirements'], vcpus, memory),
    fargatePlatformConfiguration: platformConfiguration(rest['fargatePlatformConfiguration'], fargate),
  };
}

/** The deprecated members `vcpus` and `memory` come back as resource requirements. */
function canonicalResources(listed: JsonValue | undefined, vcpus?: JsonValue, memory?: JsonValue): JsonValue {
  const given = Array.isArray(listed) ? listed.filter(isJsonObject) : [];
  const types = new Set(given.map((entry) => entry['type']));
  const moved = [
    ...(vcpus === undefined || types.has('VCPU') ? [] : [{ type: 'VCPU', value: String(vcpus) }]),
    ...(memory === undefined || types.has('MEMORY') ? [] : [{ type: 'MEMORY', value: String(memory) }]),
  ];
  return sortedBy('type', [...given, ...moved]);
}

/** AWS keeps no variable with an empty value, and gives the rest back in an order of its own. */
function canonicalEnvironment(environment: JsonValue | undefined): JsonValue {
  const entries = Array.isArray(environment) ? environment.filter(isJsonObject) : [];
  return sortedBy(
    'name',
    entries.filter((entry) => entry['value'] !== '' && entry['value'] !== undefined && entry['value'] !== null),
  );
}

function platformConfiguration(configuration: JsonValue | undefined, fargate: boolean): JsonValue {
  const given = isJsonObject(configuration) ? configuration : {};
  return fargate || Object.keys(given).length > 0 ? { platformVersion: 'LATEST', ...given } : {};
}

function canonicalEcs(properties: JsonObject, fargate: boolean): JsonObject {
  return mapList(properties, 'taskProperties', (task) => ({
    ...(fargate ? { platformVersion: 'LATEST' } : {}),
    ...mapList(task, 'containers', (container) => ({
      essential: true,
      ...container,
      environment: canonicalEnvironment(container['environment']),
      secrets: sortedBy('name', container['secrets']),
      ulimits: sortedBy('name', container['ulimits']),
      resourceRequirements: sortedBy('type', container['resourceRequirements']),
    })),
    volumes: sortedBy('name', task['volumes']),
  }));
}

/** The order of `env` is kept: Kubernetes expands `$(NAME)` only from what stands before. */
function canonicalEks(properties: JsonObject): JsonObject {
  return mapObject(properties, {
    podProperties: (pod) => ({
      dnsPolicy: 'ClusterFirst',
      hostNetwork: true,
      ...pod,
      volumes: sortedBy('name', pod['volumes']),
    }),
  });
}

function canonicalNodes(properties: JsonObject): JsonObject {
  return mapList(properties, 'nodeRangeProperties', (range) =>
    mapObject(range, {
      container: (container) => canonicalContainer(container, false),
      ecsProperties: (ecs) => canonicalEcs(ecs, false),
      eksProperties: canonicalEks,
    }),
  );
}
