import { waitGoal } from '../../plan/rollout/wait-goal.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RollbackServiceInputs, RollbackServiceOutputs } from '../rollback-service.ts';
import { rollBackService } from '../service-rollback/roll-back.ts';

/** The work of rollback-service. */
export async function rollBackFromInputs(
  inputs: RollbackServiceInputs,
  context: ActionContext,
): Promise<Outcome<RollbackServiceOutputs>> {
  const { cluster, service: name, waitUntil, timeout, pollInterval, onTimeout, onCancel, dryRun } = inputs;
  const session = await context.openSession(inputs);
  const { service, status, changes, outputs, failure } = await rollBackService(
    {
      place: { cluster, service: name },
      to: inputs.toTaskDefinition,
      goal: waitGoal(waitUntil),
      timeout,
      pollInterval,
      onTimeout,
      onCancel,
      dryRun,
    },
    session,
    context,
  );
  return { component: service.name, status, changes, outputs, ...(failure ? { failure } : {}) };
}
