/** A cron expression of AWS that can't be read, or never could run. Its message says what is wrong, in a sentence. */
export class InvalidSchedule extends Error {
  override readonly name = 'InvalidSchedule';
}

/** `cron(minutes hours day-of-month month day-of-week year)` */
export interface Cron {
  /** Ascending. */
  minutes: readonly number[];
  /** Ascending. */
  hours: readonly number[];
  /** 1 is January. */
  months: ReadonlySet<number>;
  day: DayRule;
  years: ReadonlySet<number>;
}

/** Which days of a month: by their number or by their weekday, never by both. 1 is Sunday, 7 Saturday. */
export type DayRule =
  | { kind: 'days'; days: ReadonlySet<number> }
  | { kind: 'lastDay' }
  | { kind: 'lastWorkday' }
  | { kind: 'workdayNearest'; day: number }
  | { kind: 'weekdays'; weekdays: ReadonlySet<number> }
  | { kind: 'lastWeekday'; weekday: number }
  | { kind: 'nthWeekday'; weekday: number; nth: number };

const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

interface Field {
  /** As the user is told of it. */
  name: string;
  min: number;
  max: number;
  /** What may be written for `min`, `min` + 1 and so on. */
  names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTES: Field = { name: 'minutes', min: 0, max: 59 };
const HOURS: Field = { name: 'hours', min: 0, max: 23 };
const DAY_OF_MONTH: Field = { name: 'day of the month', min: 1, max: 31 };
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { name: 'day of the week', min: 1, max: 7, names: WEEKDAYS };
const YEAR: Field = { name: 'year', min: FIRST_YEAR, max: LAST_YEAR };

const SATURDAY = 7;

/**
 * Reads the fields between the parentheses. Source: EventBridge user guide, "Cron expressions reference"; what it leaves
 * open (ranges that wrap, as SAT-SUN, and LW) is as in Quartz, which that syntax comes from and whose forms people use.
 * @throws InvalidSchedule
 */
export function parseCron(body: string, { yearMayBeLeftOut }: { yearMayBeLeftOut: boolean }): Cron {
  const fields = body.split(/[ \t]+/);
  if (yearMayBeLeftOut && fields.length === 5) fields.push('*');
  if (fields.length !== 6 || fields.includes('')) {
    const found = fields.filter((field) => field !== '').length;
    const shape = 'minutes hours day-of-month month day-of-week year';
    throw new InvalidSchedule(`cron() takes six fields with one space between them (${shape}); this has ${found}.`);
  }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    minutes: values(minutes, MINUTES),
    hours: values(hours, HOURS),
    months: new Set(values(month, MONTH)),
    day: dayRule(dayOfMonth, dayOfWeek),
    years: new Set(values(year, YEAR)),
  };
}

function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule {
  if (dayOfMonth === '?' && dayOfWeek === '?') {
    throw new InvalidSchedule(
      'The day of the month and the day of the week are both "?": one of them must say which day.',
    );
  }
  if (dayOfMonth !== '?' && dayOfWeek !== '?') {
    throw new InvalidSchedule(
      `The day of the month is "${dayOfMonth}" and the day of the week is "${dayOfWeek}": one of them must be "?".`,
    );
  }
  return dayOfWeek === '?' ? ruleOfMonth(dayOfMonth) : ruleOfWeek(dayOfWeek);
}

function ruleOfMonth(text: string): DayRule {
  const upper = text.toUpperCase();
  if (upper === 'L') return { kind: 'lastDay' };
  if (upper === 'LW' || upper === 'WL') return { kind: 'lastWorkday' };
  const nearest = /^(\d+)W$/.exec(upper);
  if (nearest !== null) return { kind: 'workdayNearest', day: value(nearest[1]!, DAY_OF_MONTH) };
  if (/[LW]/.test(upper)) {
    throw new InvalidSchedule(
      `The day of the month "${text}" is not valid: L, LW and W after one day, like 15W, stand alone in the field.`,
    );
  }
  return { kind: 'days', days: new Set(values(text, DAY_OF_MONTH)) };
}

function ruleOfWeek(text: string): DayRule {
  const upper = text.toUpperCase();
  if (upper === 'L') return { kind: 'weekdays', weekdays: new Set([SATURDAY]) };
  const last = /^(\d|[A-Z]{3})L$/.exec(upper);
  if (last !== null) return { kind: 'lastWeekday', weekday: value(last[1]!, DAY_OF_WEEK) };
  const nth = /^(\d|[A-Z]{3})#(\d)$/.exec(upper);
  if (nth !== null) {
    const count = Number(nth[2]);
    if (count < 1 || count > 5) {
      throw new InvalidSchedule(
        `The day of the week "${text}" is not valid: after # goes 1 to 5, the week of the month.`,
      );
    }
    return { kind: 'nthWeekday', weekday: value(nth[1]!, DAY_OF_WEEK), nth: count };
  }
  if (/#|L$/.test(upper)) {
    throw new InvalidSchedule(
      `The day of the week "${text}" is not valid: # and L, like FRI#2 and FRIL, are for one weekday that stands alone.`,
    );
  }
  return { kind: 'weekdays', weekdays: new Set(values(text, DAY_OF_WEEK)) };
}

/** All values of a list like `1,5-8,0/15`, ascending. */
function values(text: string, field: Field): number[] {
  const all = new Set(text.split(',').flatMap((item) => itemValues(item, field)));
  return [...all].toSorted((a, b) => a - b);
}

function itemValues(item: string, field: Field): number[] {
  const [range = '', stepText, ...more] = item.split('/');
  if (more.length > 0) throw invalidValue(item, field);
  const step = stepText === undefined ? 1 : stepOf(stepText, item, field);
  const [first, last] = bounds(range, field, stepText !== undefined);
  // FRI-MON and 22-2 go round the end.
  const span = last >= first ? last - first : last - first + field.max - field.min + 1;
  const found: number[] = [];
  for (let offset = 0; offset <= span; offset += step) {
    const number = first + offset;
    found.push(number > field.max ? number - (field.max - field.min + 1) : number);
  }
  return found;
}

function bounds(range: string, field: Field, hasStep: boolean): [number, number] {
  if (range === '*') return [field.min, field.max];
  const [from = '', to, ...more] = range.split('-');
  if (more.length > 0) throw invalidValue(range, field);
  const first = value(from, field);
  if (to === undefined) return [first, hasStep ? field.max : first];
  const last = value(to, field);
  if (field === YEAR && last < first) throw invalidValue(range, field);
  return [first, last];
}

function stepOf(text: string, item: string, field: Field): number {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step < 1) {
    throw new InvalidSchedule(`In ${field.name} "${item}", the step after / must be a whole number from 1.`);
  }
  return step;
}

function value(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= field.min && number <= field.max)) throw invalidValue(text, field);
  return number;
}

function invalidValue(text: string, { name, min, max, names }: Field): InvalidSchedule {
  const orNames = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`;
  return new InvalidSchedule(`The ${name} "${text}" is not valid: it takes ${min} to ${max}${orNames}.`);
}

/** Whether a cron expression runs on that day of the calendar. `month` is 1 for January. */
export function runsOn(rule: DayRule, year: number, month: number, day: number): boolean {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const weekday = (ofDay: number): number => new Date(Date.UTC(year, month - 1, ofDay)).getUTCDay() + 1;
  switch (rule.kind) {
    case 'days':
      return rule.days.has(day);
    case 'lastDay':
      return day === lastDay;
    case 'lastWorkday':
      return day === workdayNearest(lastDay, lastDay, weekday);
    case 'workdayNearest':
      return rule.day <= lastDay && day === workdayNearest(rule.day, lastDay, weekday);
    case 'weekdays':
      return rule.weekdays.has(weekday(day));
    case 'lastWeekday':
      return weekday(day) === rule.weekday && day > lastDay - 7;
    case 'nthWeekday':
      return weekday(day) === rule.weekday && Math.ceil(day / 7) === rule.nth;
  }
}

/** Monday to Friday; never in another month. */
function workdayNearest(day: number, lastDay: number, weekday: (day: number) => number): number {
  if (weekday(day) === SATURDAY) return day === 1 ? 3 : day - 1;
  if (weekday(day) === 1) return day === lastDay ? day - 2 : day + 1;
  return day;
}
