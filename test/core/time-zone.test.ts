import { describe, expect, it } from '@jest/globals';

import { instantsOf, isTimeZone, wallTime } from '../../src/core/time-zone.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('names of time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5'])(
    '%s is one',
    (name) => expect(isTimeZone(name)).toBe(true),
  );
  it.each(['europe/berlin', 'EUROPE/BERLIN', 'Europe/Atlantis', '+01:00', 'CEST', '', 'Europe/Berlin '])(
    '"%s" is none',
    (name) => expect(isTimeZone(name)).toBe(false),
  );
});

it('clocks show the time of their zone', () => {
  expect(wallTime(utc('2026-07-01T12:00:00.123'), 'Europe/Berlin')).toBe(utc('2026-07-01T14:00:00.123'));
  expect(wallTime(utc('2026-12-31T23:30:00'), 'Asia/Tokyo')).toBe(utc('2027-01-01T08:30:00'));
});

it('a time of the clocks comes once, never or twice', () => {
  const berlin = (text: string): string[] =>
    instantsOf(utc(text), 'Europe/Berlin').map((instant) => new Date(instant).toISOString());
  expect(berlin('2026-11-20T03:00:00')).toEqual(['2026-11-20T02:00:00.000Z']);
  expect(berlin('2026-03-29T02:30:00')).toEqual([]);
  expect(berlin('2026-10-25T02:30:00')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
});
