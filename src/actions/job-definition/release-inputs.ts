import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import {
  chooseContainer,
  containerAt,
  containerSlots,
  imageOf,
  type ContainerSlot,
} from '../../plan/job-definition/containers.ts';
import type { ReleaseFacts } from '../../plan/job-definition/our-tags.ts';
import { recordedImages, repositoryOf } from '../definition/recorded-images.ts';

export interface ScriptLocation {
  type: string;
  s3Url: string;
  sha256: string;
}

/** An image and the container that is to run it. */
export interface ImageChoice {
  slot: ContainerSlot;
  image: string;
}

/**
 * Which container gets which of the recorded images: each one the image from the repository that it runs already; a
 * single image goes to a single container whatever that runs. Throws (exit code 2) with the candidates otherwise.
 */
export function chooseImages(
  definition: JsonObject,
  slots: readonly ContainerSlot[],
  wanted: string | undefined,
  entries: readonly RecordEntry[],
): ImageChoice[] {
  const images = recordedImages(entries);
  if (images.size === 0) return [];
  const candidates = wanted === undefined ? slots.filter(({ init }) => !init) : [chooseContainer(slots, wanted)];
  const matching = candidates.flatMap((slot) => {
    const current = imageOf(definition, slot);
    const repository = current === undefined ? undefined : repositoryOf(current);
    const image = repository === undefined ? undefined : images.get(repository);
    return image === undefined ? [] : [{ slot, image }];
  });
  if (matching.length > 0) return matching;
  const [slot] = candidates;
  const [image] = images.values();
  if (candidates.length === 1 && images.size === 1 && slot && image) return [{ slot, image }];
  throw badArgument('it is not clear which image is for which container', [
    `Images of this workflow: ${[...images.values()].join(', ')}.`,
    `Containers: ${candidates.map((each) => `${each.label || 'the only one'} (${imageOf(definition, each) ?? 'no image'})`).join(', ')}.`,
    'Give image and container.',
  ]);
}

/** The script that an earlier action uploaded: the only one, or the one with the name that the container fetches now. */
export function chooseScript(container: JsonObject, entries: readonly RecordEntry[]): ScriptLocation | undefined {
  const scripts = new Map(
    entries.flatMap(({ action, component, outputs }) => {
      const { batchFileType: type, batchFileS3Url: s3Url, batchFileSha256: sha256 } = outputs;
      const complete =
        action === 'upload-script' &&
        typeof type === 'string' &&
        typeof s3Url === 'string' &&
        typeof sha256 === 'string';
      return complete ? [[component, { type, s3Url, sha256 }] as const] : [];
    }),
  );
  if (scripts.size <= 1) return [...scripts.values()][0];
  const current = environmentValue(container, 'BATCH_FILE_S3_URL')?.split('/').at(-1);
  const same = current === undefined ? undefined : scripts.get(current);
  if (same) return same;
  throw badArgument('more than one script was uploaded in this workflow', [
    `Scripts: ${[...scripts.values()].map(({ s3Url }) => s3Url).join(', ')}.`,
    'Give batch_file_type, batch_file_s3_url and batch_file_sha256.',
  ]);
}

/** The value of a variable in a container's environment, whichever name that has. */
export function environmentValue(container: JsonObject, name: string): string | undefined {
  const entries = [container['environment'], container['env']].flatMap((list) => (Array.isArray(list) ? list : []));
  const entry = entries.filter(isJsonObject).find((candidate) => candidate['name'] === name);
  return typeof entry?.['value'] === 'string' ? entry['value'] : undefined;
}

/** What the tags say of a definition's image and script: read from itself, so that it is true whoever filled it in. */
export function artifactFacts(definition: JsonObject): Pick<ReleaseFacts, 'imageDigest' | 'scriptSha256'> {
  const slots = containerSlots(definition);
  const images = slots.flatMap((slot) => imageOf(definition, slot) ?? []);
  const digests = images.flatMap((image) => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? []);
  const scripts = slots.flatMap((slot) => environmentValue(containerAt(definition, slot), 'BATCH_FILE_SHA256') ?? []);
  return { imageDigest: digests[0], scriptSha256: scripts[0] };
}

/** The container that fetches the script: the named one, the one that fetches one already, or the only one. */
export function scriptContainer(
  definition: JsonObject,
  slots: readonly ContainerSlot[],
  wanted: string | undefined,
): ContainerSlot {
  if (wanted !== undefined) return chooseContainer(slots, wanted);
  const fetching = slots.filter(
    (slot) => environmentValue(containerAt(definition, slot), 'BATCH_FILE_S3_URL') !== undefined,
  );
  const [only] = fetching;
  return fetching.length === 1 && only ? only : chooseContainer(slots, undefined);
}
