import { expect, it } from '@jest/globals';
import type { ServiceEvent } from '../../../../src/plan/rollout/observation.ts';
import {
  eventsBefore,
  eventsSince,
  newEvents,
  type ToldEvents,
} from '../../../../src/plan/rollout/telling/service-events.ts';

/** As AWS gives them: the newest first. */
function events(...times: number[]): ServiceEvent[] {
  return times
    .toSorted((a, b) => b - a)
    .map((createdAt) => ({ id: `e${createdAt}`, createdAt, message: `at ${createdAt}` }));
}

function told(start: ToldEvents, ...looks: readonly (readonly ServiceEvent[])[]): string[][] {
  let state = start;
  return looks.map((look) => {
    const { events: fresh, told: next } = newEvents(state, look);
    state = next;
    return fresh.map(({ id }) => id);
  });
}

it('new events come oldest first, each once', () => {
  expect(told(eventsBefore(events(1, 2)), events(1, 2, 3, 4), events(1, 2, 3, 4), events(2, 3, 4, 5))).toEqual([
    ['e3', 'e4'],
    [],
    ['e5'],
  ]);
});

it('of one moment, the one that AWS lists last was first', () => {
  const same = ['second', 'first'].map((id) => ({ id, createdAt: 5, message: id }));
  expect(told(eventsBefore([]), same)).toEqual([['first', 'second']]);
});

it('an event that shows up late is told although a newer one was told before', () => {
  expect(told(eventsBefore(events(1)), events(1, 4), events(1, 3, 4))).toEqual([['e4'], ['e3']]);
});

it('events from before the call are never told, also when the snapshot did not hold them all', () => {
  expect(told(eventsBefore(events(10, 11)), [...events(10, 11, 12), ...events(3)])).toEqual([['e12']]);
});

it('an event of the moment of the last one before is new, when its id is', () => {
  expect(told(eventsBefore(events(10)), [{ id: 'new', createdAt: 10, message: '' }, ...events(10)])).toEqual([['new']]);
});

it('who comes later is told what happened since the deployment was created', () => {
  expect(told(eventsSince(10), events(8, 9, 10, 11))).toEqual([['e10', 'e11']]);
});

it('an event that is listed twice is told once', () => {
  expect(told(eventsBefore([]), [...events(1), ...events(1)])).toEqual([['e1']]);
});
