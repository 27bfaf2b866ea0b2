import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes named by their own hash. Equal bytes are kept once. */
export interface BlobStore {
  /** Keeps the bytes and gives their SHA-256 in hex. */
  put(bytes: Buffer): string;
  /** The bytes of a hash that `put` gave; undefined when there are none. */
  get(sha256: string): Buffer | undefined;
}

/** A blob store as its owner, the server, sees it. */
export interface OwnedBlobStore extends BlobStore {
  /** The hashes of all that is there. */
  hashes(): ReadonlySet<string>;
  /** Forgets all but these. */
  clear(kept: ReadonlySet<string>): void;
}

export function memoryBlobStore(): OwnedBlobStore {
  const blobs = new Map<string, Buffer>();
  return {
    put(bytes) {
      const sha256 = sha256Of(bytes);
      if (!blobs.has(sha256)) blobs.set(sha256, bytes);
      return sha256;
    },
    get: (sha256) => blobs.get(sha256),
    hashes: () => new Set(blobs.keys()),
    clear(kept) {
      for (const sha256 of blobs.keys()) if (!kept.has(sha256)) blobs.delete(sha256);
    },
  };
}

/** Keeps each blob as a file of `folder` that is named by its hash. Creates the folder. */
export function folderBlobStore(folder: string): OwnedBlobStore {
  mkdirSync(folder, { recursive: true });
  return {
    put(bytes) {
      const sha256 = sha256Of(bytes);
      const file = join(folder, sha256);
      if (!existsSync(file)) writeWhole(file, bytes);
      return sha256;
    },
    get(sha256) {
      const file = join(folder, sha256);
      return /^[0-9a-f]{64}$/.test(sha256) && existsSync(file) ? readFileSync(file) : undefined;
    },
    hashes: () => new Set(readdirSync(folder)),
    clear(kept) {
      for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
    },
  };
}

/** Writes a file so that another reader, or the next start after a crash, sees all of it or nothing. */
export function writeWhole(file: string, content: Buffer | string): void {
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
