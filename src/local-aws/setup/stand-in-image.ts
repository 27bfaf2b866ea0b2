import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import { paddingOf } from '../../core/tar-format.ts';
import { TAR_END, tarHeader } from '../../core/tar-writer.ts';
import type { InternalCall } from '../internal-calls.ts';

/** A small image under the name of one that only the internet has. */
export interface StandIn {
  /** `docker.io/library/alpine:3.22` */
  name: string;
  region: string;
  /** Text by absolute path; two files about the system and its users when left out. */
  files?: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
}

/** Registry, path and tag. A digest can't be had on purpose. */
export const IMAGE_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[a-z0-9._-]+)+:[\w][\w.-]{0,127}$/;

const NO_PROGRAMS = {
  '/etc/os-release': 'PRETTY_NAME="a stand-in without any programs"\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
};
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
/** An image without programs fits every processor. */
const ARCHITECTURES = ['amd64', 'arm64'];

/** Makes a call, and gives what it answers. */
export type Call = (call: InternalCall) => Promise<JsonObject>;

/**
 * Pushes a stand-in to the repository that is named as the image is, registry and all: where a mirror, and a pull-through
 * cache of ECR whose prefix is the registry's name, has it. The same files make the same digest everywhere.
 */
export async function pushStandIn(image: StandIn, call: Call): Promise<void> {
  const colon = image.name.lastIndexOf(':');
  const repositoryName = image.name.slice(0, colon);
  const ecr = (operation: string, input: JsonObject): Promise<JsonObject> =>
    call({ service: 'ecr', operation, region: image.region, input: { repositoryName, ...input } });
  // Of an image with two tags, the second finds it there.
  await ecr('CreateRepository', {}).catch(unlessThere);
  const layer = await upload(layerOf(image.files ?? NO_PROGRAMS), ecr);
  const manifests: JsonObject[] = [];
  for (const architecture of ARCHITECTURES) {
    const config = await upload(json(configOf(image, architecture, layer.digest)), ecr);
    const manifest = json({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
    });
    await put(manifest, MANIFEST, ecr);
    manifests.push({ mediaType: MANIFEST, ...described(manifest), platform: { architecture, os: 'linux' } });
  }
  const index = json({ schemaVersion: 2, mediaType: INDEX, manifests });
  await put(index, INDEX, ecr, image.name.slice(colon + 1));
}

type Ecr = (operation: string, input: JsonObject) => Promise<JsonObject>;

async function put(manifest: Buffer, mediaType: string, ecr: Ecr, tag?: string): Promise<void> {
  await ecr('PutImage', {
    imageManifest: manifest.toString('utf8'),
    imageManifestMediaType: mediaType,
    ...(tag !== undefined && { imageTag: tag }),
  }).catch(unlessThere);
}

async function upload(bytes: Buffer, ecr: Ecr): Promise<{ digest: string; size: number }> {
  const { uploadId } = await ecr('InitiateLayerUpload', {});
  await ecr('UploadLayerPart', {
    uploadId: String(uploadId),
    partFirstByte: 0,
    partLastByte: bytes.length - 1,
    layerPartBlob: bytes.toString('base64'),
  });
  const blob = described(bytes);
  await ecr('CompleteLayerUpload', { uploadId: String(uploadId), layerDigests: [blob.digest] }).catch(unlessThere);
  return blob;
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && error.name.endsWith('AlreadyExistsException'))) throw error;
}

function described(bytes: Buffer): { digest: string; size: number } {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length };
}

function configOf({ environment = {} }: StandIn, architecture: string, diffId: string): JsonObject {
  const variables = Object.entries({ PATH, ...environment }).map(([name, value]) => `${name}=${value}`);
  return {
    created: new Date(0).toISOString().replace('.000Z', 'Z'),
    architecture,
    os: 'linux',
    config: { Env: variables },
    rootfs: { type: 'layers', diff_ids: [diffId] },
  };
}

/** Not compressed: how well that is done differs between versions of Node, and with it the digest would. */
function layerOf(files: Readonly<Record<string, string>>): Buffer {
  const owned = { uid: 0, gid: 0, linkTarget: '' };
  const texts = Object.entries(files).map(([path, text]) => [path.replace(/^\/+/, ''), Buffer.from(text)] as const);
  const entries = texts
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, content]) => {
      // Scripts are there to be run.
      const mode = content.subarray(0, 2).toString() === '#!' ? 0o755 : 0o644;
      const header = tarHeader({ kind: 'file', path, mode, size: content.length, ...owned }, 0);
      return [header, content, Buffer.alloc(paddingOf(content.length))];
    });
  return Buffer.concat([...entries, TAR_END]);
}

function json(value: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(value));
}
