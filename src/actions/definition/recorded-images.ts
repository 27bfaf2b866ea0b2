import type { RecordEntry } from '../../circleci/release-record.ts';
import { DeployError } from '../../core/errors.ts';
import { parseImageReference } from '../../image/image-reference.ts';

/** Images that earlier actions pushed, the newest of each repository (registry and all). */
export function recordedImages(entries: readonly RecordEntry[]): Map<string | undefined, string> {
  return new Map(
    entries.flatMap(({ action, outputs }) =>
      action === 'build-and-push-image' && typeof outputs['image'] === 'string'
        ? [[repositoryOf(outputs['image']), outputs['image']] as const]
        : [],
    ),
  );
}

/** Registry and repository; undefined for a placeholder that is no image name, which a file may hold until the first release. */
export function repositoryOf(image: string): string | undefined {
  try {
    const { registry, repository } = parseImageReference(image);
    return `${registry}/${repository}`;
  } catch (error) {
    if (error instanceof DeployError) return undefined;
    throw error;
  }
}
