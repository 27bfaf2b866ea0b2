import type { AwsSession } from '../../aws/session.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { revisionArn } from '../../plan/job-definition/next-revision.ts';
import { planPrune, type PruneDecision } from '../../plan/job-definition/prune.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { noActiveRevision } from '../job-definition/not-found.ts';
import type { PruneInputs, PruneOutputs } from '../prune-job-definitions.ts';
import { allUses } from './all-uses.ts';

/** The work of prune-job-definitions. */
export async function pruneFromInputs(inputs: PruneInputs, context: ActionContext): Promise<Outcome<PruneOutputs>> {
  const { jobDefinitionName: name, dryRun } = inputs;
  const { progress } = context;
  const session = await context.openSession(inputs);
  const revisions = await (await session.batch()).allRevisions(name);
  if (!revisions.some(({ status }) => status === 'ACTIVE')) throw noActiveRevision(name, session);
  const decisions = await decide(inputs, revisions, session, progress);
  const leaving = decisions.filter(canGo);
  for (const decision of decisions) progress.info(decisionText(decision, dryRun));
  if (leaving.length === 0) progress.info('Nothing to deregister');
  // The oldest first: what is left after an interruption is what a run that keeps more would have left.
  const removed = leaving.toReversed();
  if (!dryRun) await deregister(removed, session, progress);
  return {
    component: name,
    status: dryRun ? 'planned' : leaving.length > 0 ? 'changed' : 'unchanged',
    changes: removed.map(({ described }) => ({
      resource: revisionArn(described),
      kind: 'updated',
      diff: ['- status: "ACTIVE"', '+ status: "INACTIVE"'],
    })),
    outputs: {
      deregistered: removed.map(({ revision }) => String(revision)),
      kept: decisions.filter((decision) => !canGo(decision)).map(({ revision }) => String(revision)),
    },
  };
}

/**
 * Decides, and then looks for uses once more when something is to go: while the first look went from queue to queue, a
 * job may have started, or a schedule may have been moved.
 */
async function decide(
  { jobDefinitionName: name, keep }: PruneInputs,
  revisions: readonly JsonObject[],
  session: AwsSession,
  progress: Progress,
): Promise<PruneDecision[]> {
  progress.step(`Looking for what uses ${name}: schedules, rules and unfinished jobs in all queues`);
  let decisions: PruneDecision[] = [];
  for (let look = 1; look <= 2; look++) {
    const { uses, unreadable } = await allUses(name, session);
    decisions = planPrune({ revisions, keep, uses, unreadable });
    if (unreadable.length > 0) {
      progress.warn(
        `Nothing is deregistered, because this could not be read and may use any revision: ${unreadable.join(', ')}`,
      );
    }
    if (!decisions.some(canGo)) break;
  }
  return decisions;
}

function canGo({ reasons }: PruneDecision): boolean {
  return reasons.length === 0;
}

function decisionText({ revision, reasons }: PruneDecision, dryRun: boolean): string {
  if (reasons.length > 0) return `Revision ${revision} stays: ${reasons.join('; ')}`;
  return `Revision ${revision} ${dryRun ? 'would go' : 'goes'}: nothing uses it, and no rollback needs it`;
}

async function deregister(removed: readonly PruneDecision[], session: AwsSession, progress: Progress): Promise<void> {
  const batch = await session.batch();
  for (const { revision, described } of removed) {
    await batch.deregister(revisionArn(described));
    progress.info(`Deregistered revision ${revision}`);
  }
}
