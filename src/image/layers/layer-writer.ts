import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Gzip } from 'fflate';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { TreeEdit } from '../files/copy-files.ts';
import { byName, type FileContent, type FileNode, type TreeNode } from '../files/file-tree.ts';
import { MEDIA_TYPE, type Descriptor } from '../oci-image.ts';
import { paddingOf, type TarEntry } from '../../core/tar-format.ts';
import { TAR_END, tarHeader } from '../../core/tar-writer.ts';

/** A layer that was written into a file. */
export interface WrittenLayer {
  descriptor: Descriptor;
  /** Digest of the plain tar, for the configuration. */
  diffId: string;
  file: string;
}

/**
 * The compressor's output depends on how its input is cut, so it is always cut the same way. Not node:zlib: its output differs
 * between versions of Node, and with it the digest would.
 */
const CHUNK = 64 * 1024;
const GZIP_LEVEL = 6;

/**
 * Writes what an edit changed as a gzip layer: the changed paths and the folders above them, sorted by name, all with one time.
 * The bytes depend on names, contents, modes and owners only.
 * @param mtime seconds since 1970
 */
export async function writeLayer(
  edit: TreeEdit,
  file: string,
  mtime: number,
  signal?: AbortSignal,
): Promise<WrittenLayer> {
  const handle = await open(file, 'w');
  try {
    const output = new LayerOutput(handle);
    const links = new HardLinks();
    for (const [path, node] of changedNodes(edit)) {
      signal?.throwIfAborted();
      const linkTarget = node.kind === 'file' ? links.find(path, node) : undefined;
      const entry = entryOf(path, node);
      if (linkTarget !== undefined) {
        await output.write(tarHeader({ ...entry, kind: 'hardlink', size: 0, linkTarget }, mtime));
        continue;
      }
      await output.write(tarHeader(entry, mtime));
      if (node.kind === 'file') await writeContent(output, path, node.content);
    }
    await output.write(TAR_END);
    const { diffId, digest, size } = await output.finish();
    return { descriptor: { mediaType: MEDIA_TYPE.ociLayerGzip, digest, size }, diffId, file };
  } finally {
    await handle.close();
  }
}

/** Files that are one file under several names stay so within a layer. */
class HardLinks {
  readonly #first = new Map<FileContent, { path: string; node: FileNode }[]>();

  /** The path under which the same file was written before. */
  find(path: string, node: FileNode): string | undefined {
    if (node.content.shared !== true) return undefined;
    const known = this.#first.get(node.content) ?? [];
    const same = known.find(
      (other) => other.node.mode === node.mode && other.node.uid === node.uid && other.node.gid === node.gid,
    );
    if (same === undefined) this.#first.set(node.content, [...known, { path, node }]);
    return same?.path;
  }
}

async function writeContent(output: LayerOutput, path: string, content: FileContent): Promise<void> {
  let size = 0;
  for await (const chunk of content.open() as AsyncIterable<Buffer>) {
    size += chunk.length;
    await output.write(chunk);
  }
  if (size !== content.size) {
    throw new DeployError({
      code: 'context.changed',
      title: 'The build context changed while it was read',
      message: `${path} had ${content.size} bytes, and then ${size}.`,
      hints: ['Build again when nothing writes into the folder.'],
      exitCode: EXIT.general,
    });
  }
  await output.write(Buffer.alloc(paddingOf(size)));
}

/** Changed nodes and their parents, parents first. */
function* changedNodes({ root, changed }: TreeEdit): Generator<[string, TreeNode]> {
  const wanted = new Set<string>();
  for (const path of changed) {
    for (
      let prefix = path;
      prefix !== '' && !wanted.has(prefix);
      prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))
    )
      wanted.add(prefix);
  }
  function* below(node: TreeNode, path: string): Generator<[string, TreeNode]> {
    if (node.kind !== 'directory') return;
    for (const [name, child] of [...node.entries].toSorted(([a], [b]) => byName(a, b))) {
      const childPath = path === '' ? name : `${path}/${name}`;
      if (!wanted.has(childPath)) continue;
      yield [childPath, child];
      yield* below(child, childPath);
    }
  }
  yield* below(root, '');
}

function entryOf(path: string, node: TreeNode): TarEntry {
  const { kind, mode, uid, gid, xattrs } = node;
  return {
    kind,
    path,
    mode,
    uid,
    gid,
    size: kind === 'file' ? node.content.size : 0,
    linkTarget: kind === 'symlink' ? node.target : '',
    ...((kind === 'character' || kind === 'block') && node.device && { device: node.device }),
    ...(xattrs && { xattrs }),
  };
}

/** Hashes, compresses and writes in pieces of one size, whatever comes in. */
class LayerOutput {
  readonly #handle: FileHandle;
  readonly #plainHash: Hash = createHash('sha256');
  readonly #packedHash: Hash = createHash('sha256');
  readonly #gzip: Gzip;
  readonly #chunk = Buffer.alloc(CHUNK);
  #filled = 0;
  #size = 0;
  #packed: Uint8Array[] = [];

  constructor(handle: FileHandle) {
    this.#handle = handle;
    this.#gzip = new Gzip({ level: GZIP_LEVEL, mtime: 0 }, (bytes) => void this.#packed.push(bytes));
  }

  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const step = Math.min(CHUNK - this.#filled, bytes.length - at);
      bytes.copy(this.#chunk, this.#filled, at, at + step);
      this.#filled += step;
      at += step;
      if (this.#filled === CHUNK) await this.#compress(false);
    }
  }

  async finish(): Promise<{ diffId: string; digest: string; size: number }> {
    await this.#compress(true);
    return {
      diffId: `sha256:${this.#plainHash.digest('hex')}`,
      digest: `sha256:${this.#packedHash.digest('hex')}`,
      size: this.#size,
    };
  }

  async #compress(last: boolean): Promise<void> {
    const plain = this.#chunk.subarray(0, this.#filled);
    this.#filled = 0;
    this.#plainHash.update(plain);
    // The compressor may keep what it is given until later.
    this.#gzip.push(Uint8Array.from(plain), last);
    const packed = this.#packed;
    this.#packed = [];
    for (const bytes of packed) {
      this.#packedHash.update(bytes);
      this.#size += bytes.length;
      await this.#handle.write(bytes);
    }
  }
}
