import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait before an attempt is repeated. Tests wait for nothing. */
export interface Backoff {
  /** Times that one request or one stuck upload is tried in all. */
  attempts: number;
  /** Resolves when attempt number `failed` + 1 may start; `failed` counts from 1. `atLeastMs` is the server's wish. */
  wait(failed: number, signal: AbortSignal | undefined, atLeastMs?: number): Promise<void>;
}

/** 0.2 s, doubled each time up to 8 s, with full jitter so that parallel jobs do not come back together. */
export const jitteredBackoff: Backoff = {
  attempts: 6,
  async wait(failed, signal, atLeastMs = 0) {
    const longest = Math.min(8000, 200 * 2 ** failed);
    await delay(Math.max(Math.min(atLeastMs, 60_000), Math.random() * longest), undefined, signal && { signal });
  },
};

/** Statuses after which the same request may succeed. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3) as milliseconds; dates are not used by registries. */
export function retryAfterMs(value: string | undefined): number {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) * 1000 : 0;
}
