import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { containerAt, type ContainerSlot, type JsonPath } from './containers.ts';

/** What a release asks to be different. Everything that is not named stays as it is. */
export interface DefinitionEdits {
  image?: string | undefined;
  environment?: Readonly<Record<string, string>> | undefined;
  removeEnvironment?: readonly string[] | undefined;
  parameters?: Readonly<Record<string, string>> | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
  timeoutSeconds?: number | undefined;
  retryAttempts?: number | undefined;
}

/** A new definition with the edits made; the given one is left alone. */
export function editDefinition(
  definition: JsonObject,
  container: ContainerSlot | undefined,
  edits: DefinitionEdits,
): JsonObject {
  let edited = definition;
  if (container)
    edited = replaceAt(edited, container.path, editContainer(containerAt(edited, container), container, edits));
  edited = mergeMap(edited, 'parameters', edits.parameters);
  edited = mergeMap(edited, 'tags', edits.tags);
  if (edits.timeoutSeconds !== undefined) {
    edited = { ...edited, timeout: { ...objectAt(edited, 'timeout'), attemptDurationSeconds: edits.timeoutSeconds } };
  }
  if (edits.retryAttempts !== undefined) {
    edited = { ...edited, retryStrategy: { ...objectAt(edited, 'retryStrategy'), attempts: edits.retryAttempts } };
  }
  return edited;
}

function editContainer(container: JsonObject, { environmentKey }: ContainerSlot, edits: DefinitionEdits): JsonObject {
  const edited = edits.image === undefined ? container : { ...container, image: edits.image };
  const set = edits.environment ?? {};
  const remove = new Set(edits.removeEnvironment ?? []);
  if (Object.keys(set).length === 0 && remove.size === 0) return edited;
  return { ...edited, [environmentKey]: editEnvironment(edited[environmentKey], set, remove) };
}

/** Keeps the order of what is there (Kubernetes reads it in order), appends what is new. */
function editEnvironment(
  current: JsonValue | undefined,
  set: Readonly<Record<string, string>>,
  remove: ReadonlySet<string>,
): JsonValue[] {
  const entries = Array.isArray(current) ? current.filter(isJsonObject) : [];
  const kept = entries.filter((entry) => !remove.has(String(entry['name'])));
  const names = new Set(kept.map((entry) => entry['name']));
  return [
    ...kept.map((entry) => {
      const value = Object.hasOwn(set, String(entry['name'])) ? set[String(entry['name'])] : undefined;
      return value === undefined ? entry : { name: entry['name'] ?? '', value };
    }),
    ...Object.entries(set).flatMap(([name, value]) => (names.has(name) || remove.has(name) ? [] : [{ name, value }])),
  ];
}

function mergeMap(
  definition: JsonObject,
  key: string,
  values: Readonly<Record<string, string>> | undefined,
): JsonObject {
  if (Object.keys(values ?? {}).length === 0) return definition;
  return { ...definition, [key]: { ...objectAt(definition, key), ...values } };
}

function objectAt(definition: JsonObject, key: string): JsonObject {
  const value = definition[key];
  return isJsonObject(value) ? value : {};
}

function replaceAt(value: JsonObject, path: JsonPath, replacement: JsonObject): JsonObject {
  return replace(value, path, replacement) as JsonObject;
}

function replace(value: JsonValue | undefined, [step, ...rest]: JsonPath, replacement: JsonValue): JsonValue {
  if (step === undefined) return replacement;
  if (typeof step === 'number') {
    return (Array.isArray(value) ? value : []).map((item, index) =>
      index === step ? replace(item, rest, replacement) : item,
    );
  }
  const object = isJsonObject(value) ? value : {};
  return { ...object, [step]: replace(object[step], rest, replacement) };
}
