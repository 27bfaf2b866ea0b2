import type { Readable } from 'node:stream';

/** The bytes of a file, wherever they are. */
export interface FileContent {
  size: number;
  open(): Readable;
  /** Whether an image has the file under several names (hard links), which a copy keeps as such. */
  shared?: boolean;
}

interface Owned {
  /** Permission bits, with set-user-id, set-group-id and sticky. */
  mode: number;
  uid: number;
  gid: number;
  xattrs?: ReadonlyMap<string, Buffer>;
}

export interface FileNode extends Owned {
  kind: 'file';
  content: FileContent;
}

export interface DirectoryNode extends Owned {
  kind: 'directory';
  entries: Map<string, TreeNode>;
}

export interface SymlinkNode extends Owned {
  kind: 'symlink';
  target: string;
}

export interface SpecialNode extends Owned {
  kind: 'character' | 'block' | 'fifo';
  device?: readonly [number, number];
}

/** The file system of an image or of the build context, without the contents. Hard links are one node under two names. */
export type TreeNode = FileNode | DirectoryNode | SymlinkNode | SpecialNode;

const MAX_LINKS = 255;

export function newDirectory(mode = 0o755, uid = 0, gid = 0): DirectoryNode {
  return { kind: 'directory', mode, uid, gid, entries: new Map() };
}

/** A copy whose folders are its own. Files are shared, because they are replaced and never changed. */
export function cloneDirectory(directory: DirectoryNode): DirectoryNode {
  const entries = [...directory.entries].map(([name, node]): [string, TreeNode] => [
    name,
    node.kind === 'directory' ? cloneDirectory(node) : node,
  ]);
  return { ...directory, entries: new Map(entries) };
}

/** `/a//b/./c/` as its names; `..` goes up and stops at the root. */
export function pathParts(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/**
 * Follows a path as a process whose root directory is `root` would. Symbolic links on the way are followed, the last name only with
 * `followLast`. Gives the real names, also of what does not exist: from the first missing name on they are as asked for.
 * @throws Error on a loop of links
 */
export function resolvePath(
  root: DirectoryNode,
  path: string,
  { followLast = true }: { followLast?: boolean } = {},
): { parts: string[]; node: TreeNode | undefined } {
  const pending = path.split('/').filter((part) => part !== '' && part !== '.');
  let trail: { name: string; node: TreeNode | undefined }[] = [];
  let links = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === '..') {
      trail.pop();
      continue;
    }
    const parent = trail.length === 0 ? root : trail.at(-1)?.node;
    const node = parent?.kind === 'directory' ? parent.entries.get(part) : undefined;
    if (node?.kind === 'symlink' && (followLast || pending.length > 0)) {
      links += 1;
      if (links > MAX_LINKS) throw new Error(`"${path}" goes through too many symbolic links`);
      if (node.target.startsWith('/')) trail = [];
      pending.unshift(...node.target.split('/').filter((name) => name !== '' && name !== '.'));
      continue;
    }
    trail.push({ name: part, node });
  }
  return { parts: trail.map(({ name }) => name), node: trail.length === 0 ? root : trail.at(-1)?.node };
}

/** Names in the order of their UTF-8 bytes, the same on every machine and locale. */
export function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
