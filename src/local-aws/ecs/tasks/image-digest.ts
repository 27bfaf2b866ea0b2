import { createHash } from 'node:crypto';

import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { AwsError } from '../../aws-error.ts';
import type { World } from '../../service.ts';
import { parseName, registryRegion } from '../../work/image-lookup.ts';

export type ResolvedImage = { digest: string } | { refused: string };

/**
 * The digest that an image's name stands for now: by the repository of the local ECR that it names; as it is written; or,
 * for another registry, which nobody asks, made from the name. An image that is not in its repository can't be pulled.
 */
export async function resolveImage(
  world: World,
  image: string,
  { region, role, taskId }: { region: string; role: string | undefined; taskId: string },
): Promise<ResolvedImage> {
  const name = parseName(image);
  if (name === undefined) return { refused: `CannotPullContainerError: invalid reference format: ${image}` };
  const ofRegion = registryRegion(name.host, world, region);
  if (ofRegion === undefined) return { digest: name.digest ?? madeDigest(image) };
  const imageId: JsonObject = name.digest === undefined ? { imageTag: name.tag } : { imageDigest: name.digest };
  try {
    const answer = await world.invoke({
      service: 'ecr',
      operation: 'BatchGetImage',
      region: ofRegion,
      input: { repositoryName: name.repository, imageIds: [imageId] },
      ...(role !== undefined && { principal: role, sessionName: taskId }),
    });
    const digest = digestOf(answer);
    if (digest !== undefined) return { digest };
    return { refused: cannotPull(image, 'not found') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refused: cannotPull(image, `${error.name}: ${error.message}`) };
  }
}

function digestOf({ images }: JsonObject): string | undefined {
  const [image] = Array.isArray(images) ? images : [];
  const id = isJsonObject(image) ? image['imageId'] : undefined;
  return isJsonObject(id) && typeof id['imageDigest'] === 'string' ? id['imageDigest'] : undefined;
}

/** As ECS words it since it retries pulls. */
function cannotPull(image: string, why: string): string {
  return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: ${why}`;
}

function madeDigest(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
