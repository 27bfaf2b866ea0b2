import type { JsonObject } from '../../core/json.ts';
import { revisionNumber } from './next-revision.ts';
import { contentOrigin, isVerified, rollbackCandidates } from './rollback.ts';

/** How many rollbacks in a row must find their target still active. */
const ROLLBACKS = 2;

/** Something that runs a job definition: a schedule, a rule, a job that has not ended. */
export interface DefinitionUse {
  /** The revision; undefined when it goes by the name, and so to the newest. */
  revision: number | undefined;
  /** In the words of the report: `schedule nightly`, `job crawl-17 (RUNNING) in queue spot`. */
  by: string;
}

export interface PruneRequest {
  /** All that AWS still knows: what INACTIVE ones say about rejected contents counts. */
  revisions: readonly JsonObject[];
  /** How many of the newest stay. */
  keep: number;
  uses: readonly DefinitionUse[];
  /** What could not be read, and so counts as using every revision. */
  unreadable: readonly string[];
}

export interface PruneDecision {
  revision: number;
  described: JsonObject;
  /** Why it stays; empty: it can go. */
  reasons: readonly string[];
}

/** Says of each ACTIVE revision, the newest first, whether it stays and why. */
export function planPrune({ revisions, keep, uses, unreadable }: PruneRequest): PruneDecision[] {
  const active = revisions.filter(isActive).toSorted((a, b) => revisionNumber(b) - revisionNumber(a));
  const needed = neededByRollbacks(active, revisions);
  return active.map((described, index) => {
    const revision = revisionNumber(described);
    const used = uses.filter((use) => use.revision === revision || (use.revision === undefined && index === 0));
    return {
      revision,
      described,
      reasons: [
        ...(index === 0 ? ['the newest'] : index < keep ? [`one of the newest ${keep}`] : []),
        ...(needed.has(revision) ? ['verified: a rollback would go there'] : []),
        ...used.map(({ by }) => `used by ${by}`),
        ...unreadable.map((what) => `${what} could not be read and may use it`),
      ],
    };
  });
}

/**
 * Where rollbacks from the newest revision would go, and where one would go from the release after it: to what the newest
 * runs, when only an older revision with the same content was verified.
 */
function neededByRollbacks([newest, ...older]: readonly JsonObject[], revisions: readonly JsonObject[]): Set<number> {
  if (!newest) return new Set();
  const targets = rollbackCandidates(newest, revisions).filter(isActive).slice(0, ROLLBACKS);
  const proof = isVerified(newest) ? undefined : contentOrigin(newest, older);
  return new Set([...targets, ...(proof && isVerified(proof) ? [proof] : [])].map(revisionNumber));
}

function isActive({ status }: JsonObject): boolean {
  return status === 'ACTIVE';
}
