const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Whether the IANA database has a zone of this name, spelled like this: `Europe/Berlin`, not `europe/berlin`.
 * An offset like `+01:00` is none.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    // An alias comes back under its other name; of that, the spelling can't be checked.
    return known.toLowerCase() !== name.toLowerCase() || known === name;
  } catch {
    return false;
  }
}

/**
 * What the clocks in a zone show, as milliseconds since 1970-01-01T00:00 of those clocks.
 * `instant` is in milliseconds since the epoch.
 */
export function wallTime(instant: number, zone: string): number {
  if (zone === 'UTC') return instant;
  const shown: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year, month, day, hour, minute, second } = shown;
  const milliseconds = ((instant % 1000) + 1000) % 1000;
  return Date.UTC(year!, month! - 1, day, hour, minute, second, milliseconds);
}

/**
 * When the clocks in a zone show that time, the earliest first: once as a rule, never in the hour that spring leaves out,
 * twice in the hour that autumn repeats.
 */
export function instantsOf(wall: number, zone: string): number[] {
  if (zone === 'UTC') return [wall];
  const offsets = new Set([wall - DAY_MS, wall + DAY_MS].map((near) => wallTime(near, zone) - near));
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallTime(instant, zone) === wall)
    .toSorted((a, b) => a - b);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const numeric = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formats.set(zone, format);
  return format;
}
