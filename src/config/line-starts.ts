import type { Place, Source } from './source.ts';

const known = new WeakMap<Source, readonly number[]>();

/** Offsets of the first characters of all lines, with the line breaks of YAML 1.1. */
export function lineStarts(source: Source): readonly number[] {
  let starts = known.get(source);
  if (starts === undefined) {
    const found = [source.text.startsWith('\ufeff') ? 1 : 0];
    for (const { index, 0: lineBreak } of source.text.matchAll(/\r\n|[\n\r\u0085\u2028\u2029]/g)) {
      found.push(index + lineBreak.length);
    }
    starts = found;
    known.set(source, starts);
  }
  return starts;
}

/** Offset of a place in the text of its source. */
export function offsetOf({ source, line, column }: Place): number {
  return (lineStarts(source)[line - 1] ?? 0) + column - 1;
}
