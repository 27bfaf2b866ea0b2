import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { chooseContainerName, containerName, containersOf } from '../task-definition/containers.ts';

/**
 * The name of the container that a run is about: the named one, the only one, or the only essential one. Throws (exit code
 * 2) with the candidates when that is not exactly one.
 */
export function decidingContainer(definition: JsonObject, wanted: string | undefined): string {
  const containers = containersOf(definition);
  if (wanted !== undefined || containers.length === 1) return chooseContainerName(definition, wanted);
  // A container is essential unless it says that it is not (API reference, ContainerDefinition).
  const essential = containers.filter((each) => each['essential'] !== false).map(containerName);
  const [only] = essential;
  if (essential.length === 1 && only !== undefined) return only;
  throw badArgument('it is not clear which container decides how the task ends: give container', [
    `Essential containers of the task definition: ${essential.join(', ') || 'none'}.`,
  ]);
}
