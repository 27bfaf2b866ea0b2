import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

export interface GeneratedDifferences {
  /** Absent, or with another content than it should have. */
  outdated: string[];
  /** In a generated folder, and nothing generates it any more. */
  stale: string[];
}

/**
 * Compares generated files with what is on disk. `files` holds texts by path relative to `root`; `folders` are the
 * folders in which nothing else may be.
 */
export async function compareGenerated(
  root: string,
  files: ReadonlyMap<string, string>,
  folders: readonly string[],
): Promise<GeneratedDifferences> {
  const outdated: string[] = [];
  for (const [path, text] of files) {
    if ((await textOf(join(root, path))) !== text) outdated.push(path);
  }
  const present = (await Promise.all(folders.map((folder) => filesBelow(root, folder)))).flat();
  return { outdated, stale: present.filter((path) => !files.has(path)).toSorted() };
}

/** Makes the files on disk what they should be, and removes what is stale. */
export async function writeGenerated(
  root: string,
  files: ReadonlyMap<string, string>,
  differences: GeneratedDifferences,
): Promise<void> {
  for (const path of differences.outdated) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), files.get(path) ?? '');
  }
  for (const path of differences.stale) await rm(join(root, path));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
