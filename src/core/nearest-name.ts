/** Comparing takes time with the square of the length, and nobody has that many names, nor such long ones. */
const LONGEST = 100;
const MOST = 2000;

/**
 * The candidate that a misspelt name most likely means; undefined when none is near, or when nothing of the name would be
 * left. Case counts for nothing. Names of more than 100 characters mean nothing, nor do any among more than 2000 candidates.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > LONGEST || candidates.length > MOST) return undefined;
  let limit = Math.max(1, Math.round(name.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    const most = Math.min(limit, Math.max(name.length, candidate.length) - 1);
    if (Math.abs(name.length - candidate.length) > most) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), most);
    if (distance > most) continue;
    best = candidate;
    limit = distance - 1;
  }
  return best;
}

/** Levenshtein's distance with swapped neighbours as one step, or anything above `most` if it is more than that. */
function editDistance(a: string, b: string, most: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  let previousLeast = 0;
  for (let row = 0; row < a.length; row++) {
    const current = [row + 1];
    let least = row + 1;
    for (let column = 1; column <= b.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (a[row] === b[column - 1] ? 0 : 1);
      const isSwap = column > 1 && row > 0 && a[row] === b[column - 2] && a[row - 1] === b[column - 1];
      const swapped = isSwap ? (beforePrevious[column - 2] ?? 0) + 1 : Infinity;
      const distance = Math.min(substituted, swapped, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (Math.min(least, previousLeast) > most) return least;
    [beforePrevious, previous, previousLeast] = [previous, current, least];
  }
  return previous.at(-1) ?? 0;
}
