import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileLink } from './file-link.ts';
import type { LogExcerpt, LogSource } from '../run-page-input.ts';

/** Reads the logs of a run's folder, of long ones only the beginning and the end. */
export function logFiles(folder: string): LogSource {
  return (path, mostBytes) => {
    if (fileLink(path) === undefined) return undefined;
    let file: number;
    try {
      file = openSync(join(folder, path), 'r');
    } catch {
      return undefined;
    }
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return undefined;
      return excerpt(stat.size, mostBytes, (start, length) => bytesAt(file, start, length));
    } finally {
      closeSync(file);
    }
  };
}

/** The same of a log that is a text already. */
export function logOfText(text: string, mostBytes: number): LogExcerpt {
  const bytes = Buffer.from(text);
  return excerpt(bytes.length, mostBytes, (start, length) => bytes.subarray(start, start + length));
}

/** A quarter from the beginning, the rest from the end, where errors are; in whole lines if there are any. */
function excerpt(size: number, most: number, read: (start: number, length: number) => Buffer): LogExcerpt {
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

/** A log that grows or shrinks meanwhile gives what there is. */
function bytesAt(file: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = readSync(file, bytes, done, length - done, start + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
