import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { World } from '../service.ts';
import type { Task } from './task.ts';

/** An image of the local registry. */
export interface LocalImage {
  /** By which a docker engine pulls it: `127.0.0.1:4566/crawl@sha256:…`. */
  reference: string;
  region: string;
  /** Entrypoint, Cmd, Env, WorkingDir and so on. */
  config: JsonObject;
  /** The layers' bytes as they were pushed, the lowest first. */
  layers: readonly Buffer[];
}

export type FoundImage = LocalImage | 'elsewhere' | { refused: string };

/** Looks for the task's image in the local registry, which its name must point to: by the endpoint, or as ECR names its own. */
export async function findImage(world: World, task: Task): Promise<FoundImage> {
  const name = parseName(task.image);
  if (name === undefined) return { refused: 'CannotPullContainerError: invalid reference format' };
  const region = registryRegion(name.host, world, task.region);
  if (region === undefined) return 'elsewhere';
  const get = async (imageId: JsonObject): Promise<string> => {
    const answer = await world.invoke({
      service: 'ecr',
      operation: 'BatchGetImage',
      region,
      input: { repositoryName: name.repository, imageIds: [imageId] },
      ...(task.executionRoleArn !== undefined && { principal: task.executionRoleArn, sessionName: task.id }),
    });
    const [image] = objects(answer['images']);
    if (image === undefined) throw new AwsError('ImageNotFound', 'Requested image not found');
    return String(image['imageManifest']);
  };
  try {
    const text = await get(name.digest === undefined ? { imageTag: name.tag } : { imageDigest: name.digest });
    const manifest = await imageManifest(text, get);
    const config = jsonOf(blobOf(world, manifest['config']).toString('utf8'));
    const tag = name.digest === undefined ? `:${name.tag}` : `@${name.digest}`;
    return {
      reference: `${new URL(world.endpoint()).host}/${name.repository}${tag}`,
      region,
      config: isJsonObject(config['config']) ? config['config'] : {},
      layers: objects(manifest['layers']).map((layer) => blobOf(world, layer)),
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refused: `CannotPullContainerError: ${task.image}: ${error.name}: ${error.message}` };
  }
}

export interface ImageName {
  host: string;
  repository: string;
  tag: string;
  digest?: string;
}

/** `host/repository:tag@digest`; without a host it is one of Docker Hub's. */
export function parseName(image: string): ImageName | undefined {
  const match =
    /^(?:([\w.-]+(?::\d+)?)\/)?([a-z0-9][\w./-]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image);
  if (match === null) return undefined;
  const [, host = '', repository, tag = 'latest', digest] = match;
  return { host, repository: repository!, tag, ...(digest !== undefined && { digest }) };
}

/** The region of a local registry, by the host in an image's name; undefined for a registry elsewhere. */
export function registryRegion(host: string, world: World, ownRegion: string): string | undefined {
  if (host === new URL(world.endpoint()).host) return ownRegion;
  const ecr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host);
  return ecr?.[1] === world.accountId ? ecr[2] : undefined;
}

/** The manifest itself, or of an index that of this machine's kind. */
async function imageManifest(text: string, get: (imageId: JsonObject) => Promise<string>): Promise<JsonObject> {
  const manifest = jsonOf(text);
  const children = objects(manifest['manifests']);
  if (children.length === 0) return manifest;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const isLinux = ({ platform }: JsonObject): boolean => isJsonObject(platform) && platform['os'] === 'linux';
  const fitting = children.filter(isLinux);
  const chosen =
    fitting.find(({ platform }) => isJsonObject(platform) && platform['architecture'] === architecture) ?? fitting[0];
  if (chosen === undefined)
    throw new AwsError('ImageNotFound', 'image Manifest does not contain descriptor matching platform');
  return jsonOf(await get({ imageDigest: chosen['digest']! }));
}

function blobOf(world: World, descriptor: JsonValue | undefined): Buffer {
  const digest = isJsonObject(descriptor) ? String(descriptor['digest']) : '';
  const bytes = world.blobs.get(digest.replace('sha256:', ''));
  if (bytes === undefined) throw new AwsError('LayerNotFound', `the registry does not have ${digest}`);
  return bytes;
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function jsonOf(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}
