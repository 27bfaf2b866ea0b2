import type { Timeline } from '../timeline.ts';
import type { LocalClock } from '../local-clock.ts';
import type { Running } from './task.ts';

const GRACE_MS = 30_000;

/** SIGTERM, and SIGKILL 30 seconds later: of the virtual clock or of real time, whichever ends first. */
export function stopWork(running: Running, clock: LocalClock, timeline: Timeline): void {
  running.signal('SIGTERM');
  const kill = (): void => running.signal('SIGKILL');
  const takeBack = timeline.at(new Date(clock.now().getTime() + GRACE_MS), kill);
  const timer = setTimeout(kill, GRACE_MS);
  void running.ended.finally(() => {
    takeBack();
    clearTimeout(timer);
  });
}
