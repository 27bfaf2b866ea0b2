import type { JsonObject, JsonValue } from '../../core/json.ts';
import { counted } from '../../core/amount-text.ts';
import { type Change, differences, happened, objectOf } from './compare.ts';

/** Log groups, and how much was written to them. */
export function logsChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap(({ name: region, before: old, after: now }) =>
    differences(old?.['groups'], now?.['groups']).flatMap((group) => {
      const what = happened(group);
      const streams = differences(group.before?.['streams'], group.after?.['streams']);
      const added = streams.map((one) => lineCount(one.after) - lineCount(one.before)).filter((count) => count > 0);
      const lines = added.reduce((sum, count) => sum + count, 0);
      const written = `${counted(lines, 'line')} in ${counted(added.length, 'stream')}`;
      return [
        ...(what === 'changed' && lines > 0 ? [] : [{ region, text: `${group.name} ${what}` }]),
        ...(lines > 0 ? [{ region, text: `${group.name}: ${written}` }] : []),
      ];
    }),
  );
}

function lineCount(stream: JsonObject | undefined): number {
  const events = objectOf(stream)['events'];
  return Array.isArray(events) ? events.length : 0;
}
