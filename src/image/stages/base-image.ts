import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { applyLayer, unpackLayer } from '../layers/base-layers.ts';
import { newDirectory, type DirectoryNode } from '../files/file-tree.ts';
import { formatImageReference, type ImageReference } from '../image-reference.ts';
import type { ImageLayer } from '../layers/image-layer.ts';
import { MEDIA_TYPE, type Descriptor, type ImageConfig, type Platform } from '../oci-image.ts';
import type { RegistryClient } from '../registry-client.ts';
import { resolveImage } from '../registry/manifest.ts';

/** An image that a stage starts from or copies from. */
export interface BaseImage {
  name: string;
  config: ImageConfig;
  layers: ImageLayer[];
}

/** Docker's own layer types hold the same bytes as OCI's; the image that is built names them the OCI way. */
const OCI_TYPES: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPE.dockerLayer, MEDIA_TYPE.ociLayer],
  [MEDIA_TYPE.dockerLayerGzip, MEDIA_TYPE.ociLayerGzip],
  ...[MEDIA_TYPE.ociLayer, MEDIA_TYPE.ociLayerGzip, MEDIA_TYPE.ociLayerZstd].map((type): [string, string] => [
    type,
    type,
  ]),
]);

/** Finds an image in its registry. No layer is read yet. */
export async function findBase(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform,
): Promise<BaseImage> {
  const name = formatImageReference(reference);
  const { manifest, config } = await resolveImage(
    client,
    reference.repository,
    reference.digest ?? reference.tag ?? 'latest',
    platform,
  );
  const diffIds = config.rootfs?.diff_ids ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new DeployError({
      code: 'image.unusable',
      title: `The image ${name} can not be used as a base`,
      message: `Its manifest names ${manifest.layers.length} layers and its configuration ${diffIds.length}.`,
      exitCode: EXIT.invalidFile,
    });
  }
  const layers = manifest.layers.map((layer, index) => ({
    descriptor: { mediaType: ociType(layer, name), digest: layer.digest, size: layer.size },
    diffId: diffIds[index] ?? '',
    source: { kind: 'registry', client, repository: reference.repository } as const,
  }));
  return { name, config, layers };
}

/** Downloads the layers of a base into a folder, and gives the file system that they make. */
export async function readBaseTree(base: BaseImage, folder: string, signal?: AbortSignal): Promise<DirectoryNode> {
  const root = newDirectory();
  await mkdir(folder, { recursive: true });
  for (const [index, layer] of base.layers.entries()) {
    const packed = join(folder, `${index}.layer`);
    const unpacked = join(folder, `${index}.tar`);
    if (layer.source.kind === 'registry') {
      await layer.source.client.downloadBlob(layer.source.repository, layer.descriptor, packed);
    }
    await unpackLayer(packed, unpacked, base.name, signal);
    try {
      await applyLayer(root, unpacked);
    } catch (error) {
      throw new DeployError({
        code: 'image.unusable',
        title: `The image ${base.name} can not be used as a base`,
        message: `Layer ${index + 1} (${layer.descriptor.digest}): ${(error as Error).message}.`,
        exitCode: EXIT.invalidFile,
        cause: error,
      });
    }
  }
  return root;
}

function ociType(layer: Descriptor, name: string): string {
  const type = OCI_TYPES.get(layer.mediaType);
  if (type !== undefined) return type;
  throw new DeployError({
    code: 'image.unusable',
    title: `The image ${name} can not be used as a base`,
    message: `It has a layer of the type "${layer.mediaType}", which may not be copied or is not known.`,
    hints: ['Build it with a Docker engine: builder: docker (--builder docker).'],
    exitCode: EXIT.invalidFile,
  });
}
