import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileLink } from './file-link.ts';
import type { LogSource } from '../run-page-input.ts';
import { logExcerpt } from './log-excerpt.ts';

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
      return logExcerpt(stat.size, mostBytes, (start, length) => bytesAt(file, start, length));
    } finally {
      closeSync(file);
    }
  };
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
