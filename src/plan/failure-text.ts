/** What AWS says about failures, and what helps. */
export type Advice = readonly (readonly [RegExp, string])[];

export const PULL_ADVICE =
  'The image could not be pulled: check that it exists, that the execution role may read it, and that the subnet reaches the registry.';

/** The advice on what was said, each once. */
export function adviceOn(said: readonly (string | undefined)[], advice: Advice): string[] {
  return advice.filter(([pattern]) => said.some((text) => pattern.test(text ?? ''))).map(([, hint]) => hint);
}

/** Last lines of an output, as an error has them; nothing when there are none. @param what wrote them, or where */
export function lastLinesOf(what: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`Last lines of ${what}:`, ...lines.map((line) => `  | ${line}`)];
}
