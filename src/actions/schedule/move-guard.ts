import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { newestRevision, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import { ourTag } from '../../plan/job-definition/our-tags.ts';
import { isSameDefinition, parseDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import { whySuperseded, type RevisionAge } from '../../plan/schedule/move.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';

export interface Move {
  /** What is to be moved, as users know it: `schedule nightly`. */
  label: string;
  /** What it submits now. */
  current: JsonValue | undefined;
  to: ScheduledDefinition;
  /** A rollback may go back, and so may who asks for it. */
  allowOlder: boolean;
}

/**
 * Lets something be moved to another revision, or throws (exit code 11) when that would be a step back: a pipeline that
 * comes late must not undo what a newer one has scheduled.
 */
export async function guardMove(
  { label, current, to, allowOlder }: Move,
  session: AwsSession,
  progress: Progress,
): Promise<void> {
  const from = parseDefinitionReference(current);
  if (!from || isSameDefinition(current, to.reference)) return;
  if (from.name !== to.name) {
    progress.warn(`${label} submits another job definition now: ${from.name}`);
    return;
  }
  if (allowOlder) return;
  const batch = await session.batch();
  const described =
    from.revision === undefined
      ? newestRevision(await batch.activeRevisions(from.name))
      : await batch.revision(from.name, from.revision);
  const revision = from.revision ?? (described && revisionNumber(described));
  if (revision === undefined) return;
  const reason = whySuperseded(ageOf(described, revision), ageOf(to.described, revisionNumber(to.described)));
  if (reason === undefined) return;
  throw superseded(label, current, reason);
}

/** @param reason as `whySuperseded` gives it */
export function superseded(label: string, current: JsonValue | undefined, reason: string): DeployError {
  return new DeployError({
    code: 'schedule.superseded',
    title: `superseded: ${label} stays as it is`,
    message: `${label} has ${String(current)}: ${reason}.`,
    hints: ['To go back on purpose, set allow_older, or roll back. The schedule or rule was not changed.'],
    exitCode: EXIT.superseded,
  });
}

function ageOf(described: JsonObject | undefined, revision: number): RevisionAge {
  const tag = described && ourTag(described, 'pipeline');
  return { revision, pipeline: tag === undefined ? undefined : Number(tag) };
}
