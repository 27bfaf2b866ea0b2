import type { Clock } from '../../core/clock.ts';

/**
 * Resolves when nothing has been heard for `limitMs`; rejects when `signal` is aborted before. `heardAt` gives when something
 * was heard last, in milliseconds since the epoch.
 */
export async function untilSilent(
  heardAt: () => number,
  { limitMs, clock, signal }: { limitMs: number; clock: Clock; signal: AbortSignal },
): Promise<void> {
  for (;;) {
    const left = heardAt() + limitMs - clock.now().getTime();
    if (left <= 0) return;
    await clock.sleep(left, signal);
  }
}

/** What CircleCI says of a step that was silent for too long. */
export function silenceText(limitMs: number): string {
  return `Too long with no output (exceeded ${goDuration(limitMs)}): context deadline exceeded`;
}

/** As Go prints durations: `10m0s`, `1h0m0s`, `90ms`. */
function goDuration(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0s' : `${ms}ms`;
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1000];
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
