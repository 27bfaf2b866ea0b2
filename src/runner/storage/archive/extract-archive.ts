import { chmod, lutimes, mkdir, open, symlink, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTENT_FILE, DamagedArchive, type Archive, type ArchiveEntry } from './archive-index.ts';
import { bytePath, onDisk } from '../files/byte-path.ts';
import { FolderBelow } from '../files/folder-below.ts';
import { settled } from './write-archive.ts';

const AT_ONCE = 24;
const PIECE = 1024 * 1024;

/**
 * Puts what is in an archive into a folder, over what is there: files and links are replaced, folders are merged. Modes
 * and times are those of the archive. Nothing is written outside of the folder, whatever links are in it.
 * @param target absolute; made when it is not there
 */
export async function extractArchive(archive: Archive, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true });
  const below = new FolderBelow(bytePath(target));
  const content = await open(join(archive.folder, CONTENT_FILE), 'r');
  try {
    const folders = archive.entries.filter(({ kind }) => kind === 'folder');
    for (const { path } of folders) await below.makeFolder(path);
    // Their own modes, which may forbid to write in them, come at the end.
    for (const { path } of folders) await chmod(below.at(path), 0o700);
    const others = archive.entries.filter(({ kind }) => kind !== 'folder');
    for (let at = 0; at < others.length; at += AT_ONCE) {
      signal.throwIfAborted();
      await settled(others.slice(at, at + AT_ONCE).map((entry) => extract(entry, below, content, signal)));
    }
    for (const { path, mode, mtime } of folders.toReversed()) {
      await utimes(below.at(path), mtime / 1000, mtime / 1000);
      await chmod(below.at(path), mode);
    }
  } finally {
    await content.close();
  }
}

async function extract(
  entry: ArchiveEntry,
  below: FolderBelow,
  content: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  await below.makeRoom(entry.path);
  const to = below.at(entry.path);
  const seconds = entry.mtime / 1000;
  if (entry.kind === 'link') {
    await symlink(onDisk(entry.target ?? ''), to);
    return lutimes(to, seconds, seconds);
  }
  // `wx` fails where anything is, a link too, that a job puts there meanwhile.
  const file = await open(to, 'wx', 0o600);
  try {
    await copyPart(content, entry.offset ?? 0, entry.size ?? 0, file, signal);
    await file.chmod(entry.mode);
    await file.utimes(seconds, seconds);
  } catch (error) {
    // Half a file is worse than none.
    await unlink(to);
    throw error;
  } finally {
    await file.close();
  }
}

async function copyPart(
  content: FileHandle,
  offset: number,
  size: number,
  file: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(size, PIECE));
  for (let done = 0; done < size;) {
    signal.throwIfAborted();
    const { bytesRead } = await content.read(piece, 0, Math.min(piece.length, size - done), offset + done);
    if (bytesRead === 0) throw new DamagedArchive('its content ends too early');
    await file.writeFile(piece.subarray(0, bytesRead));
    done += bytesRead;
  }
}
