import type { JsonObject } from '../../core/json.ts';
import { chooseContainerName, imagesByContainer } from '../../plan/task-definition/containers.ts';
import { editTaskDefinition, type TaskDefinitionEdits } from '../../plan/task-definition/edit.ts';
import { recordedImagesFor } from '../../plan/task-definition/images.ts';
import { repositoryOf } from '../definition/recorded-images.ts';
import type { CheckedTaskDefinition } from './check-inputs.ts';
import { joinEdits } from './container-edits.ts';

/**
 * What is asked of a certain definition: each container by its own name, with images of the release record where none is
 * given. Throws (exit code 2) for containers that it does not have.
 */
export function editsFor(
  definition: JsonObject,
  { edits, container, recorded }: Pick<CheckedTaskDefinition, 'edits' | 'container' | 'recorded'>,
): TaskDefinitionEdits {
  if (container !== undefined) chooseContainerName(definition, container);
  const given = joinEdits(
    Object.entries(edits.containers ?? {}).map(([name, each]) => [
      chooseContainerName(definition, name === '' ? undefined : name),
      each,
    ]),
  );
  const taken = Object.entries(given).flatMap(([name, { image }]) => (image === undefined ? [] : [name]));
  const images = recordedImagesFor(definition, recorded, taken, repositoryOf, container);
  const containers = joinEdits([
    ...Object.entries(given),
    ...Object.entries(images).map(([name, image]) => [name, { image }] as const),
  ]);
  return { ...edits, containers };
}

/**
 * The definition with all that is asked for, and images by digest. The same twice gives the same definition.
 * @param resolve an image by digest where its registry can be asked
 */
export async function applyEdits(
  base: JsonObject,
  checked: CheckedTaskDefinition,
  resolve: (image: string) => Promise<string>,
): Promise<JsonObject> {
  const edits = editsFor(base, checked);
  const edited = editTaskDefinition(base, edits);
  // A file's tags are resolved too; what is carried forward stays as it runs now.
  const wanted = Object.entries(imagesByContainer(edited)).filter(
    ([name]) => checked.file !== undefined || edits.containers?.[name]?.image !== undefined,
  );
  const resolved: [string, { image: string }][] = [];
  for (const [name, image] of wanted) resolved.push([name, { image: await resolve(image) }]);
  return editTaskDefinition(edited, { containers: Object.fromEntries(resolved) });
}
