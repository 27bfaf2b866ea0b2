import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { containerName, containersOf } from './containers.ts';
import { tagMap, withTags } from './tags.ts';

/** What a release asks to be different in one container. Everything that is not named stays as it is. */
export interface ContainerEdits {
  image?: string | undefined;
  /** Values go in as they are, commas, equals signs and quotes included. */
  environment?: Readonly<Record<string, string>> | undefined;
  removeEnvironment?: readonly string[] | undefined;
  /** ARNs of secrets or parameters, by the name of the variable. */
  secrets?: Readonly<Record<string, string>> | undefined;
  removeSecrets?: readonly string[] | undefined;
  /** CPU units. */
  cpu?: number | undefined;
  /** MiB. */
  memory?: number | undefined;
  memoryReservation?: number | undefined;
  command?: readonly string[] | undefined;
  /** The whole logConfiguration. */
  logging?: JsonObject | undefined;
}

export interface TaskDefinitionEdits {
  /** By the name of the container, which must be there. */
  containers?: Readonly<Record<string, ContainerEdits>> | undefined;
  /** Of the task: CPU units or `1 vCPU`. */
  cpu?: string | undefined;
  /** Of the task: MiB or `2 GB`. */
  memory?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
}

/** A new definition with the edits made; the given one is left alone. */
export function editTaskDefinition(definition: JsonObject, edits: TaskDefinitionEdits): JsonObject {
  const { containers = {}, cpu, memory, tags = {} } = edits;
  const edited: JsonObject = {
    ...definition,
    containerDefinitions: containersOf(definition).map((container) => {
      const name = containerName(container);
      const own = Object.hasOwn(containers, name) ? containers[name] : undefined;
      return own ? editContainer(container, own) : container;
    }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  };
  return Object.keys(tags).length === 0 ? edited : withTags(edited, { ...tagMap(edited), ...tags });
}

function editContainer(container: JsonObject, edits: ContainerEdits): JsonObject {
  const { environment = {}, secrets = {}, removeEnvironment = [], removeSecrets = [] } = edits;
  const { image, cpu, memory, memoryReservation, command, logging } = edits;
  const plain = {
    image,
    cpu,
    memory,
    memoryReservation,
    command: command && [...command],
    logConfiguration: logging,
  };
  const edited: JsonObject = {
    ...container,
    ...Object.fromEntries(Object.entries(plain).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
  };
  // ECS takes no name for both: a variable that is set as one kind is none of the other any more.
  return {
    ...edited,
    ...editList(edited, 'environment', 'value', environment, [...removeEnvironment, ...Object.keys(secrets)]),
    ...editList(edited, 'secrets', 'valueFrom', secrets, [...removeSecrets, ...Object.keys(environment)]),
  };
}

/** Keeps the order of what is there, appends what is new; nothing when nothing is asked for. */
function editList(
  container: JsonObject,
  key: 'environment' | 'secrets',
  valueKey: 'value' | 'valueFrom',
  set: Readonly<Record<string, string>>,
  remove: readonly string[],
): JsonObject {
  const entries = listOf(container[key]);
  const kept = entries.filter(
    (entry) => !remove.includes(String(entry['name'])) || Object.hasOwn(set, String(entry['name'])),
  );
  if (kept.length === entries.length && Object.keys(set).length === 0) return {};
  const names = new Set(kept.map((entry) => entry['name']));
  return {
    [key]: [
      ...kept.map((entry) => {
        const name = String(entry['name']);
        const value = Object.hasOwn(set, name) ? set[name] : undefined;
        return value === undefined ? entry : { ...entry, [valueKey]: value };
      }),
      ...Object.entries(set).flatMap(([name, value]) => (names.has(name) ? [] : [{ name, [valueKey]: value }])),
    ],
  };
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
