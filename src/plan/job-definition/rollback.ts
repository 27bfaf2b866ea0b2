import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { definitionHash } from './canonical.ts';
import { diffDefinitions } from './diff.ts';
import { newestRevision, revisionNumber } from './next-revision.ts';
import { ourTag } from './our-tags.ts';

export interface RollbackPlan {
  /** What runs now, and is to be left. */
  current: JsonObject;
  /** What is registered anew, as the next revision. */
  target: JsonObject;
  /** From the current to the target. */
  diff: readonly string[];
}

export function isVerified(described: JsonObject): boolean {
  return ourTag(described, 'verified') !== undefined;
}

export function isRejected(described: JsonObject): boolean {
  return ourTag(described, 'rejected') !== undefined;
}

/**
 * The revisions that a rollback may go to, the best first: verified, older than the current one and different from it, and
 * with a content that no rollback has left before. INACTIVE ones count: they are registered anew, not brought back.
 * @param revisions all that AWS still knows, ACTIVE and INACTIVE
 */
export function rollbackCandidates(current: JsonObject, revisions: readonly JsonObject[]): JsonObject[] {
  const left = new Set([current, ...revisions.filter(isRejected)].map(definitionHash));
  return revisions
    .filter((described) => revisionNumber(described) < revisionNumber(current) && isVerified(described))
    .filter((described) => !left.has(definitionHash(described)))
    .toSorted((a, b) => revisionNumber(b) - revisionNumber(a));
}

/**
 * Decides where a rollback goes. Throws (exit code 5) when there is nothing to go back to; a revision that is named is
 * taken although it was never verified, because somebody has decided it.
 */
export function planRollback(
  name: string,
  revisions: readonly JsonObject[],
  toRevision: number | undefined,
): RollbackPlan {
  const current = newestRevision(revisions.filter(({ status }) => status === 'ACTIVE'));
  if (!current) throw nothingToGoBackTo(`there is no active revision of ${name}`, 'Check the name and the region.');
  const target =
    toRevision === undefined ? rollbackCandidates(current, revisions)[0] : named(name, revisions, toRevision);
  if (!target) {
    throw nothingToGoBackTo(
      `no revision of ${name} before ${revisionNumber(current)} was verified and is different`,
      'Name one with to_revision. Revisions are verified by a job that succeeded (mark_verified, smoke_test).',
    );
  }
  return { current, target, diff: diffDefinitions(current, target) };
}

function named(name: string, revisions: readonly JsonObject[], wanted: number): JsonObject {
  const found = revisions.find((described) => revisionNumber(described) === wanted);
  if (found) return found;
  const known = revisions.map(revisionNumber).toSorted((a, b) => b - a);
  throw nothingToGoBackTo(
    `there is no revision ${wanted} of ${name}`,
    `AWS knows ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' and older ones' : ''}; inactive ones are forgotten after 180 days.`,
  );
}

function nothingToGoBackTo(title: string, hint: string): DeployError {
  return new DeployError({
    code: 'batch.nothing_to_roll_back_to',
    title,
    hints: [hint, 'Nothing was changed.'],
    exitCode: EXIT.notFound,
  });
}
