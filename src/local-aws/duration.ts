import type { JsonValue } from '../core/json.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a number from 0, or of text with a unit: `500ms`, `90s`, `15m`, `24h`, `2d`. Undefined for anything else. */
export function durationMs(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined;
  const match = typeof value === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(value) : null;
  return match === null ? undefined : Number(match[1]) * UNIT_MS[match[2]!]!;
}
