import { open, readlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTENT_FILE, INDEX_FILE, indexText, type ArchiveEntry } from './archive-index.ts';
import { onDisk, textOf } from '../files/byte-path.ts';
import type { FoundFile } from '../files/walk-files.ts';

/** How an archive gets at files. Tests put a disk in its place that is full, or whose files vanish. */
export interface ArchiveDisk {
  source(path: Buffer): Promise<FileHandle>;
  target(path: string): Promise<FileHandle>;
}

export const localDisk: ArchiveDisk = {
  source: (path) => open(path, 'r'),
  target: (path) => open(path, 'wx', 0o600),
};

export interface ArchiveOptions {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** How `say` calls an absolute path. */
  readonly shown: (path: string) => string;
  readonly disk?: ArchiveDisk;
}

/** So many files are read at once: most are small, and wait for the disk. */
const AT_ONCE = 24;
/** A file of more bytes is copied piece by piece. */
const LARGE = 1024 * 1024;
const SPECIAL_BITS = 0o1777;

/** Puts files into a new archive in a folder that exists. Sockets, pipes and devices are left out, and said. */
export async function writeArchive(
  folder: string,
  files: AsyncIterable<FoundFile>,
  { signal, say, shown, disk = localDisk }: ArchiveOptions,
): Promise<readonly ArchiveEntry[]> {
  const content = await disk.target(join(folder, CONTENT_FILE));
  try {
    const writer = new ContentWriter(content, disk);
    const entries: ArchiveEntry[] = [];
    for await (const batch of batches(files)) {
      signal.throwIfAborted();
      const prepared = await settled(batch.map((file) => prepare(file, disk)));
      for (const file of prepared) {
        if (file === undefined) continue;
        if (file.kind === 'special')
          say(`${shown(textOf(file.from))} is neither a file, a folder nor a link: left out`);
        else entries.push(file.kind === 'file' ? await writer.add(file, signal) : file.entry);
      }
    }
    await writeIndex(await disk.target(join(folder, INDEX_FILE)), entries);
    return entries;
  } finally {
    await content.close();
  }
}

type Prepared =
  | { readonly kind: 'entry'; readonly entry: ArchiveEntry }
  | { readonly kind: 'file'; readonly file: FoundFile; readonly bytes: Buffer | undefined }
  | { readonly kind: 'special'; readonly from: string };

async function prepare(file: FoundFile, disk: ArchiveDisk): Promise<Prepared> {
  const { from, stats } = file;
  if (stats.isDirectory()) return { kind: 'entry', entry: { ...common(file), kind: 'folder' } };
  if (stats.isSymbolicLink()) {
    const target = await readlink(onDisk(from), { encoding: 'latin1' });
    return { kind: 'entry', entry: { ...common(file), kind: 'link', target } };
  }
  if (!stats.isFile()) return { kind: 'special', from };
  if (stats.size > LARGE) return { kind: 'file', file, bytes: undefined };
  const source = await disk.source(onDisk(from));
  try {
    return { kind: 'file', file, bytes: await source.readFile() };
  } finally {
    await source.close();
  }
}

async function writeIndex(file: FileHandle, entries: readonly ArchiveEntry[]): Promise<void> {
  try {
    await file.writeFile(indexText(entries));
  } finally {
    await file.close();
  }
}

function common({ path, stats }: FoundFile): { path: string; mode: number; mtime: number } {
  return { path, mode: stats.mode & SPECIAL_BITS, mtime: stats.mtimeMs };
}

/** Writes contents one after the other; sizes are those that were read, as a file may grow while it is copied. */
class ContentWriter {
  private offset = 0;
  private readonly content: FileHandle;
  private readonly disk: ArchiveDisk;

  constructor(content: FileHandle, disk: ArchiveDisk) {
    this.content = content;
    this.disk = disk;
  }

  async add({ file, bytes }: Prepared & { kind: 'file' }, signal: AbortSignal): Promise<ArchiveEntry> {
    const offset = this.offset;
    if (bytes) await this.write(bytes);
    else await this.copy(file, signal);
    return { ...common(file), kind: 'file', offset, size: this.offset - offset };
  }

  private async copy(file: FoundFile, signal: AbortSignal): Promise<void> {
    const source = await this.disk.source(onDisk(file.from));
    try {
      const piece = Buffer.allocUnsafe(LARGE);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(piece, 0, piece.length);
        if (bytesRead === 0) return;
        await this.write(piece.subarray(0, bytesRead));
      }
    } finally {
      await source.close();
    }
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.content.write(bytes, written);
      written += bytesWritten;
    }
    this.offset += bytes.length;
  }
}

async function* batches(files: AsyncIterable<FoundFile>): AsyncGenerator<FoundFile[]> {
  let batch: FoundFile[] = [];
  for await (const file of files) {
    batch.push(file);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Waits for all, also when one fails: none may go on while what they work on is removed. */
export async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(work);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
