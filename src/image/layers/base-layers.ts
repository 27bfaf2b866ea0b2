import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { newDirectory, resolvePath, type DirectoryNode, type FileContent, type TreeNode } from '../files/file-tree.ts';
import { readTar, type LocatedEntry } from '../../core/tar-reader.ts';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * Puts a layer on top of a tree, by the rules of https://github.com/opencontainers/image-spec/blob/main/layer.md: whiteouts
 * hide what lies below and never what the same layer adds.
 * `file` is the layer as plain tar; contents are read from it later, so it has to stay.
 */
export async function applyLayer(root: DirectoryNode, file: string): Promise<void> {
  const entries: LocatedEntry[] = [];
  for await (const entry of readTar(createReadStream(file))) entries.push(entry);
  for (const entry of entries) hide(root, entry.path);
  for (const entry of entries) add(root, entry, file);
}

function hide(root: DirectoryNode, path: string): void {
  const [parentPath, name] = splitLast(path);
  if (!name.startsWith(WHITEOUT)) return;
  const parent = resolvePath(root, parentPath).node;
  if (parent?.kind !== 'directory') return;
  if (name === OPAQUE) parent.entries.clear();
  else parent.entries.delete(name.slice(WHITEOUT.length));
}

function add(root: DirectoryNode, entry: LocatedEntry, file: string): void {
  const [parentPath, name] = splitLast(entry.path);
  if (name.startsWith(WHITEOUT)) return;
  const { mode, uid, gid } = entry;
  const owned = { mode, uid, gid, ...(entry.xattrs && { xattrs: entry.xattrs }) };
  if (name === '') {
    if (entry.kind === 'directory') Object.assign(root, owned);
    return;
  }
  const parent = makeDirectories(root, parentPath);
  const existing = parent.entries.get(name);
  if (entry.kind === 'directory' && existing?.kind === 'directory') {
    Object.assign(existing, owned);
    return;
  }
  parent.entries.set(name, nodeOf(root, entry, owned, file));
}

function nodeOf(
  root: DirectoryNode,
  entry: LocatedEntry,
  owned: Pick<TreeNode, 'mode' | 'uid' | 'gid'>,
  file: string,
): TreeNode {
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory', ...owned, entries: new Map() };
    case 'symlink':
      return { kind: 'symlink', ...owned, target: entry.linkTarget };
    case 'file':
      return { kind: 'file', ...owned, content: tarContent(file, entry) };
    case 'hardlink': {
      const target = resolvePath(root, entry.linkTarget, { followLast: false }).node;
      if (target === undefined || target.kind === 'directory') {
        throw new Error(`"${entry.path}" is a hard link to "${entry.linkTarget}", which is no file in the image`);
      }
      if (target.kind === 'file') target.content.shared = true;
      return target;
    }
    default:
      return { kind: entry.kind, ...owned, ...(entry.device && { device: entry.device }) };
  }
}

function makeDirectories(root: DirectoryNode, path: string): DirectoryNode {
  let directory = root;
  for (const part of resolvePath(root, path).parts) {
    let next = directory.entries.get(part);
    if (next?.kind !== 'directory') {
      next = newDirectory();
      directory.entries.set(part, next);
    }
    directory = next;
  }
  return directory;
}

function tarContent(file: string, { offset, size }: LocatedEntry): FileContent {
  return {
    size,
    open: () => (size === 0 ? Readable.from([]) : createReadStream(file, { start: offset, end: offset + size - 1 })),
  };
}

function splitLast(path: string): [string, string] {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}

/** Writes a layer as plain tar. What it is compressed with is read from its first bytes, whatever the manifest says. */
export async function unpackLayer(packed: string, unpacked: string, name: string, signal?: AbortSignal): Promise<void> {
  const magic = await firstBytes(packed);
  if (magic.readUInt32LE(0) === 0xfd2fb528) {
    throw new DeployError({
      code: 'image.zstd_layer',
      title: `The base image has a layer that is compressed with zstd`,
      message: `${name}: the embedded builder reads gzip and plain layers.`,
      hints: ['Build it with a Docker engine (builder: docker), or use a base whose layers are gzip.'],
      exitCode: EXIT.invalidFile,
    });
  }
  const isGzip = magic[0] === 0x1f && magic[1] === 0x8b;
  const stages = isGzip ? [createReadStream(packed), createGunzip()] : [createReadStream(packed)];
  await pipeline([...stages, createWriteStream(unpacked)], signal ? { signal } : {});
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(4);
    await handle.read(bytes, 0, 4, 0);
    return bytes;
  } finally {
    await handle.close();
  }
}
