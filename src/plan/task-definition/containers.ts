import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { nearestName } from '../../core/nearest-name.ts';

/** The containers of a task definition, in its own order. */
export function containersOf({ containerDefinitions }: JsonObject): JsonObject[] {
  return Array.isArray(containerDefinitions) ? containerDefinitions.filter(isJsonObject) : [];
}

export function containerName(container: JsonObject): string {
  return typeof container['name'] === 'string' ? container['name'] : '';
}

/** Images by the name of their container. */
export function imagesByContainer(definition: JsonObject): Record<string, string> {
  return Object.fromEntries(
    containersOf(definition).flatMap((container) => {
      const { image } = container;
      return typeof image === 'string' ? [[containerName(container), image]] : [];
    }),
  );
}

/**
 * The name of the container that a user means: the named one, or the only one. Throws (exit code 2) with the candidates
 * when that is not exactly one.
 */
export function chooseContainerName(definition: JsonObject, wanted: string | undefined): string {
  const names = containersOf(definition).map(containerName);
  const candidates = `Containers of the task definition: ${names.join(', ') || 'none'}.`;
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    const nearest = nearestName(wanted, names);
    throw badArgument(`the task definition has no container called ${JSON.stringify(wanted)}`, [
      ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
      candidates,
    ]);
  }
  const [only] = names;
  if (names.length === 1 && only !== undefined) return only;
  throw badArgument(`the task definition has ${names.length} containers: say which one is meant`, [candidates]);
}
