import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import { isDigest } from './state.ts';

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';

/** What a manifest says as far as a registry has to know. */
export interface Manifest {
  mediaType: string;
  artifactMediaType?: string;
  /** Configuration and layers that the repository must hold. */
  blobs: string[];
  /** Manifests of an index, which the repository must hold. */
  children: string[];
  /** Compressed layers together, in bytes; 0 for an index. */
  layersSize: number;
}

/**
 * Reads an image manifest or an index, of Docker or OCI.
 * @param contentType what the client says that it is; undefined when only the manifest itself says it
 * @throws AwsError InvalidParameterException
 */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const manifest = parseJson(bytes);
  const mediaType = mediaTypeOf(manifest, contentType);
  if (mediaType === OCI_INDEX || mediaType === DOCKER_LIST) {
    const children = descriptors(manifest, 'manifests').map(({ digest }) => digest);
    return { mediaType, blobs: [], children, layersSize: 0 };
  }
  const config = descriptor(manifest['config'], 'config');
  const layers = descriptors(manifest, 'layers');
  // Layers with their own addresses (base layers of Windows) are never uploaded.
  const held = layers.filter(({ foreign }) => !foreign).map(({ digest }) => digest);
  return {
    mediaType,
    artifactMediaType: config.mediaType,
    blobs: [...new Set([config.digest, ...held])],
    children: [],
    layersSize: layers.reduce((sum, { size }) => sum + size, 0),
  };
}

function parseJson(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidManifest('Invalid JSON syntax');
  }
  if (!isJsonObject(value)) throw invalidManifest('Invalid JSON syntax');
  if (value['schemaVersion'] !== 2) throw invalidManifest('Unsupported schema version, only 2 is');
  return value;
}

function mediaTypeOf(manifest: JsonObject, contentType: string | undefined): string {
  const said = contentType?.split(';')[0]?.trim().toLowerCase();
  const own = manifest['mediaType'];
  if (own !== undefined && said !== undefined && said !== own) {
    throw invalidManifest(`The media type ${said} that was given is not the manifest's own, ${String(own)}`);
  }
  const mediaType = said ?? own ?? (Array.isArray(manifest['manifests']) ? OCI_INDEX : OCI_MANIFEST);
  const known: unknown[] = [OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST];
  if (!known.includes(mediaType)) throw invalidManifest(`Unsupported media type ${String(mediaType)}`);
  return mediaType as string;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  foreign: boolean;
}

function descriptors(manifest: JsonObject, member: string): Descriptor[] {
  const list = manifest[member];
  if (!Array.isArray(list)) throw invalidManifest(`"${member}" is not a list`);
  return list.map((item, index) => descriptor(item, `${member}[${index}]`));
}

function descriptor(value: unknown, at: string): Descriptor {
  if (!isJsonObject(value)) throw invalidManifest(`"${at}" is not a descriptor`);
  const { digest, size, mediaType, urls } = value;
  if (typeof digest !== 'string' || !isDigest(digest)) throw invalidManifest(`"${at}" has no sha256 digest`);
  if (typeof size !== 'number' || size < 0) throw invalidManifest(`"${at}" has no size`);
  return { digest, size, mediaType: String(mediaType ?? ''), foreign: Array.isArray(urls) && urls.length > 0 };
}

function invalidManifest(rule: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${rule}'`,
  );
}
