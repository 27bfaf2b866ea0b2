import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { imagesByContainer } from './containers.ts';

/** An image that an earlier job of the workflow pushed, by digest. */
export interface RecordedImage {
  image: string;
  /** Registry and repository. */
  repository: string;
}

/**
 * Which container gets which image of the release record: each one the image from the repository that it runs already; a
 * single image goes to a single container whatever that runs. Throws (exit code 2) with the candidates when none fits.
 * @param recorded the newest of a repository last
 * @param taken containers whose image is given otherwise
 * @param repositoryOf undefined for a placeholder that is no image name
 * @param wanted container that gets a single image that no container runs an earlier one of
 * @returns images by the name of their container
 */
export function recordedImagesFor(
  definition: JsonObject,
  recorded: readonly RecordedImage[],
  taken: readonly string[],
  repositoryOf: (image: string) => string | undefined,
  wanted?: string,
): Record<string, string> {
  const byRepository = new Map(recorded.map(({ repository, image }) => [repository, image]));
  const all = Object.entries(imagesByContainer(definition));
  const free = all.filter(([name]) => !taken.includes(name));
  if (byRepository.size === 0 || (free.length === 0 && taken.length > 0)) return {};
  const matching = free.flatMap(([name, current]) => {
    const image = byRepository.get(repositoryOf(current) ?? '');
    return image === undefined ? [] : [[name, image] as const];
  });
  // Whoever names images by hand has said what the record is not needed for.
  if (matching.length > 0 || taken.length > 0) return Object.fromEntries(matching);
  const candidates = wanted === undefined ? free : free.filter(([name]) => name === wanted);
  const [first] = candidates;
  const [image] = byRepository.values();
  if (candidates.length === 1 && byRepository.size === 1 && first && image !== undefined) return { [first[0]]: image };
  throw badArgument('it is not clear which image is for which container', [
    `Images of this workflow: ${[...byRepository.values()].join(', ')}.`,
    `Containers: ${all.map(([name, current]) => `${name} (${current})`).join(', ') || 'none'}.`,
    'Give image, as CONTAINER=IMAGE.',
  ]);
}

/**
 * Whether a definition has the images that were pushed for it: one that was pushed after it was registered is not in it.
 * Images that none of its containers runs an earlier one of are not for it.
 */
export function holdsRecordedImages(
  definition: JsonObject,
  recorded: readonly RecordedImage[],
  repositoryOf: (image: string) => string | undefined,
): boolean {
  const byRepository = new Map(recorded.map(({ repository, image }) => [repository, image]));
  return Object.values(imagesByContainer(definition)).every((image) => {
    const pushed = byRepository.get(repositoryOf(image) ?? '');
    return pushed === undefined || pushed === image;
  });
}
