import type { LogExcerpt } from '../run-page-input.ts';

/**
 * A quarter from the beginning, the rest from the end, where errors are; in whole lines if there are any.
 * @param size of the log, in bytes, as is `most`
 */
export function logExcerpt(size: number, most: number, read: (start: number, length: number) => Buffer): LogExcerpt {
  if (size <= most) return { head: read(0, size).toString(), tail: '', cutBytes: 0 };
  const headBytes = Math.floor(most / 4);
  const head = wholeLinesFirst(read(0, headBytes));
  const tail = wholeLinesLast(read(size - (most - headBytes), most - headBytes));
  return { head: head.toString(), tail: tail.toString(), cutBytes: size - head.length - tail.length };
}

const LINE_FEED = 0x0a;

function wholeLinesFirst(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(LINE_FEED);
  if (end >= 0) return bytes.subarray(0, end + 1);
  const { length } = bytes;
  // A character of several bytes is not cut: back to before its first byte.
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return bytes.subarray(0, needed > back ? length - back : length);
  }
  return bytes;
}

function wholeLinesLast(bytes: Buffer): Buffer {
  const end = bytes.indexOf(LINE_FEED);
  if (end >= 0 && end < bytes.length - 1) return bytes.subarray(end + 1);
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
