import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { buildEmbedded, type BuiltImage, type EmbeddedBuildOptions } from '../../src/image/embedded-builder.ts';
import type { ImageConfig } from '../../src/image/oci-image.ts';
import { readTar } from '../../src/core/tar-reader.ts';
import { folderOf, removeFolder } from './local-registry.ts';

/** What a test looks at of an image: configuration, and the entries of each layer as lines. */
export interface Looked {
  digest: string;
  config: ImageConfig;
  /** `0755 0:0 dir/`, `0644 0:0 file`, `link -> target`, one list for each layer that was built. */
  layers: string[][];
}

export type TestBuild = Partial<Omit<EmbeddedBuildOptions, 'contextDir' | 'dockerfile'>>;

/** Builds a Dockerfile text over these files. */
export async function buildText(
  dockerfile: string,
  files: Parameters<typeof folderOf>[0] = {},
  options: TestBuild = {},
): Promise<Looked> {
  const contextDir = folderOf({ ...files, Dockerfile: dockerfile });
  try {
    return await buildFolder(contextDir, options);
  } finally {
    removeFolder(contextDir);
  }
}

export async function buildFolder(contextDir: string, options: TestBuild = {}): Promise<Looked> {
  const bases = (): never => {
    throw new Error('this build has no base image');
  };
  const image = await buildEmbedded({ bases, ...options, contextDir });
  try {
    return await lookAt(image);
  } finally {
    await image.dispose();
  }
}

export async function lookAt(image: BuiltImage): Promise<Looked> {
  const layers: string[][] = [];
  for (const { source } of image.layers) {
    if (source.kind === 'file') layers.push(await entriesOf(source.file));
  }
  return { digest: image.manifest.digest, config: JSON.parse(image.config.bytes.toString()) as ImageConfig, layers };
}

async function entriesOf(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { kind, path, mode, uid, gid, linkTarget } of readTar(createReadStream(file).pipe(createGunzip()))) {
    const owned = `${mode.toString(8).padStart(4, '0')} ${uid}:${gid} ${path}`;
    lines.push(kind === 'directory' ? `${owned}/` : kind === 'symlink' ? `${path} -> ${linkTarget}` : owned);
  }
  return lines;
}

/** The text of one file of the last layer that has it. */
export async function fileIn(image: BuiltImage, path: string): Promise<string | undefined> {
  let found: string | undefined;
  for (const { source } of image.layers) {
    if (source.kind !== 'file') continue;
    for await (const entry of readTar(createReadStream(source.file).pipe(createGunzip()))) {
      if (entry.path !== path) continue;
      const plain = createReadStream(source.file).pipe(createGunzip());
      found = (await text(plain)).slice(entry.offset, entry.offset + entry.size);
    }
  }
  return found;
}
