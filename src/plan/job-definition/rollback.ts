import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { definitionHash } from './canonical.ts';
import { carryForward } from './carry-forward.ts';
import { diffDefinitions } from './diff.ts';
import { newestRevision, revisionNumber } from './next-revision.ts';
import { newTag, ourTag, ourTags } from './our-tags.ts';

export interface RollbackPlan {
  /** What runs now, and is to be left. */
  current: JsonObject;
  /** What is registered anew, as the next revision. */
  target: JsonObject;
  /** From the current to the target; empty when what is named runs already. */
  diff: readonly string[];
}

/** What a revision says about the rollback that made it. */
export interface RollbackOrigin {
  /** The revision that was left. */
  from: number;
  /** Which run made it; a laptop has none. */
  key: string | undefined;
}

export function isVerified(described: JsonObject): boolean {
  return ourTag(described, 'verified') !== undefined;
}

/** Left by a rollback, and not verified since. */
export function isRejected(described: JsonObject): boolean {
  const [rejected, verified] = ['rejected', 'verified'].map((name) => ourTag(described, name));
  if (rejected === undefined) return false;
  return verified === undefined || !(Date.parse(verified) > Date.parse(rejected));
}

/** Undefined for a revision that no rollback has made. */
export function rollbackOrigin(described: JsonObject): RollbackOrigin | undefined {
  const from = numberTag(described, 'rolled-back-from');
  return from === undefined ? undefined : { from, key: ourTag(described, 'rollback-key') };
}

function numberTag(described: JsonObject, name: string): number | undefined {
  const value = ourTag(described, name) ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The revision whose content this one has: before it, the verified ones first and of those the newest. */
export function contentOrigin(described: JsonObject, revisions: readonly JsonObject[]): JsonObject | undefined {
  const hash = definitionHash(described);
  const same = revisions
    .filter((other) => revisionNumber(other) < revisionNumber(described) && definitionHash(other) === hash)
    .toSorted((a, b) => revisionNumber(b) - revisionNumber(a));
  return same.find(isVerified) ?? same[0];
}

/** What a rollback knows that its target does not say. */
export interface RollbackFacts {
  /** Of this job; without one the revision keeps that of the one that is left, so that no release takes it for an older one. */
  pipelineNumber: number | undefined;
  key: string | undefined;
  imageDigest: string | undefined;
  scriptSha256: string | undefined;
}

/** The target as it is to be registered anew, with the tags by which later runs know what it is. */
export function restoredDefinition({ current, target }: RollbackPlan, facts: RollbackFacts): JsonObject {
  const content = carryForward(target);
  const { pipelineNumber = numberTag(current, 'pipeline'), key, ...artifacts } = facts;
  return {
    ...content,
    tags: {
      ...(content['tags'] as JsonObject | undefined),
      ...ourTags({ ...artifacts, gitSha: ourTag(target, 'git-sha'), pipelineNumber }, definitionHash(target)),
      ...newTag('rolled-back-from', String(revisionNumber(current))),
      ...(key === undefined ? {} : newTag('rollback-key', key)),
    },
  };
}

/**
 * The revisions that a rollback may go to, the best first: verified, older than the current one and different from it, and
 * with a content that no rollback has left since: what failed for want of a free machine, and was proven when it was
 * released again, is good. INACTIVE ones count: they are registered anew, not brought back.
 * @param revisions all that AWS still knows, ACTIVE and INACTIVE
 */
export function rollbackCandidates(current: JsonObject, revisions: readonly JsonObject[]): JsonObject[] {
  const left = [current, ...revisions.filter(isRejected)].map((each) => ({
    number: revisionNumber(each),
    hash: definitionHash(each),
  }));
  const wasLeft = (described: JsonObject): boolean => {
    const [number, hash] = [revisionNumber(described), definitionHash(described)];
    return left.some((each) => each.hash === hash && each.number >= number);
  };
  return revisions
    .filter((described) => revisionNumber(described) < revisionNumber(current) && isVerified(described))
    .filter((described) => !wasLeft(described))
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
