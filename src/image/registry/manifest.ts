import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import {
  formatPlatform,
  MEDIA_TYPE,
  platformMatches,
  type ImageConfig,
  type ImageManifest,
  type Platform,
} from '../oci-image.ts';
import type { RegistryClient, StoredManifest } from '../registry-client.ts';

/** Everything that a registry may hold under a tag and that is an image. */
export const MANIFEST_TYPES: readonly string[] = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerManifest,
];

export interface ResolvedImage {
  stored: StoredManifest;
  manifest: ImageManifest;
  config: ImageConfig;
}

/**
 * The image for one platform that a tag or digest names, chosen from the index when it is one.
 * @throws DeployError when there is no such image, or none for the platform (the message lists those that are there)
 */
export async function resolveImage(
  client: RegistryClient,
  repository: string,
  reference: string,
  platform: Platform,
): Promise<ResolvedImage> {
  const name = `${client.host}/${repository} ${reference}`;
  let stored = await client.getManifest(repository, reference);
  if (isIndex(stored)) {
    stored = await client.getManifest(repository, chooseManifest(parseObject(stored.bytes, name), platform, name));
  }
  const manifest = parseObject(stored.bytes, name);
  if (manifest['schemaVersion'] !== 2 || !isJsonObject(manifest['config']) || !Array.isArray(manifest['layers'])) {
    throw unusable(name, `its manifest has the type "${stored.mediaType}", which holds no layers that can be read`);
  }
  const typed = manifest as unknown as ImageManifest;
  const config = parseObject(await client.readBlob(repository, typed.config), name) as unknown as ImageConfig;
  if (!platformMatches(config, platform)) {
    throw noPlatform(name, platform, [formatPlatform(config)]);
  }
  return { stored, manifest: typed, config };
}

/** Whether the bytes are a list of images rather than an image. */
export function isIndex({ mediaType }: { mediaType: string }): boolean {
  return mediaType === MEDIA_TYPE.ociIndex || mediaType === MEDIA_TYPE.dockerList;
}

function chooseManifest(index: JsonObject, platform: Platform, name: string): string {
  const entries = Array.isArray(index['manifests']) ? index['manifests'].filter(isJsonObject) : [];
  const offered: string[] = [];
  for (const entry of entries) {
    if (!isJsonObject(entry['platform']) || typeof entry['digest'] !== 'string') continue;
    const candidate = entry['platform'] as unknown as Platform;
    if (platformMatches(candidate, platform)) return entry['digest'];
    // Attestations stand in the index as images for "unknown".
    if (candidate.os !== 'unknown') offered.push(formatPlatform(candidate));
  }
  throw noPlatform(name, platform, offered);
}

function noPlatform(name: string, platform: Platform, offered: readonly string[]): DeployError {
  return new DeployError({
    code: 'image.platform_not_found',
    title: `The image ${name} is not there for ${formatPlatform(platform)}`,
    message: `It is there for: ${offered.join(', ') || 'no platform'}.`,
    hints: ['Set platform to one of them, or use another image.'],
    exitCode: EXIT.notFound,
  });
}

function parseObject(bytes: Buffer, name: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(bytes.toString('utf8')) as JsonValue;
  } catch {
    throw unusable(name, 'a document of it is not JSON');
  }
  if (!isJsonObject(value)) throw unusable(name, 'a document of it is not a JSON object');
  return value;
}

function unusable(name: string, why: string): DeployError {
  return new DeployError({
    code: 'image.unusable',
    title: `The image ${name} can not be used as a base`,
    message: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    exitCode: EXIT.invalidFile,
  });
}
