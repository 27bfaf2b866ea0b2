import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { joined, onDisk, type BytePath } from './byte-path.ts';
import { hasCode } from '../storage-error.ts';

/** A file, folder or link that was found, and its path below the folder that the walk is about. */
export interface FoundFile {
  readonly path: BytePath;
  /** Where it is on the disk, absolute. */
  readonly from: BytePath;
  readonly stats: Stats;
}

/**
 * What is at a path below a folder, and below that: each folder before what is in it, names in order. Links are found,
 * never followed. Nothing when nothing is there.
 */
export async function* walkFiles(folder: BytePath, path: BytePath): AsyncGenerator<FoundFile> {
  const from = joined(folder, path);
  const stats = await lstat(onDisk(from)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (!stats) return;
  if (path !== '') yield { path, from, stats };
  if (stats.isDirectory()) yield* walkInside(folder, path);
}

async function* walkInside(folder: BytePath, path: BytePath): AsyncGenerator<FoundFile> {
  const names = await readdir(onDisk(joined(folder, path)), { encoding: 'latin1' });
  const found = names.toSorted().map(async (name): Promise<FoundFile> => {
    const inside = joined(path, name);
    const from = joined(folder, inside);
    return { path: inside, from, stats: await lstat(onDisk(from)) };
  });
  for (const entry of await Promise.all(found)) {
    yield entry;
    if (entry.stats.isDirectory()) yield* walkInside(folder, entry.path);
  }
}
