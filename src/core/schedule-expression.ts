import { type Cron, InvalidSchedule, LAST_YEAR, parseCron, runsOn } from './cron.ts';
import { instantsOf, wallTime } from './time-zone.ts';

/** `scheduler` is EventBridge Scheduler, `rule` a rule of EventBridge, which takes less. */
export type ScheduleDialect = 'scheduler' | 'rule';

export type ScheduleExpression =
  | { kind: 'cron'; cron: Cron }
  | { kind: 'rate'; everyMs: number }
  /** `wall` is what the clocks of the zone show then, in milliseconds since 1970-01-01T00:00. */
  | { kind: 'at'; wall: number };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `cron(…)`, `rate(…)` or, for Scheduler, `at(…)`, as AWS does. Sources: the Scheduler user guide "Schedule types"
 * and the EventBridge user guide "Cron expressions reference"; for where the two services differ (only rules insist on
 * `1 minute` and `2 minutes`, on the year, and on lower case), public records of calls to AWS.
 * @throws InvalidSchedule whose message says what is wrong with it
 */
export function parseScheduleExpression(text: string, dialect: ScheduleDialect = 'scheduler'): ScheduleExpression {
  const match = /^(\w+)\((.*)\)$/.exec(text);
  const written = match?.[1] ?? '';
  const keyword = dialect === 'scheduler' ? written.toLowerCase() : written;
  const body = match?.[2] ?? '';
  if (keyword === 'cron') return { kind: 'cron', cron: parseCron(body, { yearMayBeLeftOut: dialect === 'scheduler' }) };
  if (keyword === 'rate') return { kind: 'rate', everyMs: parseRate(body, dialect) };
  if (keyword === 'at' && dialect === 'scheduler') return { kind: 'at', wall: parseAt(body) };
  const at = dialect === 'scheduler' ? ' or at(2026-11-20T03:00:00)' : '';
  throw new InvalidSchedule(`"${text}" is no schedule: it must be like cron(0 3 * * ? *), rate(1 hour)${at}.`);
}

function parseRate(body: string, dialect: ScheduleDialect): number {
  const match = /^(\d{1,9}) +(minute|hour|day)(s?)$/.exec(body);
  const count = Number(match?.[1] ?? 0);
  if (match === null || count < 1) {
    throw new InvalidSchedule(
      `rate(${body}) is not valid: it takes a whole number from 1, a space, and minutes, hours or days.`,
    );
  }
  const unit = match[2]!;
  const isPlural = match[3] === 's';
  if (dialect === 'rule' && isPlural !== count > 1) {
    throw new InvalidSchedule(
      `rate(${body}) is not valid: with ${count} the unit must be ${unit}${count > 1 ? 's' : ''}.`,
    );
  }
  return count * UNIT_MS[unit]!;
}

function parseAt(body: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/.exec(body);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    match?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  // 30 February and 24:00 come out as another time than was written.
  const isReal = match !== null && new Date(wall).toISOString().startsWith(body.slice(0, 16)) && second < 60;
  if (!isReal) {
    throw new InvalidSchedule(
      `at(${body}) is not valid: it takes a date and time like 2026-11-20T03:00:00, without a zone, which is told apart.`,
    );
  }
  return wall;
}

export interface ScheduleSpan {
  /** An IANA time zone; UTC by default. Days and hours of cron and at are those of its clocks. */
  zone?: string;
  /** Only later times count. */
  after: Date;
  /** No time is earlier. A rate counts from here; without it, from `after`, which is then no time itself. */
  start?: Date | undefined;
  /** No time is later. */
  end?: Date | undefined;
}

/** The next times of a schedule, up to `count`; fewer when it ends before. */
export function nextTimes(expression: ScheduleExpression, span: ScheduleSpan, count: number): Date[] {
  const times: Date[] = [];
  if (count < 1) return times;
  for (const time of scheduleTimes(expression, span)) {
    times.push(time);
    if (times.length === count) break;
  }
  return times;
}

/**
 * The times of a schedule, one after the other. As Scheduler documents it, a time that spring's change of clocks leaves
 * out is skipped, one that autumn's repeats comes once, and a day in a rate has 24 hours.
 */
export function* scheduleTimes(expression: ScheduleExpression, span: ScheduleSpan): Generator<Date, void> {
  const after = span.after.getTime();
  const start = span.start?.getTime() ?? Number.NEGATIVE_INFINITY;
  const end = span.end?.getTime() ?? Number.POSITIVE_INFINITY;
  for (const instant of instants(expression, span)) {
    if (instant > end) return;
    if (instant > after && instant >= start) yield new Date(instant);
  }
}

function instants(expression: ScheduleExpression, { zone = 'UTC', after, start }: ScheduleSpan): Iterable<number> {
  if (expression.kind === 'at') return instantsOf(expression.wall, zone).slice(0, 1);
  if (expression.kind === 'rate') return rateInstants(expression.everyMs, start ?? after, after);
  return cronInstants(expression.cron, zone, new Date(Math.max(after.getTime(), start?.getTime() ?? 0)));
}

function* rateInstants(everyMs: number, start: Date, after: Date): Generator<number, void> {
  const behind = after.getTime() - start.getTime();
  let instant = start.getTime() + Math.max(0, Math.floor(behind / everyMs)) * everyMs;
  for (; instant <= MAX_TIME; instant += everyMs) yield instant;
}

/** The latest time that a Date can hold. */
const MAX_TIME = 8.64e15;

function* cronInstants(cron: Cron, zone: string, from: Date): Generator<number, void> {
  // What the clocks showed for the first time before `from`, they show less than this.
  const earliest = wallTime(from.getTime(), zone);
  for (const date of cronDates(cron, earliest)) {
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wall = date + hour * UNIT_MS['hour']! + minute * UNIT_MS['minute']!;
        if (wall < earliest) continue;
        const [instant] = instantsOf(wall, zone);
        if (instant !== undefined) yield instant;
      }
    }
  }
}

/** The days on which it runs, as the wall time of their midnights. */
function* cronDates(cron: Cron, earliest: number): Generator<number, void> {
  const first = new Date(earliest);
  let [year, month, day] = [first.getUTCFullYear(), first.getUTCMonth() + 1, first.getUTCDate()];
  for (; year <= LAST_YEAR; year += 1, month = 1) {
    if (!cron.years.has(year)) {
      day = 1;
      continue;
    }
    for (; month <= 12; month += 1, day = 1) {
      if (!cron.months.has(month)) continue;
      const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (; day <= lastDay; day += 1) {
        if (runsOn(cron.day, year, month, day)) yield Date.UTC(year, month - 1, day);
      }
    }
  }
}
