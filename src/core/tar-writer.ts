import { BLOCK, checksumOf, paddingOf, TYPE_FLAGS, XATTR_PREFIX, type TarEntry } from './tar-format.ts';

/** Two empty blocks end an archive. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

/**
 * The header of one entry: ustar, with a pax header before it only when something does not fit. The same entry always gives
 * the same bytes. `mtime` is in seconds since 1970.
 */
export function tarHeader(entry: TarEntry, mtime: number): Buffer {
  const path = entry.kind === 'directory' ? `${entry.path}/` : entry.path;
  const pax: [string, Buffer][] = [];
  const put = (name: string, value: string): void => void pax.push([name, Buffer.from(value)]);
  const name = splitPath(path);
  if (!name) put('path', path);
  if (!fits(entry.linkTarget, 100)) put('linkpath', entry.linkTarget);
  if (entry.size > 0o77777777777) put('size', String(entry.size));
  if (entry.uid > 0o7777777) put('uid', String(entry.uid));
  if (entry.gid > 0o7777777) put('gid', String(entry.gid));
  for (const [key, value] of entry.xattrs ?? []) pax.push([XATTR_PREFIX + key, value]);

  const header = ustar(entry, name ?? { prefix: '', name: clipped(path, 100) }, TYPE_FLAGS[entry.kind], mtime);
  if (pax.length === 0) return header;
  const records = Buffer.concat(
    pax.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => paxRecord(key, value)),
  );
  const paxEntry: TarEntry = {
    kind: 'file',
    path: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: records.length,
    linkTarget: '',
  };
  const paxName = {
    prefix: '',
    name: clipped(`PaxHeaders.0/${entry.path.slice(entry.path.lastIndexOf('/') + 1)}`, 100),
  };
  return Buffer.concat([
    ustar(paxEntry, paxName, 'x', mtime),
    records,
    Buffer.alloc(paddingOf(records.length)),
    header,
  ]);
}

function ustar(entry: TarEntry, path: { prefix: string; name: string }, typeFlag: string, mtime: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    const most = 8 ** (length - 1) - 1;
    header.write(
      Math.min(value, most)
        .toString(8)
        .padStart(length - 1, '0'),
      at,
      'latin1',
    );
  };
  header.write(path.name, 0, 'utf8');
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(mtime, 136, 12);
  header.write(typeFlag, 156, 'latin1');
  header.write(clipped(entry.linkTarget, 100), 157, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  octal(entry.device?.[0] ?? 0, 329, 8);
  octal(entry.device?.[1] ?? 0, 337, 8);
  header.write(path.prefix, 345, 'utf8');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** A path as the two fields of ustar; undefined when pax has to hold it. */
function splitPath(path: string): { prefix: string; name: string } | undefined {
  if (fits(path, 100)) return { prefix: '', name: path };
  for (let slash = path.indexOf('/'); slash !== -1 && slash < path.length - 1; slash = path.indexOf('/', slash + 1)) {
    const prefix = path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (fits(prefix, 155) && fits(name, 100)) return { prefix, name };
  }
  return undefined;
}

/** Other than ASCII goes to pax, whose text is UTF-8 by definition. */
function fits(text: string, bytes: number): boolean {
  return text.length <= bytes && /^[\x01-\x7f]*$/.test(text);
}

function clipped(text: string, bytes: number): string {
  let ascii = text.replaceAll(/[^\x01-\x7f]/g, '_');
  if (ascii.length > bytes) ascii = ascii.slice(0, bytes);
  return ascii;
}

/** `length key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.byteLength(key) + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}
