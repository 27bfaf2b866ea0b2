import { logExcerpt } from '../../../../src/report/run-page/logs/log-excerpt.ts';
import type { LogExcerpt } from '../../../../src/report/run-page/run-page-input.ts';

/** The excerpt of a log that is a text, as that of a file. */
export function logOfText(text: string, mostBytes: number): LogExcerpt {
  const bytes = Buffer.from(text);
  return logExcerpt(bytes.length, mostBytes, (start, length) => bytes.subarray(start, start + length));
}
