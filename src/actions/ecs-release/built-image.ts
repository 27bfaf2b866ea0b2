import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  chooseContainerName,
  containerName,
  containersOf,
  imagesByContainer,
} from '../../plan/task-definition/containers.ts';
import type { TaskDefinitionEdits } from '../../plan/task-definition/edit.ts';
import { repositoryOf } from '../definition/recorded-images.ts';

/**
 * The container that gets the image that is built: the named one, the only one, or the only one that runs an image of that
 * repository already. Throws (exit code 2) with the candidates when that is not exactly one.
 * @param repositoryUri registry and name, as images are written
 */
export function containerOfBuild(definition: JsonObject, wanted: string | undefined, repositoryUri: string): string {
  const names = containersOf(definition).map(containerName);
  if (wanted !== undefined || names.length === 1) return chooseContainerName(definition, wanted);
  const images = Object.entries(imagesByContainer(definition));
  const own = images.filter(([, image]) => repositoryOf(image) === repositoryUri);
  const [only] = own;
  if (own.length === 1 && only) return only[0];
  const why =
    own.length > 1
      ? `${own.length} containers run images of ${repositoryUri}`
      : `no container runs an image of ${repositoryUri} yet`;
  throw badArgument(`it is not clear which container gets the image that is built: ${why}`, [
    `Containers: ${images.map(([name, image]) => `${name} (${image})`).join(', ') || 'none'}.`,
    'Give container.',
  ]);
}

/**
 * The edits with the image that is built. Throws (exit code 2) when its container is given another image, too.
 * @param edits the key '' stands for the only container, or for the one that is named
 */
export function withBuiltImage(edits: TaskDefinitionEdits, container: string, image: string): TaskDefinitionEdits {
  const { containers = {} } = edits;
  const given = [containers[container]?.image, containers['']?.image].find((each) => each !== undefined);
  if (given !== undefined) {
    throw badArgument(`image and repository both say what container ${container} is to run`, [
      `Leave image out to run what is built, or repository to run ${given}.`,
    ]);
  }
  return { ...edits, containers: { ...containers, [container]: { ...containers[container], image } } };
}
