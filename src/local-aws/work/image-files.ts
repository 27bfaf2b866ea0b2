import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';

import type { TarEntry } from '../../core/tar-format.ts';
import { readTar } from '../../core/tar-reader.ts';

/** A file of an image; devices and pipes are left out. */
export type ImageFile =
  | { kind: 'directory'; mode: number }
  | { kind: 'file'; mode: number; content: Buffer }
  | { kind: 'symlink'; target: string };

/** https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const MAX_LINKS = 40;

/** The files of an image, its layers laid over each other. Paths are relative to its root, and never lead out of it. */
export class ImageFiles {
  /** No path leads through a symbolic link. */
  readonly #files = new Map<string, ImageFile>();

  /** Rejects when a layer is no tar archive, or packed with something else than gzip. */
  static async ofLayers(layers: readonly Buffer[]): Promise<ImageFiles> {
    const files = new ImageFiles();
    for (const layer of layers) await files.#add(layer[0] === 0x1f && layer[1] === 0x8b ? gunzipSync(layer) : layer);
    return files;
  }

  /** The file at a path of the image, links followed; undefined when there is none. */
  get(path: string): ImageFile | undefined {
    const real = this.resolve(path);
    return real === undefined ? undefined : (this.#files.get(real) ?? (real === '' ? ROOT : undefined));
  }

  /** Where a path of the image really is, as `usr/bin/env`; undefined when there is nothing. */
  resolve(path: string): string | undefined {
    const real = this.#follow(path);
    return real !== undefined && (real === '' || this.#files.has(real)) ? real : undefined;
  }

  /** Writes all files below a folder that exists. Links lead to where they would in the image. */
  async writeTo(folder: string): Promise<void> {
    const inOrder = [...this.#files].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [path, file] of inOrder) {
      const place = join(folder, path);
      await mkdir(file.kind === 'directory' ? place : dirname(place), { recursive: true });
      if (file.kind === 'file') {
        await writeFile(place, file.content);
        await chmod(place, file.mode & 0o777);
      } else if (file.kind === 'symlink') {
        const target = posix.join('/', posix.isAbsolute(file.target) ? '' : posix.dirname(path), file.target);
        await symlink(relative(dirname(place), join(folder, target)) || '.', place);
      }
    }
  }

  async #add(tar: Buffer): Promise<void> {
    const entries: (TarEntry & { offset: number })[] = [];
    for await (const entry of readTar(Readable.from([tar]))) entries.push(entry);
    // Whiteouts are about the layers below, wherever in the archive they stand.
    for (const { path } of entries) this.#whiteOut(path);
    for (const entry of entries) {
      if (posix.basename(entry.path).startsWith(WHITEOUT)) continue;
      const place = this.#placeOf(entry.path);
      if (place === '') continue;
      const file = this.#fileOf(entry, tar);
      if (file === undefined) continue;
      if (file.kind !== 'directory' || this.#files.get(place)?.kind !== 'directory') this.#remove(place);
      this.#files.set(place, file);
    }
  }

  #fileOf({ kind, mode, offset, size, linkTarget }: TarEntry & { offset: number }, tar: Buffer): ImageFile | undefined {
    if (kind === 'directory') return { kind, mode };
    if (kind === 'file') return { kind, mode, content: tar.subarray(offset, offset + size) };
    if (kind === 'symlink') return { kind, target: linkTarget };
    return kind === 'hardlink' ? this.#files.get(this.#placeOf(linkTarget)) : undefined;
  }

  #whiteOut(path: string): void {
    const name = posix.basename(path);
    if (!name.startsWith(WHITEOUT)) return;
    const folder = this.#placeOf(posix.dirname(path));
    if (name === OPAQUE) this.#removeBelow(folder);
    else this.#remove(this.#placeOf(posix.join(posix.dirname(path), name.slice(WHITEOUT.length))));
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.#removeBelow(path);
  }

  #removeBelow(folder: string): void {
    const start = folder === '' ? '' : `${folder}/`;
    for (const path of this.#files.keys()) if (path.startsWith(start)) this.#files.delete(path);
  }

  /** Where an entry goes: into the folder that its path leads to through links, under its own name. */
  #placeOf(path: string): string {
    const clean = cleaned(path);
    if (clean === '') return '';
    const folder = this.#follow(posix.dirname(clean)) ?? posix.dirname(clean);
    return posix.join(folder === '.' ? '' : folder, posix.basename(clean));
  }

  #follow(path: string): string | undefined {
    let links = 0;
    let done = '';
    let rest = path.split('/');
    while (rest.length > 0) {
      const part = rest.shift()!;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        done = done.includes('/') ? posix.dirname(done) : '';
        continue;
      }
      const next = done === '' ? part : `${done}/${part}`;
      const file = this.#files.get(next);
      if (file?.kind !== 'symlink') {
        done = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return undefined;
      if (posix.isAbsolute(file.target)) done = '';
      rest = [...file.target.split('/'), ...rest];
    }
    return done;
  }
}

const ROOT: ImageFile = { kind: 'directory', mode: 0o755 };

function cleaned(path: string): string {
  return posix.join('/', path).slice(1).replace(/\/$/, '');
}
