import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { Progress } from '../core/progress.ts';
import type { BuiltImage } from './embedded-builder.ts';
import type { ImageLayer } from './layers/image-layer.ts';
import type { RegistryClient } from './registry-client.ts';
import { tagManifest, type TagOutcome } from './tag-manifest.ts';

export interface PushOptions {
  image: BuiltImage;
  client: RegistryClient;
  /** Name in the registry, without host. */
  repository: string;
  /** Without any, the image is there by digest only. */
  tags: readonly string[];
  progress?: Progress | undefined;
}

export interface PushResult {
  /** As the registry confirms it. */
  digest: string;
  /** Layers and the configuration by what became of them. */
  sent: number;
  mounted: number;
  skipped: number;
  tags: TagOutcome[];
}

/** Docker sends five at a time; three leave room for the other jobs of a pipeline. */
const PARALLEL = 3;

/**
 * Pushes what is not there, layers before the manifest, and names it by every tag. Safe to repeat after any failure.
 * @throws DeployError when an immutable tag names another image (the message has both digests)
 */
export async function pushImage({ image, client, repository, tags, progress }: PushOptions): Promise<PushResult> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-push-'));
  try {
    const { bytes, descriptor } = image.config;
    const counts = { sent: 0, mounted: 0, skipped: 0 };
    const unique = new Map(image.layers.map((layer) => [layer.descriptor.digest, layer]));
    const jobs = [...unique.values()].map((layer) => async (): Promise<void> => {
      const outcome = await pushLayer(client, repository, layer, folder);
      counts[outcome] += 1;
      progress?.info(
        `Layer ${layer.descriptor.digest.slice(0, 19)} (${layer.descriptor.size} bytes): ${WORDS[outcome]}`,
      );
    });
    jobs.push(async () => {
      const open = (from: number): Readable => Readable.from([bytes.subarray(from)]);
      counts[await client.pushBlob(repository, { digest: descriptor.digest, size: descriptor.size, open })] += 1;
    });
    progress?.step(`Pushing ${unique.size} ${unique.size === 1 ? 'layer' : 'layers'} to ${client.host}/${repository}`);
    await inParallel(jobs);
    const digest = await storeByDigest(client, repository, image.manifest);
    const outcomes: TagOutcome[] = [];
    for (const tag of tags) outcomes.push(await tagManifest(client, repository, tag, image.manifest));
    return { digest, ...counts, tags: outcomes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const WORDS = { sent: 'sent', mounted: 'mounted from the base repository', skipped: 'there already' } as const;

/** Before any tag moves, the registry has the image. One that it has already is not sent again. */
async function storeByDigest(
  client: RegistryClient,
  repository: string,
  manifest: BuiltImage['manifest'],
): Promise<string> {
  const { digest } = manifest;
  if ((await client.findDigest(repository, digest)) === digest) return digest;
  const result = await client.putManifest(repository, digest, manifest);
  if (result.kind === 'put') return result.digest;
  throw new DeployError({
    code: 'registry.refused',
    title: `The registry ${client.host} refused the image`,
    message: `${repository}@${digest}: ${result.message}`,
    exitCode: EXIT.awsApi,
  });
}

async function pushLayer(
  client: RegistryClient,
  repository: string,
  layer: ImageLayer,
  folder: string,
): Promise<'sent' | 'mounted' | 'skipped'> {
  const { digest, size } = layer.descriptor;
  const { source } = layer;
  if (source.kind === 'file') {
    return client.pushBlob(repository, {
      digest,
      size,
      open: (from) => createReadStream(source.file, { start: from }),
    });
  }
  if (source.client.host === client.host) {
    if (source.repository === repository) return 'skipped';
    const mounted = await client.mountBlob(repository, digest, source.repository);
    if (mounted !== undefined) return mounted;
  } else if (await client.hasBlob(repository, digest)) {
    return 'skipped';
  }
  const file = join(folder, digest.replace(':', '-'));
  await source.client.downloadBlob(source.repository, layer.descriptor, file);
  return client.pushBlob(repository, { digest, size, open: (from) => createReadStream(file, { start: from }) });
}

/** Runs all jobs, a few at a time; after the first failure no further one is started. */
async function inParallel(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...jobs];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job && failures.length === 0; job = queue.shift()) {
      try {
        await job();
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (failures.length > 0) throw failures[0];
}
