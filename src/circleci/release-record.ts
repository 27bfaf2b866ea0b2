import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../core/json.ts';
import type { OutputsRecord, Result } from '../core/result.ts';

/** What an earlier action of the same workflow left for later ones. */
export interface RecordEntry {
  action: string;
  component: string;
  outputs: OutputsRecord;
  /** ISO 8601. */
  finishedAt: string;
}

/** `~/.aws-deploy`: outside the checkout, or it would enter `COPY . .` of an image. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env['HOME'] || home, '.aws-deploy');
}

/**
 * Writes a result under a name of its own: two parallel jobs that persist a file of one name would break
 * attach_workspace for the jobs after them, and a file that is there is never written again. Written at once: to wait for
 * other threads takes longer, 1 ms of every action and more on a busy machine.
 */
export async function writeResultFile(folder: string, runId: string, result: Result): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stem = `${safe(runId)}-${result.action}-${safe(result.component)}`;
  for (let count = 1; ; count++) {
    const file = join(folder, count === 1 ? `${stem}.json` : `${stem}-${count}.json`);
    try {
      writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Where a job finds the record: what its own actions write, and what it attached of earlier jobs. The two are apart
 * because a job persists only its own files: two parallel jobs that persisted what both of them had attached would
 * break attach_workspace for the jobs after them.
 */
export function recordFolders(folder: string): { own: string; attached: string } {
  return { own: join(folder, 'record'), attached: join(folder, 'attached', 'record') };
}

/** All entries of the folders, oldest first. Files that are no results are passed over; a folder that is not there is empty. */
export async function readRecord(folders: readonly string[]): Promise<RecordEntry[]> {
  const texts = (await Promise.all(folders.map(textsIn))).flat();
  return texts
    .flatMap(readEntry)
    .toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : a.finishedAt > b.finishedAt ? 1 : 0));
}

async function textsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}

function readEntry(text: string): RecordEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isJsonObject(value) || value['schema'] !== 'aws-deploy/result@1' || !isJsonObject(value['outputs'])) return [];
  const { action, component, outputs, finishedAt } = value;
  return [
    {
      action: String(action),
      component: String(component),
      outputs: outputs as OutputsRecord,
      finishedAt: String(finishedAt),
    },
  ];
}

function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100);
}
