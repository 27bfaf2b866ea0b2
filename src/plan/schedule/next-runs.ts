import type { JsonObject } from '../../core/json.ts';
import { nextTimes, parseScheduleExpression } from '../../core/schedule-expression.ts';
import { wallTime } from '../../core/time-zone.ts';

export interface RunTimes {
  /** `cron(…)`, `rate(…)` or `at(…)`, known to be valid. */
  expression: string;
  dialect: 'scheduler' | 'rule';
  /** UTC when not given. */
  timezone?: string | undefined;
  /** Only later times count. */
  after: Date;
  start?: Date | undefined;
  end?: Date | undefined;
  /** A rate counts from here when there is no start. */
  created?: Date | undefined;
}

/** The next times, each in the zone of the schedule: `2026-11-21T03:00:00+01:00`. Fewer than `count` when it ends before. */
export function nextRuns(
  { expression, dialect, timezone = 'UTC', after, ...dates }: RunTimes,
  count: number,
): string[] {
  const parsed = parseScheduleExpression(expression, dialect);
  const isOnce = parsed.kind === 'at';
  const start = dates.start ?? (parsed.kind === 'rate' ? dates.created : undefined);
  const span = { zone: timezone, after, start: isOnce ? undefined : start, end: isOnce ? undefined : dates.end };
  return nextTimes(parsed, span, count).map((time) => inZone(time, timezone));
}

/** The next times of a schedule as GetSchedule gives it; none when it is paused. */
export function nextRunsOfSchedule(
  schedule: JsonObject,
  { after, created, count }: { after: Date; created: Date | undefined; count: number },
): string[] {
  if (schedule['State'] === 'DISABLED') return [];
  return nextRuns(
    {
      expression: String(schedule['ScheduleExpression']),
      dialect: 'scheduler',
      timezone: timezoneOf(schedule),
      after,
      start: dateOf(schedule['StartDate']),
      end: dateOf(schedule['EndDate']),
      created,
    },
    count,
  );
}

/** The next times of a rule as DescribeRule gives it; none when it is paused, or runs by events. */
export function nextRunsOfRule(rule: JsonObject, { after, count }: { after: Date; count: number }): string[] {
  const expression = rule['ScheduleExpression'];
  if (rule['State'] === 'DISABLED' || typeof expression !== 'string' || expression === '') return [];
  return nextRuns({ expression, dialect: 'rule', after }, count);
}

export function timezoneOf(schedule: JsonObject): string {
  const zone = schedule['ScheduleExpressionTimezone'];
  return typeof zone === 'string' && zone !== '' ? zone : 'UTC';
}

/** Dates of AWS are seconds since the epoch in JSON. */
export function dateOf(value: unknown): Date | undefined {
  return typeof value === 'number' ? new Date(value * 1000) : undefined;
}

function inZone(time: Date, zone: string): string {
  const wall = wallTime(time.getTime(), zone);
  const offset = Math.round((wall - time.getTime()) / 60_000);
  const local = new Date(wall).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const two = (number: number): string => String(number).padStart(2, '0');
  const minutes = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
