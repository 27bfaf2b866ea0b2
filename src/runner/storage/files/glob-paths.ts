import { lstat, readdir, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { goPatternSource } from '../../../core/go-path-match.ts';
import { bytePath, joined, onDisk, textOf, type BytePath } from './byte-path.ts';

/** What Go's filepath.Glob takes for a pattern; anything else is a plain name. */
const META = /[*?[\\]/;

/**
 * The paths below a folder that a pattern means, as Go's filepath.Glob has it (https://pkg.go.dev/path/filepath#Glob),
 * which CircleCI uses: `**` is no more than `*`, names that begin with a dot match, links to folders are followed, and
 * folders that can't be read hold nothing. `` for the folder itself.
 * @throws Error when the pattern is malformed
 */
export async function globPaths(folder: string, pattern: string): Promise<BytePath[]> {
  const root = bytePath(folder);
  const clean = posix.normalize(pattern).replace(/\/$/, '');
  if (clean === '.') return [''];
  let found: BytePath[] = [''];
  for (const part of clean.split('/')) {
    found = META.test(part)
      ? await matching(root, found, new RegExp(`^${goPatternSource(part)}$`, 'su'))
      : await existing(root, found, bytePath(part));
  }
  return found;
}

async function existing(root: BytePath, folders: readonly BytePath[], name: BytePath): Promise<BytePath[]> {
  const found: BytePath[] = [];
  for (const folder of folders) {
    const path = joined(folder, name);
    if (await exists(joined(root, path))) found.push(path);
  }
  return found;
}

async function matching(root: BytePath, folders: readonly BytePath[], pattern: RegExp): Promise<BytePath[]> {
  const found: BytePath[] = [];
  for (const folder of folders) {
    const names = await namesIn(joined(root, folder));
    found.push(...names.filter((name) => pattern.test(textOf(name))).map((name) => joined(folder, name)));
  }
  return found;
}

async function exists(path: BytePath): Promise<boolean> {
  return lstat(onDisk(path)).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: BytePath): Promise<BytePath[]> {
  const isFolder = await stat(onDisk(folder)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  const names: BytePath[] = await readdir(onDisk(folder), { encoding: 'latin1' }).catch(() => []);
  return names.toSorted();
}
