import type { FileContent } from './file-tree.ts';

/** The first bytes of what ADD tries to unpack: gzip, bzip2, xz, zstd. */
const MAGICS = ['1f8b', '425a68', 'fd377a585a00', '28b52ffd'].map((hex) => Buffer.from(hex, 'hex'));

/** Whether a file is a tar archive or compressed data, which may hold one. */
export async function looksCompressed(content: FileContent): Promise<boolean> {
  const head: Buffer[] = [];
  let size = 0;
  for await (const chunk of content.open() as AsyncIterable<Buffer>) {
    head.push(chunk);
    size += chunk.length;
    if (size >= 512) break;
  }
  const bytes = Buffer.concat(head);
  return (
    MAGICS.some((magic) => bytes.subarray(0, magic.length).equals(magic)) ||
    bytes.toString('latin1', 257, 262) === 'ustar'
  );
}
