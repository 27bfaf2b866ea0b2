import { S3Error } from './errors.ts';

/** Both ends are inside. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The bytes that a Range header asks for (RFC 9110 14.2). Undefined, meaning all of them, when there is no header or one
 * that is not understood: several ranges, another unit, an end before the start.
 * @throws S3Error InvalidRange when none of the bytes exists
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, start = '', end = ''] = match ?? [];
  if (start === '' && end === '') return undefined;
  if (start === '') {
    const length = Math.min(Number(end), size);
    if (length === 0) throw invalidRange(header, size);
    return { first: size - length, last: size - 1 };
  }
  const first = Number(start);
  const last = end === '' ? size - 1 : Math.min(Number(end), size - 1);
  if (end !== '' && Number(end) < first) return undefined;
  if (first >= size) throw invalidRange(header, size);
  return { first, last };
}

function invalidRange(header: string | undefined, size: number): S3Error {
  return new S3Error(
    416,
    'InvalidRange',
    'The requested range is not satisfiable',
    { RangeRequested: header ?? '', ActualObjectSize: `${size}` },
    { 'content-range': `bytes */${size}` },
  );
}
