import { DeployError } from '../core/errors.ts';
import type { RegistryClient } from './registry-client.ts';

/** What became of a tag. `unchanged`: it named this image already. */
export interface TagOutcome {
  tag: string;
  result: 'tagged' | 'unchanged';
}

/**
 * Gives a manifest that the repository has a tag. An immutable tag that names the same manifest is fine.
 * @throws DeployError with both digests when an immutable tag names something else
 */
export async function tagManifest(
  client: RegistryClient,
  repository: string,
  tag: string,
  manifest: { bytes: Buffer; mediaType: string; digest: string },
): Promise<TagOutcome> {
  const named = await currentDigest(client, repository, tag);
  if (named === manifest.digest) return { tag, result: 'unchanged' };
  const result = await client.putManifest(repository, tag, manifest);
  if (result.kind === 'put') return { tag, result: 'tagged' };
  const taken = await client.findDigest(repository, tag);
  if (taken === manifest.digest) return { tag, result: 'unchanged' };
  throw immutableTagTaken(`${client.host}/${repository}:${tag}`, taken, manifest.digest, result.message);
}

/** An immutable tag that names another image. */
export function immutableTagTaken(name: string, taken: string | undefined, ours: string, said: string): DeployError {
  return new DeployError({
    code: 'registry.tag_immutable',
    title: `The tag ${name} can not be moved`,
    message: `It names ${taken ?? 'another image'}, and the image built now is ${ours}. The registry says: ${said}`,
    hints: [
      'Use a new tag (the commit is the default), or make the build reproducible so that the same commit gives the same image.',
    ],
  });
}

/** Who may push may not always read: then the push itself tells. */
async function currentDigest(client: RegistryClient, repository: string, tag: string): Promise<string | undefined> {
  try {
    return await client.findDigest(repository, tag);
  } catch (error) {
    if (error instanceof DeployError && error.code === 'registry.denied') return undefined;
    throw error;
  }
}
