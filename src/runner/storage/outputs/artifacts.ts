import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobWorld } from '../../job-world.ts';
import type { StepResult } from '../../job/step-handlers.ts';
import type { StoreStep } from '../../pipeline/pipeline.ts';
import { bytePath, onDisk, textOf } from '../files/byte-path.ts';
import { nodeFolder } from '../files/node-folder.ts';
import { copyOfJob, LEADS_OUTSIDE, leadsOutside } from '../leads-outside.ts';
import { shownPath, stepPath } from '../job-folders.ts';
import { counted, sizeText } from '../../../core/amount-text.ts';
import { asStep, hasCode } from '../storage-error.ts';
import { cleanPath, storedPath } from './stored-path.ts';
import { walkFiles, type FoundFile } from '../files/walk-files.ts';

type ArtifactsStep = Extract<StoreStep, { kind: 'store_artifacts' }>;

/**
 * Copies a file or folder to the run's artifacts. Without any the job goes on, as on CircleCI. Links to files become
 * files, as what they point to may go with the job; others are left out, and said.
 */
export async function storeArtifacts(step: ArtifactsStep, world: JobWorld): Promise<StepResult> {
  const path = stepPath(step.path, world);
  const destination = destinationOf(step, world);
  return asStep(step, async () => {
    world.say(`Uploading ${shownPath(path, world)} to ${destination === '' ? '.' : destination}`);
    const stored: string[] = [];
    let size = 0;
    if (await leadsOutside(bytePath(path), world)) {
      world.say(`  ${shownPath(path, world)} ${LEADS_OUTSIDE}: left out`);
      return { artifacts: stored };
    }
    for await (const file of filesAt(path)) {
      world.signal.throwIfAborted();
      const content = await contentOf(file, world);
      if (!content) continue;
      const to = join(
        'artifacts',
        nodeFolder(world.id, world.job.job?.parallelism ?? 1),
        destination,
        textOf(file.path),
      );
      await copyOfJob(file.from, join(world.runFolder, to), content.mode, world);
      stored.push(to);
      size += content.size;
    }
    world.say(
      stored.length === 0
        ? `  No artifact files found at ${shownPath(path, world)}`
        : `Stored ${counted(stored.length, 'artifact')} (${sizeText(size)})`,
    );
    return { artifacts: stored };
  });
}

/** For a file the name of its copy, for a folder what its files are below. A file goes into a destination that ends with a slash. */
function destinationOf({ path, destination }: ArtifactsStep, world: JobWorld): string {
  if (destination === undefined || destination === '') return storedPath(path, world);
  return cleanPath(destination.endsWith('/') ? `${destination}${basename(path)}` : destination);
}

/** A single file has the empty path. */
async function* filesAt(path: string): AsyncGenerator<FoundFile> {
  const root = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  });
  if (root?.isDirectory()) yield* walkFiles(bytePath(path), '');
  else if (root) yield { path: '', from: bytePath(path), stats: root };
}

/** Size and mode of what is to be copied; undefined for what is no file. */
async function contentOf(
  { from, stats }: FoundFile,
  world: JobWorld,
): Promise<{ size: number; mode: number } | undefined> {
  if (stats.isDirectory()) return undefined;
  const target = stats.isSymbolicLink() ? await stat(onDisk(from)).catch(() => undefined) : stats;
  if (!target?.isFile()) {
    world.say(`  ${shownPath(textOf(from), world)} is ${target ? 'no file' : 'a link to nothing'}: left out`);
    return undefined;
  }
  if (stats.isSymbolicLink() && (await leadsOutside(from, world))) {
    world.say(`  ${shownPath(textOf(from), world)} ${LEADS_OUTSIDE}: left out`);
    return undefined;
  }
  return { size: target.size, mode: target.mode & 0o111 ? 0o755 : 0o644 };
}
