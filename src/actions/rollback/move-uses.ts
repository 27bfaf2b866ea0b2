import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import type { Change } from '../../core/result.ts';
import { revisionArn, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import { isRejected } from '../../plan/job-definition/rollback.ts';
import type { ActionContext } from '../context.ts';
import { findUses, repoint, type ScheduledUse } from '../schedule/uses.ts';

export interface MovedUses {
  /** `schedule nightly` */
  moved: readonly string[];
  changes: readonly Change[];
  failed: readonly { by: string; error: DeployError }[];
}

/** The schedules and rules that are pinned to what is left now, or was left before. What can't be read is warned about. */
export async function usesToMove(
  name: string,
  revisions: readonly JsonObject[],
  left: JsonObject | undefined,
  session: AwsSession,
  progress: Progress,
): Promise<ScheduledUse[]> {
  const leaving = new Set([...revisions.filter(isRejected), ...(left ? [left] : [])].map(revisionNumber));
  const { uses, unreadable } = await findUses(session, name);
  for (const what of unreadable) {
    progress.warn(`${what} could not be read: if it runs what is left, it still does after this`);
  }
  return uses.filter(({ revision }) => revision !== undefined && leaving.has(revision));
}

/** Moves them to a revision that is there, each one proven; one that fails does not keep the others from being moved. */
export async function moveUses(
  uses: readonly ScheduledUse[],
  made: JsonObject,
  { name, dryRun }: { name: string; dryRun: boolean },
  session: AwsSession,
  context: ActionContext,
): Promise<MovedUses> {
  const to = { name, reference: revisionArn(made), described: made };
  const results = await repoint(uses, to, session, context, { dryRun });
  const done = results.flatMap((result) => ('outcome' in result ? [result] : []));
  return {
    moved: done.map(({ use }) => use.by),
    changes: done.map(({ outcome }) => outcome.change),
    failed: results.flatMap((result) => ('error' in result ? [{ by: result.use.by, error: result.error }] : [])),
  };
}
