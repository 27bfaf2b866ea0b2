import { basename, dirname } from 'node:path';
import { placeText } from '../../../config/source.ts';
import { DeployError } from '../../../core/errors.ts';
import { EXIT } from '../../../core/exit-codes.ts';
import type { JobWorld } from '../../job-world.ts';
import type { StepResult } from '../../job/step-handlers.ts';
import type { CacheStep } from '../../pipeline/pipeline.ts';
import { DamagedArchive, readArchive, type Archive } from '../archive/archive-index.ts';
import { bytePath, type BytePath } from '../files/byte-path.ts';
import { cacheKey, KeyChecksumError, KeyTemplateError, LONGEST_KEY } from './cache-key.ts';
import { keyValues } from './cache-key-values.ts';
import {
  addCacheEntry,
  CACHE_LIMIT,
  cacheEntries,
  cacheEntry,
  cacheFolder,
  dropCacheEntry,
  markUsed,
  shrinkCache,
  type CacheEntry,
} from './cache-store.ts';
import { extractArchive } from '../archive/extract-archive.ts';
import { jobDisk, LEADS_OUTSIDE, leadsOutside } from '../leads-outside.ts';
import { anchoredPath, checkMayReplace, pathInJob, shownPath, stepPath, type AnchoredPath } from '../job-folders.ts';
import { counted, sizeText } from '../../../core/amount-text.ts';
import { asStep } from '../storage-error.ts';
import { walkFiles, type FoundFile } from '../files/walk-files.ts';
import { localDisk, writeArchive, type ArchiveDisk } from '../archive/write-archive.ts';

type SaveStep = Extract<CacheStep, { kind: 'save_cache' }>;
type RestoreStep = Extract<CacheStep, { kind: 'restore_cache' }>;

/** A path of a step that other jobs have, too. */
interface CachedPath {
  readonly absolute: string;
  readonly anchored: AnchoredPath;
}

/** Keeps files under a key for later jobs and runs. A key that is there already stays as it is, as on CircleCI. */
export async function saveCache(
  step: SaveStep,
  world: JobWorld,
  { disk = localDisk, limit = CACHE_LIMIT }: { readonly disk?: ArchiveDisk; readonly limit?: number } = {},
): Promise<StepResult> {
  return asStep(step, async () => {
    const [key] = await keysOf(step, [step.key], world);
    if (key === undefined) return {};
    const cache = cacheFolder(world.localFolder);
    const existing = await cacheEntry(cache, key);
    if (existing) return alreadyThere(key, existing, world);
    world.say('Creating cache archive...');
    const cached = cachedPaths(step, world);
    let size = 0;
    const added = await addCacheEntry(
      cache,
      { key, createdAt: Date.now(), paths: cached.map(({ anchored }) => anchored) },
      async (folder) => {
        const entries = await writeArchive(folder, filesOf(cached, world), {
          ...world,
          disk: jobDisk(disk, world),
          shown: (path) => shownPath(path, world),
        });
        size = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
      },
    );
    if (!added) return alreadyThere(key, await cacheEntry(cache, key), world);
    world.say(`Stored Cache to ${key}`);
    for (const { absolute } of cached) world.say(`  * ${shownPath(absolute, world)}`);
    world.say(`Total size: ${sizeText(size)}`);
    const removed = await shrinkCache(cache, key, limit);
    if (removed.length > 0) {
      world.say(`Removed ${counted(removed.length, 'cache')} not used for long, to keep below ${sizeText(limit)}`);
    }
    return {};
  });
}

/** Brings back the newest cache of the first key that is the beginning of any. Without one the job goes on. */
export async function restoreCache(step: RestoreStep, world: JobWorld): Promise<StepResult> {
  return asStep(step, async () => {
    const cache = cacheFolder(world.localFolder);
    const keys = await keysOf(step, step.keys, world);
    const ignored = (folder: string): void =>
      world.say(`Warning: ${folder} is damaged, or of another version: ignored`);
    const entries = keys.length === 0 ? [] : await cacheEntries(cache, ignored);
    for (const key of keys) {
      for (const entry of entries.filter((each) => each.key.startsWith(key))) {
        const archive = await usableArchive(entry, cache, world);
        if (!archive) continue;
        await restore(entry, archive, step, world);
        return {};
      }
      world.say(`No cache is found for key: ${key}`);
    }
    return {};
  });
}

/** The keys that templates stand for; none when a file of one can't be read, which CircleCI says and lets pass. */
async function keysOf(step: CacheStep, templates: readonly string[], world: JobWorld): Promise<string[]> {
  const values = await keyValues(world);
  try {
    const keys: string[] = [];
    for (const template of templates) keys.push(await cacheKey(template, values));
    const tooLong = keys.find((key) => key.length > LONGEST_KEY);
    if (tooLong === undefined) return keys;
    world.say(`The key has ${tooLong.length} characters, and CircleCI takes ${LONGEST_KEY}: no cache is used`);
    return [];
  } catch (error) {
    if (error instanceof KeyTemplateError) throw invalidKey(step, error);
    if (!(error instanceof KeyChecksumError)) throw error;
    world.say(`error computing cache key: ${error.message}`);
    return [];
  }
}

function invalidKey(step: CacheStep, cause: KeyTemplateError): DeployError {
  return new DeployError({
    code: 'run.invalid_cache_key',
    title: `error computing cache key: ${cause.message}`,
    message: `${placeText(step.at)}: ${step.name}`,
    hints: [
      'A parameter is written `<< parameters.name >>`, and a variable of the environment `{{ .Environment.NAME }}`.',
    ],
    exitCode: EXIT.invalidFile,
    cause,
  });
}

function cachedPaths(step: SaveStep, world: JobWorld): CachedPath[] {
  return step.paths.flatMap((path) => {
    const absolute = stepPath(path, world);
    const anchored = anchoredPath(absolute, world);
    if (anchored) return [{ absolute, anchored }];
    world.say(`Warning: could not archive ${absolute} - on this machine only what is in the job's folders is cached`);
    return [];
  });
}

/** In the archive, what is at the first path is `0`, and below it `0/…`. */
async function* filesOf(cached: readonly CachedPath[], world: JobWorld): AsyncGenerator<FoundFile> {
  for (const [index, { absolute }] of cached.entries()) {
    const name = bytePath(basename(absolute));
    if (await leadsOutside(bytePath(dirname(absolute)), world)) {
      world.say(`Warning: could not archive ${shownPath(absolute, world)} - it ${LEADS_OUTSIDE}`);
      continue;
    }
    let found = false;
    for await (const file of walkFiles(bytePath(dirname(absolute)), name)) {
      found = true;
      yield { ...file, path: index + file.path.slice(name.length) };
    }
    if (!found) world.say(`Warning: could not archive ${shownPath(absolute, world)} - Not found`);
  }
}

async function usableArchive(entry: CacheEntry, cache: string, world: JobWorld): Promise<Archive | undefined> {
  try {
    return await readArchive(entry.folder);
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error;
    world.say(`Warning: the cache ${entry.key} is damaged (${error.message}), and was removed`);
    await dropCacheEntry(cache, entry);
    return undefined;
  }
}

async function restore(entry: CacheEntry, archive: Archive, step: RestoreStep, world: JobWorld): Promise<void> {
  world.say(`Found a cache from ${new Date(entry.createdAt).toISOString()} at ${entry.key}`);
  world.say(`Size: ${sizeText(archive.entries.reduce((sum, { size = 0 }) => sum + size, 0))}`);
  world.say('Cached paths:');
  for (const [index, path] of entry.paths.entries()) {
    const target = pathInJob(path, world);
    world.say(`  * ${shownPath(target, world)}`);
    await checkMayReplace(step, target, world);
    const part = partOf(archive, String(index), bytePath(basename(target)));
    if (part.entries.length > 0) await extractArchive(part, dirname(target), world.signal);
  }
  await markUsed(entry, new Date());
}

/** What is at one path of the cache, under the name that it has now. */
function partOf({ folder, entries }: Archive, part: string, name: BytePath): Archive {
  return {
    folder,
    entries: entries
      .filter(({ path }) => path === part || path.startsWith(`${part}/`))
      .map((entry) => ({ ...entry, path: name + entry.path.slice(part.length) })),
  };
}

function alreadyThere(key: string, entry: CacheEntry | undefined, { say }: JobWorld): StepResult {
  say(`Skipping cache generation, cache already exists for key: ${key}`);
  if (entry) say(`Found one created at ${new Date(entry.createdAt).toISOString()}`);
  return {};
}
