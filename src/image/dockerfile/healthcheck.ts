import { dockerfileError } from './error.ts';
import type { HealthcheckInstruction } from './instruction.ts';
import { commandForm, flagValue, type Statement } from './statement.ts';

const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** `HEALTHCHECK NONE`, or flags and `CMD` with a command in either form. */
export function parseHealthcheck(statement: Statement): HealthcheckInstruction {
  const [, type = '', text = ''] = /^(\S+)\s*([^]*)$/.exec(statement.rest) ?? [];
  const kind = type.toUpperCase();
  if (kind === 'NONE') {
    if (text !== '' || statement.flags.length > 0)
      throw dockerfileError(statement, 'HEALTHCHECK NONE takes nothing else');
    return { kind: 'healthcheck', command: undefined, intervals: {} };
  }
  if (kind !== 'CMD' || text === '') {
    throw dockerfileError(statement, 'HEALTHCHECK is written as: HEALTHCHECK [flags] CMD command, or HEALTHCHECK NONE');
  }
  const intervals: HealthcheckInstruction['intervals'] = {};
  const duration = (flag: string, field: 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval'): void => {
    const value = flagValue(statement, flag);
    if (value === undefined) return;
    const nanoseconds = parseGoDuration(value);
    // A millisecond is the least that Docker accepts; zero means its default.
    if (nanoseconds === undefined || (nanoseconds !== 0 && nanoseconds < 1e6)) {
      throw dockerfileError(statement, `--${flag}=${value} is not a duration such as 30s or 1m30s, at least 1ms`);
    }
    if (nanoseconds !== 0) intervals[field] = nanoseconds;
  };
  duration('interval', 'Interval');
  duration('timeout', 'Timeout');
  duration('start-period', 'StartPeriod');
  duration('start-interval', 'StartInterval');
  const retries = flagValue(statement, 'retries');
  if (retries !== undefined) {
    if (!/^\d{1,9}$/.test(retries)) throw dockerfileError(statement, `--retries=${retries} is not a number`);
    if (Number(retries) > 0) intervals.Retries = Number(retries);
  }
  return { kind: 'healthcheck', command: commandForm(statement, text), intervals };
}

/** A duration as Go writes it (`1h30m`, `1.5s`), in nanoseconds; undefined when it is none. */
function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(number) * (NANOSECONDS[unit] ?? 0);
  }
  return Math.round(sum);
}
