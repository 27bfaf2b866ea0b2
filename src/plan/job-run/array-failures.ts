/** A child of an array that failed. */
export interface FailedChild {
  index: number;
  jobId: string;
  exitCode: number | undefined;
  reason: string | undefined;
}

/** One line per way of failing, the most frequent first: `exit code 3, Essential container in task exited: 2, 7-9`. */
export function failuresText(children: readonly FailedChild[]): string[] {
  const groups = new Map<string, number[]>();
  for (const { index, exitCode, reason } of children) {
    const parts = [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason].filter((part) => part);
    const how = parts.join(', ') || 'no reason given';
    groups.set(how, [...(groups.get(how) ?? []), index]);
  }
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([how, indexes]) => `${how}: ${indexRanges(indexes)}`);
}

/** How many ranges are told before only the rest is counted. */
const MOST_RANGES = 12;

/** `0, 2, 5-9`; a long list ends with how many more there are. */
export function indexRanges(indexes: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && index === last.to + 1) last.to = index;
    else ranges.push({ from: index, to: index });
  }
  const shown = ranges.slice(0, MOST_RANGES).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  const rest = ranges.slice(MOST_RANGES).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
