import type { AwsSession } from '../aws/session.ts';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { Progress } from '../core/progress.ts';
import { parseImageReference, type ImageReference } from '../image/image-reference.ts';

/** Public registries that are certainly not the account's own, so that ECR need not be asked about them. */
const NEVER_ECR = new Set([
  'docker.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'registry.gitlab.com',
  'mcr.microsoft.com',
  'public.ecr.aws',
  'nvcr.io',
]);

/**
 * An image by digest, when it is in the account's ECR registry: a tag is resolved, and a digest must exist (exit code 5
 * otherwise). Other registries are not asked, and that is said.
 */
export async function resolveImage(image: string, session: AwsSession, progress: Progress): Promise<string> {
  const reference = parseImageReference(image);
  if (!(await isInOurRegistry(reference, session, progress))) {
    progress.info(`${image}: ${reference.registry} was not asked whether it has this image`);
    if (reference.digest === undefined) {
      progress.warn(`${image} is a tag, which can be moved to another image at any time; a digest can not`);
    }
    return image;
  }
  const wanted = reference.digest === undefined ? { tag: reference.tag ?? 'latest' } : { digest: reference.digest };
  const digest = await (await session.ecr()).imageDigest(reference.repository, wanted);
  if (digest !== undefined) return `${reference.registry}/${reference.repository}@${digest}`;
  throw new DeployError({
    code: 'ecr.image_not_found',
    title: `no such image in ECR: ${image}`,
    message: `Repository ${reference.repository} in ${session.region}, account ${session.identity.accountId}.`,
    hints: ['Push it first (build_and_push_image), or correct the name. Nothing was registered.'],
    exitCode: EXIT.notFound,
  });
}

/** The host is compared with the one that ECR itself names for its registry; there is no pattern of host names. */
export async function isOurRegistry(registry: string, session: AwsSession): Promise<boolean> {
  if (NEVER_ECR.has(registry)) return false;
  return (await (await session.ecr()).registryAccess()).host === registry;
}

/** The same, for a caller that can do without: when it may not be asked, that is said, and the image is not. */
export async function isInOurRegistry(
  { registry }: ImageReference,
  session: AwsSession,
  progress: Progress,
): Promise<boolean> {
  try {
    return await isOurRegistry(registry, session);
  } catch (error) {
    if (!(error instanceof DeployError) || error.code !== 'aws.access_denied') throw error;
    progress.warn(
      'ECR can not be read (ecr:GetAuthorizationToken is not allowed), so that images in it can not be checked',
    );
    return false;
  }
}
