import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobWorld } from '../../job-world.ts';
import type { StepResult } from '../../job/step-handlers.ts';
import type { StoreStep } from '../../pipeline/pipeline.ts';
import { bytePath, onDisk, textOf, type BytePath } from '../files/byte-path.ts';
import { nodeFolder } from '../files/node-folder.ts';
import { copyOfJob, LEADS_OUTSIDE, leadsOutside } from '../leads-outside.ts';
import { shownPath, stepPath } from '../job-folders.ts';
import { asStep, hasCode } from '../storage-error.ts';
import { storedPath } from './stored-path.ts';
import { walkFiles, type FoundFile } from '../files/walk-files.ts';

type ResultsStep = Extract<StoreStep, { kind: 'store_test_results' }>;

/**
 * Copies the JUnit XML files at a path to the run's test results. Where there are none, or a file is something else, that
 * is said and the job goes on, as on CircleCI.
 */
export async function storeTestResults(step: ResultsStep, world: JobWorld): Promise<StepResult> {
  const path = stepPath(step.path, world);
  return asStep(step, async () => {
    const isOutside = await leadsOutside(bytePath(path), world);
    if (isOutside) world.say(`${shownPath(path, world)} ${LEADS_OUTSIDE}: left out`);
    const files = isOutside ? [] : await resultFiles(path);
    if (!files) {
      world.say(`Unable to save test results from ${shownPath(path, world)}`);
      world.say(`Error path is not valid ${shownPath(path, world)}: no such file or directory`);
    } else if (files.length > 0) world.say('Archiving the following test results');
    let stored = 0;
    for (const file of files ?? []) {
      world.signal.throwIfAborted();
      const shown = shownPath(textOf(file.from), world);
      const wrong = await problemOf(file);
      world.say(wrong === undefined ? `  * ${shown}` : `  * ${shown}: left out, ${wrong}`);
      if (wrong !== undefined) continue;
      const to = join(
        'test-results',
        nodeFolder(world.id, world.job.job?.parallelism ?? 1),
        storedPath(step.path, world),
        textOf(file.path),
      );
      await copyOfJob(file.from, join(world.runFolder, to), 0o644, world);
      stored += 1;
    }
    if (stored === 0) world.say('Found no test results, skipping');
    return {};
  });
}

/** The XML files below a folder, or the one file that the path names; undefined when there is nothing. */
async function resultFiles(path: string): Promise<FoundFile[] | undefined> {
  const root = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (!root) return undefined;
  if (!root.isDirectory()) return [{ path: '', from: bytePath(path), stats: root }];
  const files: FoundFile[] = [];
  for await (const file of walkFiles(bytePath(path), '')) {
    if (file.stats.isFile() && /\.xml$/i.test(file.path)) files.push(file);
  }
  return files;
}

/** Enough for an XML declaration and comments before the first element. */
const BEGINNING = 16 * 1024;

/** Why a file is no JUnit XML; undefined when its first element is one of JUnit's. */
async function problemOf({ from, stats }: FoundFile): Promise<string | undefined> {
  if (stats.size === 0) return 'it is empty';
  const text = await beginningOf(from);
  const element = /^\uFEFF?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>[]*(?:\[.*?\])?\s*>)*<([^\s/>!?]+)/s.exec(text)?.[1];
  if (element === undefined) return 'it is no XML';
  return /^testsuites?$/.test(element) ? undefined : `invalid top level element: ${element}`;
}

async function beginningOf(path: BytePath): Promise<string> {
  const file = await open(onDisk(path), 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
