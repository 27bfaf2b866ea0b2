import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ZipOptions } from 'fflate';
import { unreadable } from '../../core/data-file.ts';
import { invalidFile, type DeployError } from '../../core/errors.ts';

export interface ScriptBundle {
  /** Last part of the key: `crawl.sh`, `jobs.zip`. */
  name: string;
  /** What a fetch-and-run image reads as BATCH_FILE_TYPE. */
  type: 'script' | 'zip';
  bytes: Uint8Array;
  /** In hex. */
  sha256: string;
}

/** Reads a script; a folder becomes a zip. Throws when it is not there (exit code 5), empty or no file at all (7). */
export async function readScript(path: string, cwd: string): Promise<ScriptBundle> {
  const absolute = resolve(cwd, path);
  const found = await stat(absolute).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const name = basename(absolute);
  if (found.isDirectory()) return bundle(`${name}.zip`, 'zip', await zipFolder(absolute, path));
  if (!found.isFile()) throw unpackable(path, path, 'is neither a file nor a folder');
  const bytes = await readFile(absolute).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (bytes.length === 0) throw invalidFile(`${path} is empty`, `${path}: a script without a line can not be run.`);
  return bundle(name, name.endsWith('.zip') ? 'zip' : 'script', bytes);
}

function unpackable(script: string, path: string, why: string): DeployError {
  return invalidFile(`${script} can not be uploaded`, `${path} ${why}.`);
}

function bundle(name: string, type: ScriptBundle['type'], bytes: Uint8Array): ScriptBundle {
  return { name, type, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Unix, regular file; the upper half of a zip entry's external attributes holds the mode. */
const REGULAR_FILE = 0o100000;
const UNIX = 3;

/**
 * A zip whose bytes depend only on the names, contents and executable bits of the files: sorted, one fixed time, modes
 * as git keeps them, and a compressor that is the same on every version of Node. Symbolic links are followed.
 */
async function zipFolder(folder: string, shown: string): Promise<Uint8Array> {
  const files = (await listFiles(folder, '', [await realpath(folder)], shown)).toSorted();
  if (files.length === 0) throw invalidFile(`${shown} is empty`, `${shown}: there is no file in it.`);
  // The zip format has local time without a zone: built from local parts, it is the same text everywhere.
  const mtime = new Date(1980, 0, 1);
  const entries = await Promise.all(
    files.map(async (file) => {
      const { mode } = await stat(join(folder, file));
      const attrs = (REGULAR_FILE | (mode & 0o100 ? 0o755 : 0o644)) * 0x10000;
      const entry: [Uint8Array, ZipOptions] = [await readFile(join(folder, file)), { attrs, os: UNIX, mtime }];
      return [file, entry] as const;
    }),
  );
  const { zipFiles } = await import('./zip-files.ts');
  return zipFiles(Object.fromEntries(entries));
}

/** The packer keeps files by name in an object, which can't have this one. */
const UNPACKABLE_NAME = '__proto__';

async function listFiles(root: string, inside: string, parents: readonly string[], shown: string): Promise<string[]> {
  const names = await readdir(join(root, inside));
  const lists = await Promise.all(
    names.map(async (name) => {
      const path = inside === '' ? name : `${inside}/${name}`;
      const found = await stat(join(root, path)).catch(() => undefined);
      if (!found) throw unpackable(shown, `${shown}/${path}`, 'is a link that leads nowhere');
      if (found.isFile() && path !== UNPACKABLE_NAME) return [path];
      if (!found.isDirectory()) throw unpackable(shown, `${shown}/${path}`, 'is no file that a zip can hold');
      const real = await realpath(join(root, path));
      if (parents.includes(real)) throw unpackable(shown, `${shown}/${path}`, 'is a link to a folder that holds it');
      return listFiles(root, path, [...parents, real], shown);
    }),
  );
  return lists.flat();
}
