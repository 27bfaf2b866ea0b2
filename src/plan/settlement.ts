/** What became of a revision that this run registered, while others may have registered theirs. */
export type Settlement<R> =
  | { kind: 'stands' }
  /** To be released once more, from this revision on: it has changes that ours lacks, or an older pipeline put it over ours. */
  | { kind: 'again'; from: R }
  /** A newer pipeline had released this one meanwhile, and ours lies over it: it has to be the newest again. */
  | { kind: 'give-way'; to: R }
  | { kind: 'superseded'; newest: R };

export interface SettleRequest<R> {
  /** Number of the revision that this run registered. */
  ours: number;
  /** Number of the newest revision that it knew of when it decided. */
  above: number;
  /** It was carried forward from that one; otherwise a file is the whole truth. */
  carried: boolean;
  /** The ACTIVE revisions as they are now; those up to `above` may be missing. */
  active: readonly R[];
  allowOlder: boolean;
}

/** How a kind of revision is read. */
export interface RevisionReading<R> {
  number(revision: R): number;
  /** NaN, which is neither older nor newer than anything, for a revision that no pipeline registered. */
  pipeline(revision: R | undefined): number;
  same(one: R, other: R): boolean;
}

/** Of two pipelines that release at the same time, the newer one has the last word, whichever of them was faster. */
export function settleRevisions<R>(
  { ours, above, carried, active, allowOlder }: SettleRequest<R>,
  { number, pipeline, same }: RevisionReading<R>,
): Settlement<R> {
  const newestOf = (revisions: readonly R[]): R | undefined => revisions.toSorted((a, b) => number(b) - number(a))[0];
  const newest = newestOf(active);
  const own = active.find((revision) => number(revision) === ours);
  if (newest !== undefined && number(newest) > ours && !(own !== undefined && same(own, newest))) {
    return pipeline(newest) < pipeline(own) ? { kind: 'again', from: newest } : { kind: 'superseded', newest };
  }
  const between = active.filter((other) => number(other) > above && number(other) < ours);
  const newer = newestOf(between.filter((other) => pipeline(other) > pipeline(own)));
  if (newer !== undefined && !allowOlder) return { kind: 'give-way', to: newer };
  const missed = newestOf(between);
  return missed !== undefined && carried ? { kind: 'again', from: missed } : { kind: 'stands' };
}
