import type { JsonValue } from '../../core/json.ts';
import { type Change, differences, happened, objectOf, shortened } from './compare.ts';

/** Buckets, and objects that were written or deleted. */
export function s3Changes(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap((bucket) => {
    const what = happened(bucket);
    const region = String((bucket.after ?? bucket.before)?.['region']);
    const own = what === 'changed' ? [] : [`s3://${bucket.name} ${what}`];
    if (what === 'deleted') return [{ region, text: own.join() }];
    const objects = differences(bucket.before?.['objects'], bucket.after?.['objects']).map(
      ({ name: key, after: versions }) => `s3://${bucket.name}/${shortened(key)} ${objectText(versions)}`,
    );
    const lines = [...own, ...objects];
    return (lines.length > 0 ? lines : [`s3://${bucket.name} changed`]).map((text) => ({ region, text }));
  });
}

function objectText(versions: Record<string, JsonValue> | undefined): string {
  const newest = objectOf(Object.values(versions ?? {}).at(-1));
  const { size } = newest;
  return typeof size === 'number' ? `written (${sizeText(size)})` : 'deleted';
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
