import type { Readable } from 'node:stream';
import { BLOCK, checksumOf, paddingOf, TYPE_FLAGS, XATTR_PREFIX, type TarEntry, type TarKind } from './tar-format.ts';

/** An entry and where its content lies in the archive. */
export interface LocatedEntry extends TarEntry {
  /** Bytes from the start of the archive to the content. */
  offset: number;
}

const KIND_OF_FLAG: ReadonlyMap<string, TarKind> = new Map([
  ...Object.entries(TYPE_FLAGS).map(([kind, flag]): [string, TarKind] => [flag, kind as TarKind]),
  ['\0', 'file'],
  ['7', 'file'],
]);

/** What pax and GNU headers say about the entry that follows them. */
type Overrides = Map<string, Buffer>;

/**
 * Reads the headers of a tar archive (ustar, pax, GNU long names) from a stream; contents are passed over.
 * @throws Error that says what is wrong with the archive
 */
export async function* readTar(stream: Readable): AsyncGenerator<LocatedEntry> {
  const bytes = new ByteReader(stream);
  let overrides: Overrides = new Map();
  for (;;) {
    const header = await bytes.take(BLOCK);
    // The end is two empty blocks; one, or none at all, is what some programs write.
    if (header === undefined || header.every((byte) => byte === 0)) break;
    if (header.length < BLOCK) throw new Error('the archive ends within a header');
    if (octal(header, 148, 8) !== checksumOf(header))
      throw new Error('a header has a wrong checksum: this is no tar archive, or it is damaged');
    const flag = header.toString('latin1', 156, 157);
    const size = Number(overrides.get('size') ?? octal(header, 124, 12));
    if (flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K') {
      const data = await bytes.take(size);
      await bytes.skip(paddingOf(size));
      if (data === undefined || data.length < size) throw new Error('the archive ends within a header');
      if (flag === 'x') for (const [key, value] of paxRecords(data)) overrides.set(key, value);
      if (flag === 'L') overrides.set('path', withoutZeros(data));
      if (flag === 'K') overrides.set('linkpath', withoutZeros(data));
      continue;
    }
    const kind = KIND_OF_FLAG.get(flag);
    if (kind === undefined) throw new Error(`an entry has the type "${flag}", which is not known`);
    const entry = entryOf(header, kind, size, overrides);
    overrides = new Map();
    const hasContent = kind === 'file';
    yield { ...entry, size: hasContent ? size : 0, offset: bytes.offset };
    // Links carry a size in some archives, and never content.
    if (hasContent) await bytes.skip(size + paddingOf(size));
  }
  await bytes.drain();
}

function entryOf(header: Buffer, flagged: TarKind, size: number, overrides: Overrides): TarEntry {
  const isUstar = header.toString('latin1', 257, 262) === 'ustar';
  const isGnu = header.toString('latin1', 257, 265) === 'ustar  \0';
  const prefix = isUstar && !isGnu ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  const raw = overrides.get('path')?.toString('utf8') ?? (prefix === '' ? name : `${prefix}/${name}`);
  // Before POSIX, a folder was a file whose name ends with a slash.
  const kind = flagged === 'file' && raw.endsWith('/') && size === 0 ? 'directory' : flagged;
  const xattrs = new Map(
    [...overrides]
      .filter(([key]) => key.startsWith(XATTR_PREFIX))
      .map(([key, value]) => [key.slice(XATTR_PREFIX.length), value] as const),
  );
  return {
    kind,
    path: cleanPath(raw),
    mode: octal(header, 100, 8) & 0o7777,
    uid: Number(overrides.get('uid') ?? octal(header, 108, 8)),
    gid: Number(overrides.get('gid') ?? octal(header, 116, 8)),
    size,
    linkTarget:
      kind === 'symlink' || kind === 'hardlink'
        ? (overrides.get('linkpath')?.toString('utf8') ?? text(header, 157, 100))
        : '',
    ...((kind === 'character' || kind === 'block') && {
      device: [octal(header, 329, 8), octal(header, 337, 8)] as const,
    }),
    ...(xattrs.size > 0 && { xattrs }),
  };
}

/** `./a//b/` is `a/b`. A path that leaves the archive's root is refused. */
function cleanPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error(`the path "${path}" leads out of the archive`);
  return parts.join('/');
}

function* paxRecords(data: Buffer): Generator<[string, Buffer]> {
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString('latin1', at, space));
    const equals = data.indexOf(0x3d, space);
    if (space === -1 || equals === -1 || !(length > 0) || at + length > data.length)
      throw new Error('a pax header is damaged');
    yield [data.toString('utf8', space + 1, equals), data.subarray(equals + 1, at + length - 1)];
    at += length;
  }
}

/** Octal digits, or GNU's base 256 when the first bit is set. */
function octal(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = (header[at] ?? 0) & 0x7f;
    for (let index = at + 1; index < at + length; index += 1) value = value * 256 + (header[index] ?? 0);
    return value;
  }
  const digits = text(header, at, length).trim();
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(header: Buffer, at: number, length: number): string {
  return withoutZeros(header.subarray(at, at + length)).toString('utf8');
}

function withoutZeros(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Takes a stream in pieces of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes taken or skipped so far. */
  offset = 0;

  constructor(stream: Readable) {
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** The next bytes, fewer at the end of the stream; undefined when there are none. */
  async take(count: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let missing = count;
    while (missing > 0 && (await this.#fill())) {
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      pieces.push(piece);
    }
    this.offset += count - missing;
    return pieces.length === 0 && count > 0 ? undefined : Buffer.concat(pieces);
  }

  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0;) {
      if (!(await this.#fill())) throw new Error('the archive ends within a file');
      const step = Math.min(missing, this.#rest.length);
      this.#rest = this.#rest.subarray(step);
      missing -= step;
      this.offset += step;
    }
  }

  async drain(): Promise<void> {
    while (await this.#fill()) this.#rest = Buffer.alloc(0);
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}
