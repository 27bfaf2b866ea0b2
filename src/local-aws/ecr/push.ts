import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { parseManifest } from './manifests.ts';
import { nowOf, type Ecr, type Repository, type StoredImage } from './state.ts';

export interface Push {
  bytes: Buffer;
  /** What the client says that the manifest is. */
  mediaType: string | undefined;
  tag?: string | undefined;
  /** What the client says that the digest is. */
  digest?: string | undefined;
}

export interface Pushed {
  digest: string;
  /** False when the repository had this image, under this tag if there is one. */
  changed: boolean;
}

/**
 * Puts an image into a repository. Its digest is the SHA-256 of the manifest's bytes, whatever kind of manifest it is.
 * An image that is there keeps the time of its first push.
 * @throws AwsError ImageDigestDoesNotMatchException, LayersNotFoundException, ReferencedImagesNotFoundException,
 *   ImageTagAlreadyExistsException, InvalidParameterException
 */
export function pushImage(ecr: Ecr, repository: Repository, push: Push): Pushed {
  const { bytes, tag } = push;
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (push.digest !== undefined && push.digest !== digest) {
    const message = `The specified image digest '${push.digest}' does not match the digest '${digest}' that Amazon ECR calculated for the image`;
    throw new AwsError('ImageDigestDoesNotMatchException', message);
  }
  const manifest = parseManifest(bytes, push.mediaType);
  checkReferences(ecr, repository, manifest.blobs, manifest.children);
  if (tag !== undefined) checkTag(repository, tag, digest);
  const changed = !repository.images.has(digest) || (tag !== undefined && repository.tags.get(tag) !== digest);
  if (!repository.images.has(digest)) {
    ecr.world.blobs.put(bytes);
    const { mediaType, artifactMediaType, children, layersSize } = manifest;
    const sizes = children.map((child) => repository.images.get(child)?.size ?? 0);
    const image: StoredImage = { mediaType, size: Math.max(layersSize, ...sizes), pushedAt: nowOf(ecr), children };
    if (artifactMediaType !== undefined) image.artifactMediaType = artifactMediaType;
    repository.images.set(digest, image);
  }
  if (tag !== undefined) repository.tags.set(tag, digest);
  return { digest, changed };
}

function checkReferences(
  ecr: Ecr,
  repository: Repository,
  blobs: readonly string[],
  children: readonly string[],
): void {
  const required = (digests: string[]): string =>
    `with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${repository.name}' ` +
    `in the registry with id '${ecr.world.accountId}' do not exist`;
  const layers = blobs.filter((digest) => !repository.layers.has(digest));
  if (layers.length > 0) throw new AwsError('LayersNotFoundException', `Layers ${required(layers)}`);
  const images = children.filter((digest) => !repository.images.has(digest));
  if (images.length > 0) throw new AwsError('ReferencedImagesNotFoundException', `Images ${required(images)}`);
}

/** A tag that may not move can be pushed again as long as it stays where it is. */
function checkTag(repository: Repository, tag: string, digest: string): void {
  const current = repository.tags.get(tag);
  if (current === undefined || current === digest || !isImmutable(repository, tag)) return;
  const message = `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`;
  throw new AwsError('ImageTagAlreadyExistsException', message);
}

function isImmutable({ mutability, exclusions }: Repository, tag: string): boolean {
  if (mutability === 'IMMUTABLE' || mutability === 'MUTABLE') return mutability === 'IMMUTABLE';
  const excluded = exclusions.some(({ filter }) => filter !== undefined && matchesFilter(filter, tag));
  return mutability === 'IMMUTABLE_WITH_EXCLUSION' ? !excluded : excluded;
}

function matchesFilter(filter: string, tag: string): boolean {
  const source = filter.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\-]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(tag);
}
