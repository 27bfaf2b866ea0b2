import type { JsonObject } from '../../core/json.ts';
import { revisionArn, revisionNumber } from '../job-definition/next-revision.ts';
import { hasOurTags, ourTag } from '../job-definition/our-tags.ts';
import { contentOrigin, isRejected, rollbackCandidates, rollbackOrigin } from '../job-definition/rollback.ts';
import type { ContainerStatus, JobStatus, RevisionStatus } from './job-status.ts';

/**
 * What a revision says about itself.
 * @param revisions all that AWS still knows
 */
export function revisionStatus(
  described: JsonObject,
  revisions: readonly JsonObject[],
  containers: readonly ContainerStatus[],
): RevisionStatus {
  const origin = rollbackOrigin(described);
  const source = origin && contentOrigin(described, revisions);
  return {
    revision: revisionNumber(described),
    arn: revisionArn(described),
    verifiedAt: ourTag(described, 'verified') ?? null,
    rejectedAt: ourTag(described, 'rejected') ?? null,
    rolledBackFrom: origin?.from ?? null,
    restored: source ? { revision: revisionNumber(source), verifiedAt: ourTag(source, 'verified') ?? null } : null,
    byUs: hasOurTags(described),
    gitSha: ourTag(described, 'git-sha') ?? null,
    pipeline: ourTag(described, 'pipeline') ?? null,
    containers,
  };
}

/** Where a rollback from the newest revision would go. */
export function rollbackStatus(newest: JsonObject, revisions: readonly JsonObject[]): JobStatus['rollback'] {
  const [target] = rollbackCandidates(newest, revisions);
  return target ? { revision: revisionNumber(target), verifiedAt: ourTag(target, 'verified') ?? '' } : null;
}

/** Why a revision that a schedule is pinned to can not run, or should not; null when it can. */
export function pinProblem(revision: number | null, revisions: readonly JsonObject[]): string | null {
  if (revision === null) return null;
  const pinned = revisions.find((described) => revisionNumber(described) === revision);
  if (!pinned) return `there is no revision ${revision}: no job can start`;
  if (pinned['status'] !== 'ACTIVE') return `revision ${revision} is ${String(pinned['status'])}: no job can start`;
  return isRejected(pinned) ? `revision ${revision} was rejected by a rollback` : null;
}
