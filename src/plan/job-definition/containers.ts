import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';

/** Where in a job definition a value stands: `['containerProperties', 'environment', 0]`. */
export type JsonPath = readonly (string | number)[];

/** A container of a job definition, whichever of the four kinds of properties holds it. */
export interface ContainerSlot {
  /** How users name it: the container's name, a node range, or both as `0:3/main`; empty when there can be only one. */
  label: string;
  path: JsonPath;
  /** Kubernetes calls the environment `env`, the rest of Batch `environment`. */
  environmentKey: 'environment' | 'env';
  /** An init container is never meant unless it is named. */
  init: boolean;
}

/** All containers of a definition, in its own order. */
export function containerSlots(definition: JsonObject): ContainerSlot[] {
  const single = isJsonObject(definition['containerProperties'])
    ? [slot('', ['containerProperties'], 'environment')]
    : [...ecsSlots(definition, [], ''), ...eksSlots(definition, [], '')];
  return [...single, ...nodeSlots(definition)];
}

function nodeSlots(definition: JsonObject): ContainerSlot[] {
  const path = ['nodeProperties', 'nodeRangeProperties'];
  return objects(valueAt(definition, path)).flatMap((range, index) => {
    const at = [...path, index];
    const nodes = String(range['targetNodes'] ?? index);
    const plain = isJsonObject(range['container']) ? [slot(nodes, [...at, 'container'], 'environment')] : [];
    return [...plain, ...ecsSlots(range, at, `${nodes}/`), ...eksSlots(range, at, `${nodes}/`)];
  });
}

function ecsSlots(holder: JsonObject, at: JsonPath, prefix: string): ContainerSlot[] {
  return objects(valueAt(holder, ['ecsProperties', 'taskProperties'])).flatMap((task, taskIndex) =>
    objects(task['containers']).map((container, index) =>
      slot(
        `${prefix}${name(container, index)}`,
        [...at, 'ecsProperties', 'taskProperties', taskIndex, 'containers', index],
        'environment',
      ),
    ),
  );
}

function eksSlots(holder: JsonObject, at: JsonPath, prefix: string): ContainerSlot[] {
  return ['containers', 'initContainers'].flatMap((key) => {
    const path = ['eksProperties', 'podProperties', key];
    return objects(valueAt(holder, path)).map((container, index) => ({
      ...slot(`${prefix}${name(container, index)}`, [...at, ...path, index], 'env'),
      init: key === 'initContainers',
    }));
  });
}

function slot(label: string, path: JsonPath, environmentKey: 'environment' | 'env'): ContainerSlot {
  return { label, path, environmentKey, init: false };
}

function name(container: JsonObject, index: number): string {
  return typeof container['name'] === 'string' ? container['name'] : String(index);
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The value at a path, or undefined where the path leaves the definition. */
export function valueAt(value: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let part = value;
  for (const step of path) {
    if (typeof step === 'number') part = Array.isArray(part) ? part[step] : undefined;
    else part = isJsonObject(part) ? part[step] : undefined;
  }
  return part;
}

export function containerAt(definition: JsonObject, container: ContainerSlot): JsonObject {
  const value = valueAt(definition, container.path);
  return isJsonObject(value) ? value : {};
}

export function imageOf(definition: JsonObject, container: ContainerSlot): string | undefined {
  const image = containerAt(definition, container)['image'];
  return typeof image === 'string' ? image : undefined;
}

/**
 * The container that a user means: the named one, or the only one. A node range alone names its container when it has
 * only one. Throws (exit code 2) with the candidates when that is not exactly one.
 */
export function chooseContainer(slots: readonly ContainerSlot[], wanted: string | undefined): ContainerSlot {
  const found =
    wanted === undefined
      ? slots.filter((candidate) => !candidate.init)
      : slots.filter(({ label }) => label === wanted || label.startsWith(`${wanted}/`) || label.endsWith(`/${wanted}`));
  const [only] = found;
  if (found.length === 1 && only) return only;
  const candidates = (found.length > 1 ? found : slots).map(({ label }) => label || '(the only one, without a name)');
  const title =
    wanted === undefined
      ? `the job definition has ${found.length} containers: say which one is meant`
      : `${found.length === 0 ? 'no' : 'more than one'} container of the job definition is called ${JSON.stringify(wanted)}`;
  throw badArgument(title, [
    `Give container, one of: ${candidates.join(', ') || 'none; the definition has no container'}.`,
  ]);
}
