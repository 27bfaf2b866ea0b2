import { createHash } from 'node:crypto';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RollbackInputs, RollbackOutputs } from '../rollback-job-definition.ts';
import { rollBack } from './roll-back.ts';

/** The work of rollback-job-definition. */
export async function rollBackFromInputs(
  inputs: RollbackInputs,
  context: ActionContext,
): Promise<Outcome<RollbackOutputs>> {
  const { jobDefinitionName: name, toRevision, repoint, dryRun } = inputs;
  const session = await context.openSession(inputs);
  const key = rollbackKey(context);
  const done = await rollBack({ name, toRevision, repoint, dryRun, key }, session, context);
  return {
    component: name,
    status: done.status,
    changes: done.changes,
    outputs: {
      jobDefinitionName: name,
      jobDefinitionArn: done.arn,
      revision: done.revision,
      restoredRevision: done.restored,
      rejectedRevision: done.rejected,
      repointed: done.repointed,
    },
    ...(done.failure ? { failure: done.failure } : {}),
  };
}

/** The same for automatic reruns of a step. It becomes a tag, so that what no tag can hold is hashed. */
export function rollbackKey({ job }: Pick<ActionContext, 'job'>): string | undefined {
  const id = job.workflowJobId;
  if (id === undefined || /^[\w.:/=+@-]{1,128}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex');
}
