import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { gzipSync } from 'node:zlib';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import { digestOf, ecrClient, manifestOf, OCI_MANIFEST, RegistryClient } from '../ecr/ecr-client.ts';
import { layerOf, type LayerFile } from './layer.ts';

export interface ImageSettings {
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  WorkingDir?: string;
}

/** Pushes an image of these layers to a repository of the local AWS and gives its name with the digest. */
export async function pushScriptImage(
  { endpoint }: LocalAws,
  repository: string,
  layers: readonly Readonly<Record<string, LayerFile>>[],
  settings: ImageSettings,
): Promise<string> {
  const ecr = ecrClient(endpoint);
  const { repository: created } = await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  const registry = await RegistryClient.login(endpoint, ecr);
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: settings }));
  const blobs = [config, ...layers.map((files) => gzipSync(layerOf(files)))];
  for (const blob of blobs) await registry.pushBlob(repository, blob);
  const [configuration, ...packed] = blobs.map((blob, index) => ({
    mediaType: `application/vnd.oci.image.${index === 0 ? 'config.v1+json' : 'layer.v1.tar+gzip'}`,
    digest: digestOf(blob),
    size: blob.length,
  }));
  const content = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: configuration, layers: packed };
  const manifest = manifestOf(OCI_MANIFEST, content);
  const answer = await registry.putManifest(repository, 'latest', manifest);
  if (answer.status !== 201) throw new Error(`the manifest was refused: ${answer.body.toString()}`);
  return `${created!.repositoryUri!}@${manifest.digest}`;
}
