import type {
  BatchDeleteImageRequest,
  BatchDeleteImageResponse,
  ImageFailure,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { JsonHandler } from '../json-protocol.ts';
import { checkedImageIds, findImage } from './images.ts';
import { namedRepository } from './repositories.ts';
import { tagsOf, type Ecr, type Repository } from './state.ts';

export function imageDeletionHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    BatchDeleteImage(input: BatchDeleteImageRequest, { region }): BatchDeleteImageResponse {
      const repository = namedRepository(ecr, region, input);
      const imageIds: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      for (const id of checkedImageIds(input.imageIds)) {
        const outcome = deleteImage(repository, id);
        if (Array.isArray(outcome)) imageIds.push(...outcome);
        else failures.push(outcome);
      }
      return { imageIds, failures };
    },
  };
}

/** By tag, the tag goes, and with its last tag the image. By digest, the image goes with all its tags. */
function deleteImage(repository: Repository, id: ImageIdentifier): ImageIdentifier[] | ImageFailure {
  const digest = findImage(repository, id);
  if (typeof digest !== 'string') return digest;
  const tags = tagsOf(repository, digest);
  const removed = id.imageDigest === undefined && id.imageTag !== undefined ? [id.imageTag] : tags;
  if (removed.length === tags.length) {
    const parent = [...repository.images].find(([, { children }]) => children.includes(digest))?.[0];
    if (parent !== undefined) {
      const failureReason = `Requested image referenced by manifest list: [${parent}]`;
      return { imageId: id, failureCode: 'ImageReferencedByManifestList', failureReason };
    }
    repository.images.delete(digest);
  }
  for (const tag of removed) repository.tags.delete(tag);
  return removed.length === 0
    ? [{ imageDigest: digest }]
    : removed.map((imageTag) => ({ imageDigest: digest, imageTag }));
}
