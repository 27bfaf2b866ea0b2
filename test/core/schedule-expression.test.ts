import { describe, expect, it } from '@jest/globals';

import { InvalidSchedule } from '../../src/core/cron.ts';
import {
  nextTimes,
  parseScheduleExpression,
  type ScheduleDialect,
  type ScheduleSpan,
} from '../../src/core/schedule-expression.ts';

/** The next times as text, without the milliseconds that are always zero. */
function times(expression: string, from: string, count: number, span: Omit<ScheduleSpan, 'after'> = {}): string[] {
  const found = nextTimes(parseScheduleExpression(expression), { after: new Date(from), ...span }, count);
  return found.map((time) => time.toISOString().replace(':00.000Z', 'Z'));
}

function problemOf(expression: string, dialect?: ScheduleDialect): string {
  try {
    parseScheduleExpression(expression, dialect);
  } catch (error) {
    if (error instanceof InvalidSchedule) return error.message;
    throw error;
  }
  throw new Error(`${expression} was taken`);
}

describe('cron', () => {
  // 2026-11-20 is a Friday.
  it.each<[string, string, string[]]>([
    ['every day', 'cron(0 10 * * ? *)', ['2026-11-20T10:00Z', '2026-11-21T10:00Z', '2026-11-22T10:00Z']],
    ['a list of minutes', 'cron(5,35 14 * * ? *)', ['2026-11-20T14:05Z', '2026-11-20T14:35Z', '2026-11-21T14:05Z']],
    ['steps from a minute', 'cron(1/20 6 * * ? *)', ['2026-11-20T06:01Z', '2026-11-20T06:21Z', '2026-11-20T06:41Z']],
    ['steps of all', 'cron(*/30 6 * * ? *)', ['2026-11-20T06:00Z', '2026-11-20T06:30Z', '2026-11-21T06:00Z']],
    ['steps in a range', 'cron(0 8-17/4 * * ? *)', ['2026-11-20T08:00Z', '2026-11-20T12:00Z', '2026-11-20T16:00Z']],
    [
      'a range of one',
      'cron(30-30 13-13 ? * 2,4,6 *)',
      ['2026-11-20T13:30Z', '2026-11-23T13:30Z', '2026-11-25T13:30Z'],
    ],
    ['working days', 'cron(0 18 ? * MON-FRI *)', ['2026-11-20T18:00Z', '2026-11-23T18:00Z', '2026-11-24T18:00Z']],
    [
      'days by number, Sunday first',
      'cron(0 18 ? * 1 *)',
      ['2026-11-22T18:00Z', '2026-11-29T18:00Z', '2026-12-06T18:00Z'],
    ],
    [
      'a range over the weekend',
      'cron(0 8 ? * SAT-SUN *)',
      ['2026-11-21T08:00Z', '2026-11-22T08:00Z', '2026-11-28T08:00Z'],
    ],
    ['a range over midnight', 'cron(0 23-1 * * ? *)', ['2026-11-20T01:00Z', '2026-11-20T23:00Z', '2026-11-21T00:00Z']],
    ['the first of the month', 'cron(0 8 1 * ? *)', ['2026-12-01T08:00Z', '2027-01-01T08:00Z', '2027-02-01T08:00Z']],
    ['months by name', 'cron(0 8 1 FEB,jul ? *)', ['2027-02-01T08:00Z', '2027-07-01T08:00Z', '2028-02-01T08:00Z']],
    ['the last day of the month', 'cron(0 5 L * ? *)', ['2026-11-30T05:00Z', '2026-12-31T05:00Z', '2027-01-31T05:00Z']],
    ['the last working day', 'cron(0 5 LW * ? *)', ['2026-11-30T05:00Z', '2026-12-31T05:00Z', '2027-01-29T05:00Z']],
    [
      'the working day nearest the 15th',
      'cron(0 5 15W * ? *)',
      ['2026-12-15T05:00Z', '2027-01-15T05:00Z', '2027-02-15T05:00Z'],
    ],
    [
      'nearest the 1st, in that month',
      'cron(0 5 1W * ? *)',
      ['2026-12-01T05:00Z', '2027-01-01T05:00Z', '2027-02-01T05:00Z'],
    ],
    [
      'nearest a Saturday the 1st',
      'cron(0 5 1W 5 ? *)',
      ['2027-05-03T05:00Z', '2028-05-01T05:00Z', '2029-05-01T05:00Z'],
    ],
    ['the last Friday', 'cron(15 10 ? * 6L *)', ['2026-11-27T10:15Z', '2026-12-25T10:15Z', '2027-01-29T10:15Z']],
    [
      'the last Friday by name',
      'cron(15 10 ? * FRIL *)',
      ['2026-11-27T10:15Z', '2026-12-25T10:15Z', '2027-01-29T10:15Z'],
    ],
    [
      'the last day of the week',
      'cron(15 10 ? * L *)',
      ['2026-11-21T10:15Z', '2026-11-28T10:15Z', '2026-12-05T10:15Z'],
    ],
    ['the second Tuesday', 'cron(0 2 ? * 3#2 *)', ['2026-12-08T02:00Z', '2027-01-12T02:00Z', '2027-02-09T02:00Z']],
    ['the fifth Saturday', 'cron(0 2 ? * SAT#5 *)', ['2027-01-30T02:00Z', '2027-05-29T02:00Z', '2027-07-31T02:00Z']],
    ['29 February', 'cron(0 0 29 2 ? *)', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
    ['years', 'cron(0 0 1 1 ? 2030,2040/100)', ['2030-01-01T00:00Z', '2040-01-01T00:00Z', '2140-01-01T00:00Z']],
    ['years that have passed', 'cron(15 10 ? * 6L 2002-2005)', []],
    ['a day that never comes', 'cron(0 0 30 2 ? *)', []],
    ['five fields, in Scheduler', 'cron(0 10 * * ?)', ['2026-11-20T10:00Z', '2026-11-21T10:00Z', '2026-11-22T10:00Z']],
  ])('%s: %s', (_case, expression, expected) => {
    expect(times(expression, '2026-11-20T00:30:00Z', 3)).toEqual(expected);
  });

  it('runs after the time that is asked for, not at it', () => {
    expect(times('cron(0 3 * * ? *)', '2026-11-20T03:00:00Z', 1)).toEqual(['2026-11-21T03:00Z']);
    expect(times('cron(0 3 * * ? *)', '2026-11-20T02:59:59.999Z', 1)).toEqual(['2026-11-20T03:00Z']);
  });

  it.each<[string, string]>([
    ['cron(0 1 * * * *)', 'one of them must be "?"'],
    ['cron(0 1 1 * MON *)', 'The day of the month is "1" and the day of the week is "MON"'],
    ['cron(0 1 ? * ? *)', 'both "?"'],
    ['cron(71 8 1 * ? *)', 'The minutes "71" is not valid: it takes 0 to 59.'],
    ['cron(0 dummy ? * MON-FRI *)', 'The hours "dummy" is not valid: it takes 0 to 23.'],
    ['cron(0 24 * * ? *)', 'hours "24"'],
    ['cron(0 0 0 * ? *)', 'day of the month "0"'],
    ['cron(0 0 1 13 ? *)', 'The month "13" is not valid: it takes 1 to 12 or JAN to DEC.'],
    ['cron(7 20 ? * NOT *)', 'The day of the week "NOT" is not valid: it takes 1 to 7 or SUN to SAT.'],
    ['cron(0 0 ? * 0 *)', 'day of the week "0"'],
    ['cron(0 0 1 1 ? 2200)', 'The year "2200" is not valid: it takes 1970 to 2199.'],
    ['cron(0 0 1 1 ? 2030-2020)', 'year "2030-2020"'],
    ['cron(0/0 0 * * ? *)', 'the step after / must be a whole number from 1'],
    ['cron(0/5/5 0 * * ? *)', 'minutes "0/5/5"'],
    ['cron(1-2-3 0 * * ? *)', 'minutes "1-2-3"'],
    ['cron(1,,2 0 * * ? *)', 'minutes ""'],
    ['cron(L 0 * * ? *)', 'minutes "L"'],
    ['cron(0 0 ? ? MON *)', 'month "?"'],
    ['cron(0 0 1,L * ? *)', 'stand alone in the field'],
    ['cron(0 0 1-5W * ? *)', 'stand alone in the field'],
    ['cron(0 0 32W * ? *)', 'day of the month "32"'],
    ['cron(0 0 ? * 3#1,6#3 *)', 'for one weekday that stands alone'],
    ['cron(0 0 ? * 3#6 *)', 'after # goes 1 to 5'],
    ['cron(0 0 2#1 * ? *)', 'day of the month "2#1"'],
    ['cron(INVALID)', 'this has 1'],
    ['cron()', 'this has 0'],
    ['cron(0 0 * * ? * *)', 'this has 7'],
    ['cron( 0 0 * * ? *)', 'one space between them'],
    ['0 0 * * *', 'must be like cron(0 3 * * ? *)'],
    ['daily', '"daily" is no schedule'],
    [' cron(0 0 * * ? *)', 'is no schedule'],
  ])('%s is refused: %s', (expression, problem) => {
    expect(problemOf(expression)).toContain(problem);
  });
});

describe('clocks that change', () => {
  // In Berlin, 2026-03-29 has no 02:00 to 02:59, and 2026-10-25 has them twice.
  const berlin = { zone: 'Europe/Berlin' };

  it('keep the hour of the day', () => {
    expect(times('cron(0 3 * * ? *)', '2026-03-28T00:00:00Z', 2, berlin)).toEqual([
      '2026-03-28T02:00Z',
      '2026-03-29T01:00Z',
    ]);
  });

  it('skip a time that spring leaves out', () => {
    expect(times('cron(30 2 * * ? *)', '2026-03-28T00:00:00Z', 2, berlin)).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  it('run once at a time that autumn repeats, the first time', () => {
    expect(times('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2, berlin)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  it('have no second 02:30 to wait for after the first', () => {
    expect(times('cron(0,30 2 * * ? *)', '2026-10-25T00:45:00Z', 1, berlin)).toEqual(['2026-10-26T01:00Z']);
  });

  it('leave no other time out and give none twice, over a year', () => {
    const zone = 'America/New_York';
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    const first = new Map<string, number>();
    const [from, to] = [Date.parse('2026-01-01T00:00:00Z'), Date.parse('2027-01-01T00:00:00Z')];
    for (let instant = from; instant < to; instant += 15 * 60_000) {
      const shown = clock.format(instant);
      if (!first.has(shown)) first.set(shown, instant);
    }
    const everyQuarter = parseScheduleExpression('cron(0/15 * * * ? *)');
    const found = nextTimes(everyQuarter, { zone, after: new Date(from - 1), end: new Date(to - 1) }, 100_000);
    expect(found.map(Number)).toEqual([...first.values()]);
  });

  it('leave a rate of days at 24 hours', () => {
    const start = new Date('2026-10-24T10:00:00Z');
    expect(times('rate(1 day)', '2026-10-24T10:00:00Z', 2, { ...berlin, start })).toEqual([
      '2026-10-25T10:00Z',
      '2026-10-26T10:00Z',
    ]);
  });

  it.each<[string, string, string]>([
    ['Asia/Kolkata', 'cron(0 3 * * ? *)', '2026-11-20T21:30Z'],
    ['Pacific/Kiritimati', 'cron(0 3 * * ? *)', '2026-11-20T13:00Z'],
    ['America/St_Johns', 'cron(0 3 * * ? *)', '2026-11-20T06:30Z'],
    ['UTC', 'cron(0 3 * * ? *)', '2026-11-20T03:00Z'],
  ])('are those of %s', (zone, expression, expected) => {
    expect(times(expression, '2026-11-20T00:00:00Z', 1, { zone })).toEqual([expected]);
  });
});

describe('rate', () => {
  const start = new Date('2026-11-20T00:10:00Z');

  it('counts from its start, which is the first time', () => {
    expect(times('rate(4 hours)', '2026-11-20T00:00:00Z', 2, { start })).toEqual([
      '2026-11-20T00:10Z',
      '2026-11-20T04:10Z',
    ]);
    expect(times('rate(4 hours)', '2026-11-21T01:00:00Z', 1, { start })).toEqual(['2026-11-21T04:10Z']);
  });

  it('counts from now without one', () => {
    expect(times('rate(5 minutes)', '2026-11-20T00:01:00Z', 2)).toEqual(['2026-11-20T00:06Z', '2026-11-20T00:11Z']);
  });

  it.each([
    'rate(10 seconds)',
    'rate(10 years)',
    'rate()',
    'rate(10)',
    'rate(10 minutess)',
    'rate(foo minutes)',
    'rate(0 minutes)',
    'rate(-10 minutes)',
    'rate(1.5 hours)',
    'rate( 10 minutes )',
    'rate(10 MINUTES)',
  ])('%s is refused', (expression) => {
    expect(problemOf(expression)).toContain('a whole number from 1, a space, and minutes, hours or days');
  });
});

describe('at', () => {
  it('is one time of the zone', () => {
    const zone = 'America/New_York';
    expect(times('at(2026-11-20T03:00:00)', '2026-11-20T00:00:00Z', 2, { zone })).toEqual(['2026-11-20T08:00Z']);
    expect(times('at(2026-11-20T03:00)', '2026-11-20T00:00:00Z', 2)).toEqual(['2026-11-20T03:00Z']);
  });

  it('never comes when it has passed', () => {
    expect(times('at(2026-11-20T03:00:00)', '2026-11-20T03:00:00Z', 2)).toEqual([]);
  });

  it.each([
    'at(2021-12-31T23:59:59Z)',
    'at(2021-12-31)',
    'at(2021-12-31 23:59:59)',
    'at(2021-12-31T24:00:00)',
    'at(2021-02-30T00:00:00)',
    'at(2021-13-01T00:00:00)',
    'at(2021-12-31T23:59:60)',
    'at(tomorrow)',
  ])('%s is refused', (expression) => {
    expect(problemOf(expression)).toContain('a date and time like 2026-11-20T03:00:00, without a zone');
  });
});

it('no time is before the start or after the end, which may be one', () => {
  const span = { start: new Date('2026-11-22T10:00:00Z'), end: new Date('2026-11-24T10:00:00Z') };
  expect(times('cron(0 10 * * ? *)', '2026-11-20T00:00:00Z', 9, span)).toEqual([
    '2026-11-22T10:00Z',
    '2026-11-23T10:00Z',
    '2026-11-24T10:00Z',
  ]);
});

describe('rules of EventBridge take less than Scheduler', () => {
  it.each([
    ['rate(1 minutes)', 'with 1 the unit must be minute.'],
    ['rate(10 day)', 'with 10 the unit must be days.'],
    ['cron(0 10 * * ?)', 'six fields'],
    ['at(2026-11-20T03:00:00)', 'must be like cron(0 3 * * ? *), rate(1 hour).'],
    ['CRON(0 10 * * ? *)', 'is no schedule'],
  ])('%s', (expression, problem) => {
    expect(problemOf(expression, 'rule')).toContain(problem);
    expect(() => parseScheduleExpression(expression)).not.toThrow();
  });
});
