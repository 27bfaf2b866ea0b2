import { createHash } from 'node:crypto';

import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { AwsError } from '../../aws-error.ts';
import type { World } from '../../service.ts';
import { parseName, registryRegion } from '../../work/image-lookup.ts';
import type { EcsState } from '../state.ts';
import type { StoredDefinition } from '../task-definitions/definition.ts';
import { type EcsTask, firstEssential, type TaskContainer } from './task.ts';

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
    const found = await imageIn(world, { region: ofRegion, repository: name.repository, role, taskId }, imageId);
    const id = found?.['imageId'];
    if (isJsonObject(id) && typeof id['imageDigest'] === 'string') return { digest: id['imageDigest'] };
    return { refused: cannotPull(image, 'not found') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refused: cannotPull(image, `${error.name}: ${error.message}`) };
  }
}

/**
 * The digest that a container reports of the image that was resolved: that of the index where the image has several
 * platforms, as the agent of ECS gives it (github.com/aws/amazon-ecs-agent/pull/3576, of 2023; in 2019 pull/2201 has ECR
 * give that of the manifest). For Fargate it is not documented, so that the scenario can have the other one.
 */
export async function reportedDigest(
  { world }: EcsState,
  {
    task,
    container,
    definition,
  }: { task: EcsTask; container: TaskContainer; definition: StoredDefinition | undefined },
  digest: string,
): Promise<string> {
  const { imageDigest: told } = task.play;
  if (told === undefined) return digest;
  if (told !== 'platform') return container === firstEssential(task) ? told : digest;
  const name = parseName(container.image);
  const region = name && registryRegion(name.host, world, task.region);
  if (name === undefined || region === undefined) return digest;
  const place = { region, repository: name.repository, role: undefined, taskId: task.id };
  // A digest that an earlier task has found may be gone by now.
  const found = await imageIn(world, place, { imageDigest: digest }).catch(() => undefined);
  const architecture = definition?.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64';
  return platformDigest(String(found?.['imageManifest'] ?? '{}'), architecture) ?? digest;
}

/** Out of an index; undefined for a single image. */
function platformDigest(manifest: string, architecture: string): string | undefined {
  const index: unknown = JSON.parse(manifest);
  const listed =
    isJsonObject(index) && Array.isArray(index['manifests']) ? index['manifests'].filter(isJsonObject) : [];
  const fits = ({ platform }: JsonObject): boolean =>
    isJsonObject(platform) && platform['os'] === 'linux' && platform['architecture'] === architecture;
  const digest = (listed.find(fits) ?? listed[0])?.['digest'];
  return typeof digest === 'string' ? digest : undefined;
}

/** An image of the local ECR; undefined when the repository does not have it. */
async function imageIn(
  world: World,
  {
    region,
    repository,
    role,
    taskId,
  }: { region: string; repository: string; role: string | undefined; taskId: string },
  imageId: JsonObject,
): Promise<JsonObject | undefined> {
  const { images } = await world.invoke({
    service: 'ecr',
    operation: 'BatchGetImage',
    region,
    input: { repositoryName: repository, imageIds: [imageId] },
    ...(role !== undefined && { principal: role, sessionName: taskId }),
  });
  const [image] = Array.isArray(images) ? images : [];
  return isJsonObject(image) ? image : undefined;
}

/** As ECS words it since it retries pulls. */
function cannotPull(image: string, why: string): string {
  return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: ${why}`;
}

function madeDigest(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
