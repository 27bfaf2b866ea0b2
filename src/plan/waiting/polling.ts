/** Everything here is in milliseconds. */

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 15_000;
const GROWTH = 1.25;
const LONGEST_BACKOFF = 60_000;

/** So many calls in any minute, for all operations together: AWS counts them for the whole account. */
const MOST_CALLS = 12;
const WINDOW = 60_000;

/** CircleCI ends a step that says nothing for ten minutes; people get uneasy sooner. */
const HEARTBEAT_MS = 60_000;

/**
 * The pause before the next look: 5 s at first, growing to 15 s; after failures in a row longer and longer, up to a minute.
 * @param asked what the user wants it to be; it does not grow then
 * @param random from 0 to 1, so that deploys that are throttled together do not come back together
 */
export function nextPause(looks: number, failuresInARow: number, random: number, asked?: number): number {
  const usual = asked ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * GROWTH ** looks);
  if (failuresInARow === 0) return usual;
  return Math.min(Math.max(usual, LONGEST_BACKOFF), usual * 2 ** failuresInARow) * (0.5 + random / 2);
}

/** When calls were made, by any clock that only goes forward; those of the last minute. */
export type CallTimes = readonly number[];

export function withCalls(made: CallTimes, now: number, count = 1): CallTimes {
  return [...recent(made, now), ...Array.from({ length: count }, () => now)];
}

/** How long to wait until so many calls may be made; 0 when they may now. */
export function timeUntilCalls(made: CallTimes, now: number, wanted: number): number {
  const inWindow = recent(made, now);
  const tooMany = inWindow.length + Math.min(wanted, MOST_CALLS) - MOST_CALLS;
  const last = tooMany > 0 ? inWindow[tooMany - 1] : undefined;
  return last === undefined ? 0 : last + WINDOW - now;
}

function recent(made: CallTimes, now: number): number[] {
  return made.filter((time) => now - time < WINDOW);
}

/**
 * May something be asked that the verdict does not need (events, counts)? Only when none of the looks that are to come has
 * to wait for it.
 * @param looks how many there were
 */
export function mayAskMore(made: CallTimes, now: number, looks: number, asked?: number): boolean {
  const calls = [...recent(made, now), now];
  let time = now;
  for (let look = looks; time < now + WINDOW; look++) {
    if (calls.filter((call) => time - call < WINDOW).length > MOST_CALLS) return false;
    time += nextPause(look, 0, 0, asked);
    calls.push(time);
  }
  return true;
}

/** What a failed look means for the wait. */
export type FailureKind =
  /** AWS was too busy, the connection broke, the server failed. */
  | 'passing'
  /** The credentials are too old. */
  | 'expired'
  /** Not allowed, or not there: asking again does not help. */
  | 'lasting';

export type AfterFailure = 'again-later' | 'renew-and-again' | 'end';

/** @param isRenewed since the last look that succeeded */
export function afterFailure(kind: FailureKind, isRenewed: boolean): AfterFailure {
  if (kind === 'passing') return 'again-later';
  return kind === 'expired' && !isRenewed ? 'renew-and-again' : 'end';
}

/** The time until something has to be said. */
export function untilHeartbeat(silentMs: number): number {
  return Math.max(0, HEARTBEAT_MS - silentMs);
}

/** More than any call takes, with its repetitions: a clock that moved further between two looks at it was set. */
const CREDIBLE_MS = 120_000;

/**
 * How much time passed in a stretch of waiting. The clock of the machine may be set, or the machine may sleep: such a
 * jump neither ends a wait nor makes it endless, because then the time that was slept on purpose counts.
 * @param byClock what the clock says
 * @param slept what was slept in that stretch
 */
export function crediblePassed(byClock: number, slept: number): number {
  return byClock < slept || byClock > slept + CREDIBLE_MS ? slept : byClock;
}
