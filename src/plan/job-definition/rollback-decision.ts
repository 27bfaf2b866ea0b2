import type { JsonObject } from '../../core/json.ts';
import { definitionHash } from './canonical.ts';
import { newestRevision, revisionNumber } from './next-revision.ts';
import { planRollback, rollbackOrigin, type RollbackPlan } from './rollback.ts';

export interface RollbackWish {
  name: string;
  /** Undefined: the newest that was verified, not rejected, and is different. */
  toRevision: number | undefined;
  /** The revision that is to be left; undefined: whatever runs. */
  leaving: number | undefined;
  /** The same key is the same rollback. */
  key: string | undefined;
}

export type RollbackDecision =
  /** The newest revision is what is asked for: this rollback has made it before, or it says what the named one says. */
  | { kind: 'made'; made: JsonObject; bySameKey: boolean }
  /** Something else was released since. */
  | { kind: 'superseded'; newest: JsonObject }
  | { kind: 'plan'; plan: RollbackPlan };

/**
 * What a rollback has to do, so that one which is run again ends where it began to go instead of going further back.
 * Throws as planRollback.
 * @param revisions all that AWS still knows, ACTIVE and INACTIVE
 */
export function decideRollback(
  { name, toRevision, leaving, key }: RollbackWish,
  revisions: readonly JsonObject[],
): RollbackDecision {
  const active = revisions.filter(({ status }) => status === 'ACTIVE');
  const newest = newestRevision(active);
  const own =
    key === undefined ? undefined : newestRevision(active.filter((each) => rollbackOrigin(each)?.key === key));
  if (newest && own && saysTheSame(own, toRevision, revisions)) {
    if (own === newest) return { kind: 'made', made: own, bySameKey: true };
    if (leaving === undefined || leaving < revisionNumber(own)) return { kind: 'superseded', newest };
  }
  if (newest && leaving !== undefined && revisionNumber(newest) !== leaving) return { kind: 'superseded', newest };
  const plan = planRollback(name, revisions, toRevision);
  if (plan.diff.length === 0) return { kind: 'made', made: plan.current, bySameKey: false };
  return { kind: 'plan', plan };
}

/** Whether a revision has the content of the named one; where none is named, any will do. */
function saysTheSame(own: JsonObject, wanted: number | undefined, revisions: readonly JsonObject[]): boolean {
  if (wanted === undefined) return true;
  const named = revisions.find((described) => revisionNumber(described) === wanted);
  return named !== undefined && definitionHash(named) === definitionHash(own);
}
