import type {
  BatchGetImageRequest,
  BatchGetImageResponse,
  DescribeImagesRequest,
  DescribeImagesResponse,
  Image,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesRequest,
  ListImagesResponse,
  PutImageRequest,
  PutImageResponse,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../aws-error.ts';
import type { JsonCall, JsonHandler } from '../json-protocol.ts';
import { pageOf } from './paging.ts';
import { pushImage } from './push.ts';
import { namedRepository } from './repositories.ts';
import { bytesOf, isDigest, tagsOf, type Ecr, type Repository, type StoredImage } from './state.ts';
import { checkImageTag, invalidParameter, isImageTag, required } from './validation.ts';

const IDS_PER_REQUEST = 100;

export function imageHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    DescribeImages: (input: DescribeImagesRequest, call) => describeImages(ecr, input, call),
    ListImages: (input: ListImagesRequest, call) => listImages(ecr, input, call),
    BatchGetImage: (input: BatchGetImageRequest, call) => batchGetImage(ecr, input, call),
    PutImage: (input: PutImageRequest, call) => putImage(ecr, input, call),
  };
}

function describeImages(ecr: Ecr, input: DescribeImagesRequest, { region }: JsonCall): DescribeImagesResponse {
  const repository = namedRepository(ecr, region, input);
  if (input.imageIds !== undefined) {
    if (input.maxResults !== undefined || input.nextToken !== undefined) {
      throw invalidParameter('maxResults', 'must not be used with imageIds, nor nextToken');
    }
    const digests = input.imageIds.map((id) => existingImage(ecr, repository, id));
    return { imageDetails: [...new Set(digests)].map((digest) => detail(ecr, repository, digest)) };
  }
  const wanted = statusFilter(input.filter?.tagStatus);
  const digests = [...repository.images.keys()].filter((digest) => wanted(tagsOf(repository, digest).length > 0));
  const { page, ...next } = pageOf(digests, (digest) => digest, input);
  return { imageDetails: page.map((digest) => detail(ecr, repository, digest)), ...next };
}

function statusFilter(status: string | undefined): (tagged: boolean) => boolean {
  if (status === 'TAGGED') return (tagged) => tagged;
  if (status === 'UNTAGGED') return (tagged) => !tagged;
  return () => true;
}

function existingImage(ecr: Ecr, repository: Repository, id: ImageIdentifier): string {
  const found = findImage(repository, id);
  if (typeof found === 'string') return found;
  if (found.failureCode !== 'ImageNotFound' && found.failureCode !== 'ImageTagDoesNotMatchDigest') {
    throw new AwsError('InvalidParameterException', found.failureReason ?? '');
  }
  const named = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  const message = `The image with imageId ${named} does not exist within the repository with name '${repository.name}' in the registry with id '${ecr.world.accountId}'`;
  throw new AwsError('ImageNotFoundException', message);
}

/** The digest that an image ID means, or why it means none. */
export function findImage(repository: Repository, id: ImageIdentifier): string | ImageFailure {
  const { imageDigest, imageTag } = id;
  const failure = (failureCode: NonNullable<ImageFailure['failureCode']>, failureReason: string): ImageFailure => ({
    imageId: id,
    failureCode,
    failureReason,
  });
  if (imageDigest === undefined && imageTag === undefined) {
    return failure('MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  }
  if (imageDigest !== undefined && !isDigest(imageDigest)) {
    return failure(
      'InvalidImageDigest',
      'Invalid request parameters: image digest should satisfy the regex sha256:[0-9a-f]{64}',
    );
  }
  if (imageTag !== undefined && !isImageTag(imageTag)) {
    return failure(
      'InvalidImageTag',
      'Invalid request parameters: image tag should satisfy the regex [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}',
    );
  }
  const tagged = imageTag === undefined ? undefined : repository.tags.get(imageTag);
  if (imageTag !== undefined && tagged === undefined) return failure('ImageNotFound', 'Requested image not found');
  if (imageDigest !== undefined && tagged !== undefined && tagged !== imageDigest) {
    return failure('ImageTagDoesNotMatchDigest', 'The image tag does not match the image digest');
  }
  const digest = imageDigest ?? tagged ?? '';
  return repository.images.has(digest) ? digest : failure('ImageNotFound', 'Requested image not found');
}

function imageOf(repository: Repository, digest: string): StoredImage {
  const image = repository.images.get(digest);
  if (image === undefined) throw new Error(`the repository ${repository.name} has lost ${digest}`);
  return image;
}

function detail(ecr: Ecr, repository: Repository, digest: string): ImageDetail {
  const { mediaType, artifactMediaType, size, pushedAt } = imageOf(repository, digest);
  const tags = tagsOf(repository, digest);
  const described: ImageDetail = {
    registryId: ecr.world.accountId,
    repositoryName: repository.name,
    imageDigest: digest,
    imageSizeInBytes: size,
    imagePushedAt: new Date(pushedAt),
    imageManifestMediaType: mediaType,
    imageStatus: 'ACTIVE',
  };
  if (tags.length > 0) described.imageTags = tags;
  if (artifactMediaType !== undefined) described.artifactMediaType = artifactMediaType;
  return described;
}

/** One ID for each tag, and one for each image without a tag. */
function listImages(ecr: Ecr, input: ListImagesRequest, { region }: JsonCall): ListImagesResponse {
  const repository = namedRepository(ecr, region, input);
  const wanted = statusFilter(input.filter?.tagStatus);
  const ids = [...repository.images.keys()].flatMap((imageDigest): ImageIdentifier[] => {
    const tags = tagsOf(repository, imageDigest);
    if (!wanted(tags.length > 0)) return [];
    return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
  });
  const { page, ...next } = pageOf(ids, ({ imageDigest, imageTag = '' }) => `${imageDigest} ${imageTag}`, input);
  return { imageIds: page, ...next };
}

function batchGetImage(ecr: Ecr, input: BatchGetImageRequest, { region }: JsonCall): BatchGetImageResponse {
  const repository = namedRepository(ecr, region, input);
  const images: Image[] = [];
  const failures: ImageFailure[] = [];
  for (const id of checkedImageIds(input.imageIds)) {
    const found = findImage(repository, id);
    if (typeof found !== 'string') {
      failures.push(found);
      continue;
    }
    const { mediaType } = imageOf(repository, found);
    const accepted = input.acceptedMediaTypes;
    if (accepted !== undefined && accepted.length > 0 && !accepted.includes(mediaType)) {
      const failureReason = `The image's media type ${mediaType} is not among the accepted ones`;
      failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason });
      continue;
    }
    images.push(describeManifest(ecr, repository, found, id.imageTag));
  }
  return { images, failures };
}

export function checkedImageIds(ids: ImageIdentifier[] | undefined): ImageIdentifier[] {
  const given = required('imageIds', ids);
  if (given.length === 0) throw invalidParameter('imageIds', 'must have length greater than or equal to 1');
  if (given.length > IDS_PER_REQUEST) {
    throw invalidParameter('imageIds', `must have length less than or equal to ${IDS_PER_REQUEST}`);
  }
  return given;
}

function describeManifest(ecr: Ecr, repository: Repository, imageDigest: string, imageTag: string | undefined): Image {
  return {
    registryId: ecr.world.accountId,
    repositoryName: repository.name,
    imageId: imageTag === undefined ? { imageDigest } : { imageDigest, imageTag },
    imageManifest: bytesOf(ecr, imageDigest).toString('utf8'),
    imageManifestMediaType: imageOf(repository, imageDigest).mediaType,
  };
}

function putImage(ecr: Ecr, input: PutImageRequest, { region }: JsonCall): PutImageResponse {
  const repository = namedRepository(ecr, region, input);
  const tag = input.imageTag;
  if (tag !== undefined) checkImageTag(tag);
  const { digest, changed } = pushImage(ecr, repository, {
    bytes: Buffer.from(required('imageManifest', input.imageManifest)),
    mediaType: input.imageManifestMediaType,
    tag,
    digest: input.imageDigest,
  });
  if (!changed) {
    const tagged = tag === undefined ? '' : ` and tag '${tag}'`;
    const message = `Image with digest '${digest}'${tagged} already exists in the repository with name '${repository.name}' in registry with id '${ecr.world.accountId}'`;
    throw new AwsError('ImageAlreadyExistsException', message);
  }
  return { image: describeManifest(ecr, repository, digest, tag) };
}
