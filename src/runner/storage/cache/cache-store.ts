import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTENT_FILE, INDEX_FILE } from '../archive/archive-index.ts';
import { makeFolderAtomic, removeAbandoned, TEMPORARY } from '../files/atomic-write.ts';
import { removeTree } from '../files/remove-tree.ts';
import { isAnchoredPath, type AnchoredPath } from '../job-folders.ts';
import { hasCode } from '../storage-error.ts';

/** More bytes than this are not kept in caches: those that were not used for longest go first. */
export const CACHE_LIMIT = 5 * 1024 ** 3;

export interface CacheEntry {
  readonly folder: string;
  readonly key: string;
  /** In milliseconds since 1970. */
  readonly createdAt: number;
  readonly paths: readonly AnchoredPath[];
}

const ENTRY_FILE = 'entry.json';
const SCHEMA = 'aws-deploy/local-cache@1';

/** Where all runs of a checkout keep their caches. */
export function cacheFolder(localFolder: string): string {
  return join(localFolder, 'cache');
}

/** All caches, newest first. What is damaged, or was written by another version of this program, is told and left out. */
export async function cacheEntries(cache: string, unreadable: (folder: string) => void): Promise<CacheEntry[]> {
  const names = await readdir(cache).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const folders = names.filter((name) => !name.startsWith('.')).map((name) => join(cache, name));
  const read = folders.map(async (folder) => {
    const entry = await readEntry(folder);
    if (!entry) unreadable(folder);
    return entry;
  });
  const entries = await Promise.all(read);
  return entries.filter((entry) => entry !== undefined).toSorted((a, b) => b.createdAt - a.createdAt);
}

/** The cache of exactly this key. */
export async function cacheEntry(cache: string, key: string): Promise<CacheEntry | undefined> {
  return readEntry(join(cache, nameOf(key)));
}

/** Adds a cache. False when there is one of this key, which can't be changed any more. */
export async function addCacheEntry(
  cache: string,
  { key, createdAt, paths }: Omit<CacheEntry, 'folder'>,
  fill: (folder: string) => Promise<void>,
): Promise<boolean> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache, createdAt);
  const own = join(cache, nameOf(key));
  if (!(await readEntry(own))) await removeTree(own);
  return makeFolderAtomic(own, async (folder) => {
    await fill(folder);
    // A key may hold what a variable holds.
    const text = JSON.stringify({ schema: SCHEMA, key, createdAt, paths });
    await writeFile(join(folder, ENTRY_FILE), text, { mode: 0o600 });
  });
}

/** Notes that a cache was used, for `shrinkCache`. */
export async function markUsed({ folder }: CacheEntry, now: Date): Promise<void> {
  await utimes(join(folder, ENTRY_FILE), now, now).catch(() => undefined);
}

/** Removes a cache; whoever reads it meanwhile reads on. */
export async function dropCacheEntry(cache: string, { folder, key }: CacheEntry): Promise<void> {
  const leaving = join(cache, `${TEMPORARY}${nameOf(key)}-${process.pid}`);
  try {
    await rename(folder, leaving);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await removeTree(leaving);
}

/** Removes caches that were not used for longest, until what is left fits; never the one of `keep`. Gives the keys of what it removed. */
export async function shrinkCache(cache: string, keep: string, limit: number): Promise<string[]> {
  const entries = await Promise.all(
    (await cacheEntries(cache, () => {})).map(async (entry) => ({ entry, ...(await useOf(entry)) })),
  );
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  const removed: string[] = [];
  for (const { entry, size } of entries.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= limit) break;
    if (entry.key === keep) continue;
    await dropCacheEntry(cache, entry);
    total -= size;
    removed.push(entry.key);
  }
  return removed;
}

async function useOf({ folder }: CacheEntry): Promise<{ size: number; usedAt: number }> {
  const files = [CONTENT_FILE, INDEX_FILE, ENTRY_FILE].map((name) => stat(join(folder, name)).catch(() => undefined));
  const stats = await Promise.all(files);
  return { size: stats.reduce((sum, each) => sum + (each?.size ?? 0), 0), usedAt: stats[2]?.mtimeMs ?? 0 };
}

async function readEntry(folder: string): Promise<CacheEntry | undefined> {
  const text = await readFile(join(folder, ENTRY_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { schema, key, createdAt, paths } = JSON.parse(text) as Record<string, unknown>;
    if (schema !== SCHEMA || typeof key !== 'string' || typeof createdAt !== 'number' || !Array.isArray(paths)) return;
    return paths.every(isAnchoredPath) ? { folder, key, createdAt, paths } : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
