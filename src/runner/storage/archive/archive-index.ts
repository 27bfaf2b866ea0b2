import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BytePath } from '../files/byte-path.ts';

/** One file, folder or link of an archive. */
export interface ArchiveEntry {
  readonly path: BytePath;
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits, with the sticky one. */
  readonly mode: number;
  /** In milliseconds since 1970. */
  readonly mtime: number;
  /** Of a file: where its content is in the archive's. */
  readonly offset?: number;
  readonly size?: number;
  /** Of a link. */
  readonly target?: BytePath;
}

/** Files that one job put away and another takes out: a folder with an index, and one file with all contents. */
export interface Archive {
  readonly folder: string;
  readonly entries: readonly ArchiveEntry[];
}

export const INDEX_FILE = 'index.json';
export const CONTENT_FILE = 'content';
const SCHEMA = 'aws-deploy/local-archive@1';

/** An archive that is not as it was written. */
export class DamagedArchive extends Error {}

export function indexText(entries: readonly ArchiveEntry[]): string {
  return JSON.stringify({ schema: SCHEMA, entries });
}

/** Reads what is in an archive. @throws DamagedArchive when something of it is missing or wrong */
export async function readArchive(folder: string): Promise<Archive> {
  const [text, content] = await Promise.all([
    readFile(join(folder, INDEX_FILE), 'utf8'),
    stat(join(folder, CONTENT_FILE)),
  ]).catch((cause: unknown) => {
    throw new DamagedArchive('a part of it is missing', { cause });
  });
  const entries = entriesIn(text);
  const size = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
  if (size !== content.size) throw new DamagedArchive(`it holds ${content.size} bytes of ${size}`);
  return { folder, entries };
}

function entriesIn(text: string): ArchiveEntry[] {
  const { schema, entries } = parsed(text);
  if (schema !== SCHEMA || !Array.isArray(entries)) throw new DamagedArchive('its index is of another kind');
  for (const entry of entries as unknown[]) if (!isEntry(entry)) throw new DamagedArchive('its index is damaged');
  return entries as ArchiveEntry[];
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    throw new DamagedArchive('its index is damaged', { cause });
  }
}

function isEntry(value: unknown): value is ArchiveEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, kind, mode, mtime, offset, size, target } = value as Record<string, unknown>;
  if (!isInside(path) || !isCount(mode) || typeof mtime !== 'number') return false;
  if (kind === 'file') return isCount(offset) && isCount(size);
  return kind === 'folder' || (kind === 'link' && typeof target === 'string');
}

/** A relative path that leads nowhere else: an index may come from a repository that nobody has looked at. */
function isInside(path: unknown): path is string {
  return typeof path === 'string' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
