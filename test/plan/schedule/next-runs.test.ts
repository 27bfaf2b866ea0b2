import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { nextRunsOfRule, nextRunsOfSchedule } from '../../../src/plan/schedule/next-runs.ts';

const seconds = (text: string): number => Date.parse(text) / 1000;
const CREATED = new Date('2026-11-20T10:30:00Z');

describe('nextRunsOfSchedule', () => {
  it.each<[string, JsonObject, string, string[]]>([
    [
      'in its zone, over the change of clocks',
      { ScheduleExpression: 'cron(30 3 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' },
      '2026-10-24T00:00:00Z',
      ['2026-10-24T03:30:00+02:00', '2026-10-25T03:30:00+01:00'],
    ],
    [
      'west of Greenwich, at half an hour',
      { ScheduleExpression: 'cron(0 3 * * ? *)', ScheduleExpressionTimezone: 'America/St_Johns' },
      '2026-11-20T00:00:00Z',
      ['2026-11-20T03:00:00-03:30', '2026-11-21T03:00:00-03:30'],
    ],
    [
      'in UTC, when no zone is told',
      { ScheduleExpression: 'cron(0 3 * * ? *)' },
      '2026-11-20T03:00:00Z',
      ['2026-11-21T03:00:00Z', '2026-11-22T03:00:00Z'],
    ],
    [
      'of a rate, from its creation on',
      { ScheduleExpression: 'rate(1 hour)' },
      '2026-11-20T12:00:00Z',
      ['2026-11-20T12:30:00Z', '2026-11-20T13:30:00Z'],
    ],
    [
      'between start and end',
      {
        ScheduleExpression: 'rate(1 hour)',
        StartDate: seconds('2026-12-01T00:00:00Z'),
        EndDate: seconds('2026-12-01T00:59:00Z'),
      },
      '2026-11-20T12:00:00Z',
      ['2026-12-01T00:00:00Z'],
    ],
    ['of what runs once and has run', { ScheduleExpression: 'at(2026-11-20T03:00:00)' }, '2026-11-20T03:00:00Z', []],
    ['of what is paused', { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' }, '2026-11-20T12:00:00Z', []],
  ])('%s', (_what, schedule, after, expected) => {
    expect(nextRunsOfSchedule(schedule, { after: new Date(after), created: CREATED, count: 2 })).toEqual(expected);
  });
});

describe('nextRunsOfRule', () => {
  const after = new Date('2026-11-20T12:00:00Z');
  it('is in UTC', () => {
    const rule = { ScheduleExpression: 'cron(0 3 * * ? *)', State: 'ENABLED' };
    expect(nextRunsOfRule(rule, { after, count: 1 })).toEqual(['2026-11-21T03:00:00Z']);
  });

  it.each([
    ['runs by events', { EventPattern: '{}', State: 'ENABLED' }],
    ['is paused', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }],
  ])('is nothing when the rule %s', (_what, rule) => {
    expect(nextRunsOfRule(rule, { after, count: 1 })).toEqual([]);
  });
});
