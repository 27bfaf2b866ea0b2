import type { Clock } from '../../src/core/clock.ts';
import type { Control } from '../../src/local-aws/control.ts';

export interface DrivingClock extends Clock {
  /** What is to happen in the local AWS, or outside of it, when so much time has passed, in milliseconds from now on. */
  at(ms: number, happen: () => void | Promise<void>): void;
}

/**
 * The time of the local AWS as the clock of an action: time passes only when the action sleeps, and then at once, with
 * all that happens in it. So hours of waiting pass in milliseconds.
 */
export function drivingClock(control: Control): DrivingClock {
  control.setRate(0);
  let events: { at: number; happen: () => void | Promise<void> }[] = [];

  async function advanceTo(time: number): Promise<void> {
    await control.advance(Math.max(0, time - control.now().getTime()), { settle: true });
  }

  return {
    now: () => control.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const end = control.now().getTime() + ms;
      for (;;) {
        const next = events.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        events = events.filter((event) => event !== next);
        await advanceTo(next.at);
        await next.happen();
        signal?.throwIfAborted();
      }
      await advanceTo(end);
    },
    at(ms, happen) {
      events.push({ at: control.now().getTime() + ms, happen });
    },
  };
}
