import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import type { Change } from '../../core/result.ts';
import { revisionArn, revisionNumber } from '../../plan/job-definition/next-revision.ts';
import { ourTag } from '../../plan/job-definition/our-tags.ts';
import { decideRollback } from '../../plan/job-definition/rollback-decision.ts';
import {
  contentOrigin,
  isRejected,
  isVerified,
  rollbackOrigin,
  type RollbackPlan,
} from '../../plan/job-definition/rollback.ts';
import { shellWords } from '../../plan/job-run/follow-up-commands.ts';
import type { ActionContext } from '../context.ts';
import { moveUses, usesToMove, type MovedUses } from './move-uses.ts';
import { letNewerStand, restore, superseded } from './restore.ts';
import { checkStillThere } from './still-there.ts';

export interface RollbackRequest {
  name: string;
  /** Undefined: the newest that was verified, not rejected, and is different. */
  toRevision?: number | undefined;
  /** The revision that is to be left: when another one is the newest by now, the rollback is superseded. Undefined: any. */
  leaving?: number | undefined;
  /** Moves the schedules and rules that are pinned to what is left. */
  repoint: boolean;
  dryRun: boolean;
  /** The same key is the same rollback: the revision that it made is found again, and it goes on from there. */
  key: string | undefined;
}

export interface RolledBack {
  status: 'changed' | 'unchanged' | 'planned';
  changes: readonly Change[];
  /** The revision that has the content now; undefined in a dry run that would make one. */
  arn: string | undefined;
  revision: number | undefined;
  /** The revision whose content it has. */
  restored: number | undefined;
  /** The revision that was left. */
  rejected: number | undefined;
  /** Schedules and rules that were moved: `schedule nightly`. */
  repointed: readonly string[];
  /** The revision is there, but not everything that was to run it does. */
  failure?: DeployError;
}

/**
 * Goes back by registering an older content as the next revision. What is left is tagged as rejected before anything else
 * changes: killed at any point, the next run knows that, and with the same key also the revision that was made.
 */
export async function rollBack(
  request: RollbackRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<RolledBack> {
  const { name, dryRun } = request;
  const { progress } = context;
  const batch = await session.batch();
  const revisions = await batch.allRevisions(name);
  const wish = { name, toRevision: request.toRevision, leaving: request.leaving, key: request.key };
  const decision = decideRollback(wish, revisions);
  if (decision.kind === 'superseded') throw superseded(decision.newest, 'nothing was changed, because by now there is');
  if (decision.kind === 'made') {
    const { made, bySameKey } = decision;
    const left = rollbackOrigin(made)?.from;
    progress.info(alreadyText(made, bySameKey));
    const active = revisions.filter(({ status }) => status === 'ACTIVE');
    if (bySameKey && left !== undefined && !dryRun) await letNewerStand(made, left, active, batch, context);
    const uses = request.repoint ? await usesToMove(name, revisions, undefined, session, progress) : [];
    const moved = await moveUses(uses, made, { name, dryRun }, session, context);
    const restored = contentOrigin(made, revisions) ?? made;
    const change: Change = { resource: revisionArn(made), kind: 'unchanged' };
    return rolledBack(made, change, { restored, rejected: left }, moved, dryRun, session);
  }
  const { plan } = decision;
  sayPlan(plan, revisions, request, progress);
  await checkStillThere(plan.target, session, progress);
  const uses = request.repoint ? await usesToMove(name, revisions, plan.current, session, progress) : [];
  const origin = { restored: plan.target, rejected: revisionNumber(plan.current) };
  if (dryRun) {
    for (const { by } of uses) progress.info(`Would move ${by} to the new revision`);
    const change: Change = { resource: revisionArn(plan.current), kind: 'updated', diff: plan.diff };
    const moved = { moved: uses.map(({ by }) => by), changes: [], failed: [] };
    return { ...rolledBack(plan.current, change, origin, moved, dryRun, session), arn: undefined, revision: undefined };
  }
  const made = await restore(plan, { name, key: request.key }, batch, context);
  const moved = await moveUses(uses, made, { name, dryRun }, session, context);
  return rolledBack(
    made,
    { resource: revisionArn(made), kind: 'updated', diff: plan.diff },
    origin,
    moved,
    dryRun,
    session,
  );
}

function rolledBack(
  made: JsonObject,
  change: Change,
  { restored, rejected }: { restored: JsonObject; rejected: number | undefined },
  moved: MovedUses,
  dryRun: boolean,
  session: AwsSession,
): RolledBack {
  const changes = [change, ...moved.changes];
  const isChanged = changes.some(({ kind }) => kind !== 'unchanged');
  return {
    status: dryRun ? 'planned' : isChanged ? 'changed' : 'unchanged',
    changes,
    arn: revisionArn(made),
    revision: revisionNumber(made),
    restored: revisionNumber(restored),
    rejected,
    repointed: moved.moved,
    ...(moved.failed.length === 0 ? {} : { failure: incomplete(made, moved, session) }),
  };
}

function alreadyText(made: JsonObject, bySameKey: boolean): string {
  const revision = `revision ${revisionNumber(made)}`;
  return bySameKey
    ? `This job has rolled back before: ${revision} was made by it; going on from there`
    : `The newest, ${revision}, says already what is asked for`;
}

function sayPlan(
  plan: RollbackPlan,
  revisions: readonly JsonObject[],
  { name, toRevision, dryRun }: RollbackRequest,
  progress: Progress,
): void {
  const [current, target] = [revisionNumber(plan.current), revisionNumber(plan.target)];
  const origin = rollbackOrigin(plan.current);
  if (origin) {
    const left = revisions.find((described) => revisionNumber(described) === origin.from);
    const when = left && ourTag(left, 'rejected');
    progress.warn(
      `Revision ${current} was itself made by a rollback, from ${origin.from}${when ? ` at ${when}` : ''}; this one goes ` +
        `further back. To finish that one instead: to_revision ${current}`,
    );
  }
  const verified = ourTag(plan.target, 'verified');
  const proof = verified === undefined ? '' : `, verified ${verified}`;
  progress.step(`${dryRun ? 'Would roll' : 'Rolling'} ${name} back from revision ${current} to ${target}${proof}`);
  for (const line of plan.diff) progress.info(`  ${line}`);
  if (toRevision !== undefined && !isVerified(plan.target)) {
    progress.warn(`Revision ${target} was never verified; it is taken because it is named`);
  }
  if (isRejected(plan.target)) {
    progress.warn(`Revision ${target} was left by a rollback before; it is taken because it is named`);
  }
}

/** The job is back, but something still runs what was left. */
function incomplete(made: JsonObject, { moved, failed }: MovedUses, { region }: AwsSession): DeployError {
  const [name, revision] = [String(made['jobDefinitionName']), revisionNumber(made)];
  const command = shellWords([
    ...['aws-deploy', 'rollback-job-definition', '--job-definition-name', name],
    ...['--to-revision', String(revision), '--region', region],
  ]);
  const done = [`revision ${revision} is registered`, ...moved.map((by) => `${by} runs it`)];
  return new DeployError({
    code: 'batch.rollback_incomplete',
    title: `${name} is rolled back, but ${failed.map(({ by }) => by).join(', ')} still ${failed.length > 1 ? 'run' : 'runs'} what was left`,
    message: [
      ...done.map((what) => `done: ${what}`),
      ...failed.map(({ by, error }) => `not done: ${by}: ${[error.title, error.message].join('\n  ')}`),
    ].join('\n'),
    hints: [...new Set(failed.flatMap(({ error }) => error.hints)), `When that is repaired, finish it: ${command}`],
    exitCode: EXIT.failedNotRolledBack,
  });
}
