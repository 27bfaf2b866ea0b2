import { byName, newDirectory, pathParts, resolvePath, type DirectoryNode, type TreeNode } from './file-tree.ts';
import { goPatternSource, hasWildcard, withoutEscapes } from '../../core/go-path-match.ts';

/** What a copy changes about what it copies. */
export interface CopyOptions {
  uid?: number;
  gid?: number;
  /** For files and folders alike, as in Docker. */
  mode?: number;
}

/** A tree that is being changed, and the paths (`a/b`) that were, for the layer. */
export interface TreeEdit {
  root: DirectoryNode;
  changed: Set<string>;
}

/** Nothing to copy: no file has that name, or links go round in a circle. */
export class CopyFailure extends Error {}

/**
 * The paths that a source of COPY means. As in BuildKit, a pattern may match nothing, while what stands before the first wildcard
 * has to exist.
 * Patterns are Go's filepath.Match, one part of the path at a time; they do not go through symbolic links.
 */
export function findSources(root: DirectoryNode, source: string): string[] {
  const parts = pathParts(source);
  const wild = parts.findIndex(hasWildcard);
  if (wild === -1) {
    const path = parts.map(withoutEscapes).join('/');
    if (resolved(root, path).node === undefined) throw new CopyFailure(`"${source}" does not exist`);
    return [path];
  }
  const start = parts.slice(0, wild).map(withoutEscapes);
  const first = resolved(root, start.join('/')).node;
  if (first === undefined) throw new CopyFailure(`"${start.join('/')}" does not exist`);
  if (first.kind !== 'directory') throw new CopyFailure(`"${start.join('/')}" is no folder`);
  let found: { path: string[]; node: TreeNode }[] = [{ path: start, node: first }];
  for (const pattern of parts.slice(wild)) {
    const matcher = new RegExp(`^${goPatternSource(pattern)}$`, 's');
    found = found.flatMap(({ path, node }) =>
      node.kind !== 'directory'
        ? []
        : [...node.entries]
            .filter(([name]) => matcher.test(name))
            .toSorted(([a], [b]) => byName(a, b))
            .map(([name, child]) => ({ path: [...path, name], node: child })),
    );
  }
  return found.map(({ path }) => path.join('/'));
}

/**
 * Copies one source into the tree as BuildKit does: of a folder its contents; a file into the destination when that is a folder
 * or ends with a slash; links in the destination are followed, links in what is copied are kept, a source that is a link is followed.
 * New folders on the way have the new owner and mode, root and 0755 when none are given.
 */
export function copyInto(
  edit: TreeEdit,
  from: DirectoryNode,
  source: string,
  destination: string,
  options: CopyOptions,
): void {
  const node = resolved(from, source).node;
  if (node === undefined) throw new CopyFailure(`"${source}" does not exist`);
  const intoFolder = destination.endsWith('/') || destination.endsWith('/.');
  const target = resolved(edit.root, destination);
  if (node.kind === 'directory') {
    copyEntries(edit, node, makeDirectories(edit, target.parts, options), target.parts, options);
    return;
  }
  if (intoFolder || target.node?.kind === 'directory') {
    const directory = makeDirectories(edit, target.parts, options);
    const name = source.slice(source.lastIndexOf('/') + 1);
    // A link of that name in the folder is replaced, not followed.
    put(edit, node, directory, target.parts, name, options);
    return;
  }
  const name = target.parts.at(-1);
  if (name === undefined) throw new CopyFailure('the root folder can not be replaced by a file');
  const parents = target.parts.slice(0, -1);
  put(edit, node, makeDirectories(edit, parents, options), parents, name, options);
}

/** Creates what is missing of a path; what exists stays as it is. */
export function makeDirectories(edit: TreeEdit, parts: readonly string[], options: CopyOptions): DirectoryNode {
  let directory = edit.root;
  for (const [index, part] of parts.entries()) {
    const existing = directory.entries.get(part);
    if (existing !== undefined && existing.kind !== 'directory') {
      throw new CopyFailure(`"/${parts.slice(0, index + 1).join('/')}" is no folder in the image`);
    }
    const next = existing ?? newDirectory(options.mode ?? 0o755, options.uid ?? 0, options.gid ?? 0);
    if (existing === undefined) {
      directory.entries.set(part, next);
      edit.changed.add(parts.slice(0, index + 1).join('/'));
    }
    directory = next;
  }
  return directory;
}

function copyEntries(
  edit: TreeEdit,
  from: DirectoryNode,
  into: DirectoryNode,
  path: readonly string[],
  options: CopyOptions,
): void {
  for (const [name, child] of from.entries) put(edit, child, into, path, name, options);
}

/** Puts a node under a name. Folders are merged, and take over the owner and mode of the copied one. */
function put(
  edit: TreeEdit,
  node: TreeNode,
  into: DirectoryNode,
  path: readonly string[],
  name: string,
  options: CopyOptions,
): void {
  const place = [...path, name];
  edit.changed.add(place.join('/'));
  const owner = { uid: options.uid ?? node.uid, gid: options.gid ?? node.gid };
  const mode = node.kind === 'symlink' ? node.mode : (options.mode ?? node.mode);
  const before = into.entries.get(name);
  if (node.kind !== 'directory') {
    if (before?.kind === 'directory')
      throw new CopyFailure(`"/${place.join('/')}" is a folder in the image, and a file can not replace it`);
    into.entries.set(name, { ...node, ...owner, mode });
    return;
  }
  if (before !== undefined && before.kind !== 'directory') {
    throw new CopyFailure(`"/${place.join('/')}" is no folder in the image, and a folder can not replace it`);
  }
  const directory = before ?? newDirectory();
  const { xattrs } = node;
  Object.assign(directory, owner, { mode }, xattrs && { xattrs });
  into.entries.set(name, directory);
  copyEntries(edit, node, directory, place, options);
}

function resolved(root: DirectoryNode, path: string): ReturnType<typeof resolvePath> {
  try {
    return resolvePath(root, path);
  } catch (error) {
    throw new CopyFailure((error as Error).message);
  }
}
