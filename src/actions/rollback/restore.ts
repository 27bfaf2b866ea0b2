import type { BatchOperations } from '../../aws/batch.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { carryForward } from '../../plan/job-definition/carry-forward.ts';
import { diffDefinitions } from '../../plan/job-definition/diff.ts';
import { revisionArn, revisionNumber, settle } from '../../plan/job-definition/next-revision.ts';
import { lastingTags, newTag } from '../../plan/job-definition/our-tags.ts';
import { isRejected, restoredDefinition, type RollbackPlan } from '../../plan/job-definition/rollback.ts';
import type { ActionContext } from '../context.ts';
import { checkDefinition } from '../job-definition/definition-file.ts';
import { proveRevision, registerRevision } from '../job-definition/register-revision.ts';
import { artifactFacts } from '../job-definition/release-inputs.ts';

/**
 * Tags what is left as rejected, registers the target's content as the next revision, and proves it. Throws (exit code 11)
 * when a release came in between: the last word is that of the newer pipeline.
 * @returns the revision as it was read back
 */
export async function restore(
  plan: RollbackPlan,
  { name, key }: { name: string; key: string | undefined },
  batch: BatchOperations,
  context: ActionContext,
): Promise<JsonObject> {
  const { clock, job, progress } = context;
  const facts = { pipelineNumber: job.pipelineNumber, key, ...artifactFacts(plan.target) };
  const definition = restoredDefinition(plan, facts);
  checkDefinition(definition, undefined);
  const above = revisionNumber(plan.current);
  if (!isRejected(plan.current)) {
    await batch.tagRevision(revisionArn(plan.current), newTag('rejected', clock.now().toISOString()));
    progress.info(`Revision ${above} is tagged as rejected`);
  }
  const revision = await registerRevision(batch, definition, above, context).catch((error: unknown) => {
    throw afterRejection(error, above);
  });
  const active = await batch.activeRevisions(name);
  const own = active.find((described) => revisionNumber(described) === revision);
  checkNothingNewer(active, revision, above);
  proveRevision(own, definition, `revision ${revision} of ${name}`);
  await letNewerStand(own, above, active, batch, context);
  progress.info(`Registered and read back: ${revisionArn(own)}`);
  return own;
}

/** Throws (exit code 11) when something else lies over the revision that a rollback has made. */
function checkNothingNewer(active: readonly JsonObject[], revision: number, above: number): void {
  const outcome = settle({ ours: revision, above, carried: false, active, allowOlder: false });
  if (outcome.kind !== 'superseded' && outcome.kind !== 'again') return;
  const newest = outcome.kind === 'again' ? outcome.from : outcome.newest;
  throw superseded(newest, `revision ${revision} was registered, but another release has made`);
}

/**
 * What others released between the revision that was left and the one that was made lies under it. That of a newer
 * pipeline is put on top again (exit code 11); other releases are told.
 * @param own the newest revision
 * @param above number of the revision that was left
 */
export async function letNewerStand(
  own: JsonObject,
  above: number,
  active: readonly JsonObject[],
  batch: BatchOperations,
  context: ActionContext,
): Promise<void> {
  const ours = revisionNumber(own);
  const outcome = settle({ ours, above, carried: false, active, allowOlder: false });
  if (outcome.kind === 'give-way') {
    await registerRevision(batch, { ...carryForward(outcome.to), tags: lastingTags(outcome.to) }, ours, context);
    throw superseded(outcome.to, 'a newer pipeline released meanwhile, and was put on top again:');
  }
  const covered = active.filter((each) => {
    const number = revisionNumber(each);
    return number > above && number < ours && diffDefinitions(each, own).length > 0;
  });
  for (const each of covered) {
    context.progress.warn(`Another release has made revision ${revisionNumber(each)} meanwhile; ${ours} lies over it`);
  }
}

export function superseded(newest: JsonObject, because: string): DeployError {
  return new DeployError({
    code: 'batch.superseded',
    title: `superseded: ${because} revision ${revisionNumber(newest)}`,
    message: `The newest revision is ${revisionArn(newest)}.`,
    hints: ['Look whether that one is good. When it is not, roll back once more.'],
    exitCode: EXIT.superseded,
  });
}

/** The same error, with what was done before it. */
function afterRejection(error: unknown, left: number): unknown {
  if (!(error instanceof DeployError)) return error;
  const done = `Revision ${left} still runs; only its tag aws-deploy:rejected was set. Run the rollback again.`;
  return retold(error, { hints: [...error.hints, done] });
}
