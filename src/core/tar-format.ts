/** What a tar archive says about one file (POSIX.1-2017, pax; https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html). */
export type TarKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

export interface TarEntry {
  kind: TarKind;
  /** Relative, with `/`, without a slash at the end. */
  path: string;
  /** Permission bits, with set-user-id, set-group-id and sticky. */
  mode: number;
  uid: number;
  gid: number;
  /** Of the content, in bytes. */
  size: number;
  /** Where a link points to; empty for everything else. */
  linkTarget: string;
  /** Major and minor number of a device. */
  device?: readonly [number, number];
  /** Extended attributes by name, as pax holds them (`SCHILY.xattr.`). */
  xattrs?: ReadonlyMap<string, Buffer>;
}

export const BLOCK = 512;

export const TYPE_FLAGS: Readonly<Record<TarKind, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

export const XATTR_PREFIX = 'SCHILY.xattr.';

/** Bytes that fill the last block of a content of this size. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The sum of the header's bytes, with its own field read as spaces. */
export function checksumOf(header: Buffer): number {
  let sum = 0;
  for (let index = 0; index < BLOCK; index += 1) sum += index >= 148 && index < 156 ? 32 : (header[index] ?? 0);
  return sum;
}
