import { type ZipOptions, zipSync } from 'fflate';

/** Packs files as a zip, the same on every version of Node. In a file of its own, because few actions pack. */
export function zipFiles(entries: Record<string, [Uint8Array, ZipOptions]>): Uint8Array {
  return zipSync(entries, { level: 9 });
}
