import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { counted } from '../../core/amount-text.ts';
import { type Change, differences, type Difference, happened, isSame, objectOf } from './compare.ts';

/** Schedules of EventBridge Scheduler: when, what they submit, and how often they ran. */
export function schedulerChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return [
    ...inRegions(before, after, 'groups', (one) => `group ${one.name} ${happened(one)}`),
    ...inRegions(before, after, 'schedules', (one) => timedText(one, targetOf(objectOf(one.after?.['Target'])))),
    ...runs(before, after),
  ];
}

/** Rules and buses of EventBridge. */
export function eventsChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return [
    ...inRegions(before, after, 'buses', (one) => `bus ${one.name} ${happened(one)}`),
    ...inRegions(before, after, 'rules', (one) => {
      const targets = Object.values(objectOf(one.after?.['targets'])).map(objectOf);
      return timedText(one, targets.map(targetOf).join(', '));
    }),
    ...runs(before, after),
  ];
}

/** Changes with every run, or with every call. */
const NOTES = ['consideredUntil', 'LastModificationDate'];

function inRegions(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  kind: string,
  textOf: (one: Difference) => string,
): Change[] {
  const [was, is] = [objectOf(before)['regions'], objectOf(after)['regions']];
  return differences(was, is).flatMap(({ name: region, before: old = {}, after: now = {} }) =>
    differences(old[kind], now[kind])
      .filter((one) => !isSame(withoutNotes(one.before), withoutNotes(one.after)))
      .map((one) => ({ region, text: textOf(one) })),
  );
}

function withoutNotes(thing: JsonObject | undefined): JsonObject | undefined {
  return thing && Object.fromEntries(Object.entries(thing).filter(([name]) => !NOTES.includes(name)));
}

/** `crawl created: cron(0 3 * * ? *) Europe/Berlin → crawl:7` */
function timedText(one: Difference, target: string): string {
  const name = one.name.replace(/^default\//, '');
  if (one.after === undefined) return `${name} ${happened(one)}`;
  const { ScheduleExpression: when, ScheduleExpressionTimezone: zone, State: state } = one.after;
  const time = [when, zone === 'UTC' ? undefined : zone].filter((word) => typeof word === 'string').join(' ');
  const off = state === 'DISABLED' ? ', disabled' : '';
  return `${name} ${happened(one)}: ${time}${target === '' ? '' : ` → ${target}`}${off}`;
}

/** The job definition that is submitted, or else the last part of the target's ARN. */
function targetOf(target: JsonObject): string {
  const input = typeof target['Input'] === 'string' ? target['Input'] : '{}';
  const submitted = jsonOf(input)['JobDefinition'] ?? objectOf(target['BatchParameters'])['JobDefinition'];
  const named = String(submitted ?? target['Arn'] ?? '');
  return submitted === undefined ? named.replace(/^.*:/, '') : named.replace(/^.*\//, '');
}

function jsonOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function runs(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  const known = new Set(invocations(before).map((one) => JSON.stringify(one)));
  const counts = new Map<string, number>();
  for (const one of invocations(after)) {
    if (known.has(JSON.stringify(one)) || one['outcome'] === 'retrying') continue;
    const what = `${String(one['source'])} ${one['outcome'] === 'succeeded' ? 'ran' : 'failed'}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => ({
    region: what.split(':')[3] ?? '',
    text: `${what.slice(what.lastIndexOf('/') + 1)} ${counted(count, 'time')}`,
  }));
}

function invocations(state: JsonValue | undefined): JsonObject[] {
  const list = objectOf(state)['invocations'];
  return Array.isArray(list) ? list.map(objectOf) : [];
}
