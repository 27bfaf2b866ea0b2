import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployError, invalidFile } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import type { Progress } from '../core/progress.ts';
import { findBase, readBaseTree, type BaseImage } from './stages/base-image.ts';
import { readContext, type BuildContext } from './files/build-context.ts';
import type { Location } from './dockerfile/error.ts';
import { parseDockerfile } from './dockerfile/parser.ts';
import type { Dockerfile } from './dockerfile/instruction.ts';
import {
  baseReference,
  buildScope,
  stageAt,
  stageBase,
  stagePlatform,
  targetStage,
  type BuildScope,
  type StageBase,
} from './dockerfile/scope.ts';
import { newDirectory, type DirectoryNode } from './files/file-tree.ts';
import type { ImageLayer } from './layers/image-layer.ts';
import { mirroredReference, type ImageReference } from './image-reference.ts';
import { writeLayer } from './layers/layer-writer.ts';
import {
  configBytes,
  digestOf,
  formatPlatform,
  manifestBytes,
  MEDIA_TYPE,
  parsePlatform,
  type Descriptor,
  type Platform,
} from './oci-image.ts';
import type { RegistryClient } from './registry-client.ts';
import { canceled } from './registry/errors.ts';
import { buildStage, fromImage, fromScratch, type BuiltStage, type StageSurroundings } from './stages/stage-builder.ts';

export interface EmbeddedBuildOptions {
  /** Folder that is the build context. */
  contextDir: string;
  /** Path of the Dockerfile; `Dockerfile` in the context when left out. */
  dockerfile?: string | undefined;
  buildArgs?: Readonly<Record<string, string>>;
  target?: string | undefined;
  /** `linux/amd64` when left out. */
  platform?: string | undefined;
  /** Seconds since 1970: the time of everything in the image; 0 when left out. */
  sourceDateEpoch?: number | undefined;
  /** Asked for base images before their own registry is: `host/path`. */
  mirror?: string | undefined;
  /** The registry of a base image, logged in. Asked only for images that are really needed. */
  bases: (reference: ImageReference) => RegistryClient | Promise<RegistryClient>;
  signal?: AbortSignal | undefined;
  progress?: Progress | undefined;
}

/** An image that is built and not pushed yet. Its layers lie in a temporary folder until `dispose` is called. */
export interface BuiltImage {
  manifest: { bytes: Buffer; mediaType: string; digest: string };
  config: { bytes: Buffer; descriptor: Descriptor };
  layers: readonly ImageLayer[];
  /** `linux/amd64` */
  platform: string;
  dispose(): Promise<void>;
}

/**
 * Builds the image of a Dockerfile without an engine. The digest depends on the Dockerfile, the contents and names of what it copies, the
 * bases, the arguments and `sourceDateEpoch` only.
 * @throws DeployError: exit code 7 with file and line for what can't be built, 5 for what is not there
 */
export async function buildEmbedded(options: EmbeddedBuildOptions): Promise<BuiltImage> {
  const { signal } = options;
  const dockerfile = await loadDockerfile(options.contextDir, options.dockerfile);
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-image-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return { ...(await new EmbeddedBuild(options, dockerfile, folder).run()), dispose };
  } catch (error) {
    await dispose();
    throw signal?.aborted ? canceled('building the image', signal) : error;
  }
}

/** Reads and parses a Dockerfile; `undefined` is `Dockerfile` in the context. */
export async function loadDockerfile(contextDir: string, path: string | undefined): Promise<Dockerfile> {
  const file = path ?? join(contextDir, 'Dockerfile');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw invalidFile('The Dockerfile can not be read', `${file}: ${message}`);
    throw new DeployError({
      code: 'dockerfile.not_found',
      title: `There is no ${file}`,
      hints: ['Check path and dockerfile: the Dockerfile is looked for in the build context unless it is named.'],
      exitCode: EXIT.notFound,
    });
  }
  return parseDockerfile(file, text);
}

class EmbeddedBuild {
  readonly #options: EmbeddedBuildOptions;
  readonly #folder: string;
  readonly #platform: Platform;
  readonly #scope: BuildScope;
  readonly #epoch: number;
  readonly #stages = new Map<number, Promise<BuiltStage>>();
  readonly #bases = new Map<string, Promise<BaseImage>>();
  readonly #trees = new Map<BaseImage, Promise<DirectoryNode>>();
  #context: Promise<BuildContext> | undefined;
  #files = 0;

  constructor(options: EmbeddedBuildOptions, dockerfile: Dockerfile, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#platform = parsePlatform(options.platform ?? 'linux/amd64');
    this.#epoch = options.sourceDateEpoch ?? 0;
    this.#scope = buildScope(dockerfile, options.buildArgs ?? {}, this.#platform, options.target);
  }

  async run(): Promise<Omit<BuiltImage, 'dispose'>> {
    const { dockerfile, given, used } = this.#scope;
    const stage = await this.#stage(targetStage(dockerfile, this.#options.target));
    for (const name of given.keys()) {
      if (!used.has(name))
        this.#options.progress?.warn(`No ARG of the Dockerfile asks for the build argument ${name}.`);
    }
    const { settings, layers, history, image } = stage;
    const bytes = configBytes({
      created: this.#created(),
      ...(settings.author !== undefined && { author: settings.author }),
      ...image,
      config: settings.config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history,
    });
    const descriptor = { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(bytes), size: bytes.length };
    const manifest = manifestBytes(
      descriptor,
      layers.map((layer) => layer.descriptor),
    );
    return {
      manifest: { bytes: manifest, mediaType: MEDIA_TYPE.ociManifest, digest: digestOf(manifest) },
      config: { bytes, descriptor },
      layers,
      platform: formatPlatform(image),
    };
  }

  #stage(index: number): Promise<BuiltStage> {
    const known = this.#stages.get(index);
    if (known) return known;
    const building = this.#start(index).then((start) => buildStage(index, start, this.#surroundings()));
    this.#stages.set(index, building);
    return building;
  }

  async #start(index: number): Promise<BuiltStage> {
    const base = stageBase(this.#scope, index);
    const wanted = stagePlatform(this.#scope, index);
    const platform = wanted === undefined ? this.#platform : parsePlatform(wanted);
    const from = stageAt(this.#scope, index);
    if (base.kind === 'stage') return this.#stage(base.index);
    if (base.kind === 'scratch') return fromScratch(platform);
    const image = await this.#base(base.name, platform, from);
    return fromImage(image, () => this.#tree(image), from);
  }

  async #treeOf(source: StageBase, instruction: Location): Promise<DirectoryNode> {
    if (source.kind === 'stage') return (await this.#stage(source.index)).tree();
    if (source.kind === 'scratch') return newDirectory();
    return this.#tree(await this.#base(source.name, this.#platform, instruction));
  }

  #base(name: string, platform: Platform, location: Location): Promise<BaseImage> {
    const key = `${formatPlatform(platform)} ${name}`;
    let base = this.#bases.get(key);
    if (!base) {
      base = this.#findBase(name, platform, location);
      this.#bases.set(key, base);
    }
    return base;
  }

  async #findBase(name: string, platform: Platform, location: Location): Promise<BaseImage> {
    const { bases, mirror, progress } = this.#options;
    const reference = baseReference(location, name);
    progress?.info(`Base image ${name}`);
    const mirrored = mirror && mirroredReference(reference, mirror);
    if (mirrored) {
      const client = await bases(mirrored);
      const digest = await client.findDigest(mirrored.repository, mirrored.digest ?? mirrored.tag ?? 'latest');
      progress?.info(`Asked the mirror ${mirror}, which has ${digest ? `it: ${digest}` : 'no such image'}`);
      if (digest) return findBase(client, { ...mirrored, digest }, platform);
    }
    return findBase(await bases(reference), reference, platform);
  }

  #tree(base: BaseImage): Promise<DirectoryNode> {
    let tree = this.#trees.get(base);
    if (!tree) {
      this.#options.progress?.info(`Reading the files of ${base.name}`);
      tree = readBaseTree(base, join(this.#folder, `base-${this.#trees.size}`), this.#options.signal);
      this.#trees.set(base, tree);
    }
    return tree;
  }

  #surroundings(): StageSurroundings {
    return {
      scope: this.#scope,
      created: this.#created(),
      context: () => (this.#context ??= readContext(this.#options.contextDir, this.#scope.dockerfile.file)),
      treeOf: (source, instruction) => this.#treeOf(source, instruction),
      writeLayer: (edit) => {
        const file = join(this.#folder, `layer-${this.#files++}`);
        return writeLayer(edit, file, this.#epoch, this.#options.signal);
      },
      step: (text) => this.#options.progress?.info(text),
    };
  }

  #created(): string {
    return new Date(this.#epoch * 1000).toISOString().replace('.000Z', 'Z');
  }
}
