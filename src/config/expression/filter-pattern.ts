import type { Report } from '../problem.ts';
import type { Place } from '../source.ts';
import { invalidPattern, literalLooksLikePattern, patternPerhapsTooLong, patternTooLong } from './condition-texts.ts';
import { InvalidPattern, Pattern, type Meter } from './pattern.ts';
import { longestPattern } from './tokens.ts';

/** Where users saw CircleCI's compiler refuse longer ones. */
const surelyAccepted = 128;

/**
 * What an entry under `only` or `ignore` of a filter means: `/v[0-9]+/` is a pattern that the whole name has to match, any
 * other text is the name itself.
 * @returns undefined when the pattern is wrong, which is reported
 */
export function filterPattern(
  text: string,
  at: Place,
  report: Report,
  meter?: Meter,
): ((name: string) => boolean) | undefined {
  if (text.length < 2 || !text.startsWith('/') || !text.endsWith('/')) {
    if (isNoRefName(text)) report.warning(literalLooksLikePattern(text), at);
    return (name) => name === text;
  }
  const pattern = readPattern(text.slice(1, -1), at, report, meter);
  return pattern && ((name) => pattern.matches(name, meter));
}

/** A pattern that is written without slashes, as in `matches` statements. Undefined when it is wrong, which is reported. */
export function readPattern(source: string, at: Place, report: Report, meter?: Meter): Pattern | undefined {
  if (source.length > longestPattern) {
    report.error(patternTooLong(source), at);
    return undefined;
  }
  if (source.length > surelyAccepted) report.warning(patternPerhapsTooLong(source), at);
  try {
    return new Pattern(source, meter);
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    report.error(invalidPattern(error), at);
    return undefined;
  }
}

/** Characters that git allows in no name (git check-ref-format), and that patterns are full of. */
function isNoRefName(text: string): boolean {
  return text.length <= longestPattern && /[\\^*?[]|\.\./.test(text);
}
