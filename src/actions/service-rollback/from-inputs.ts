import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RollbackServiceInputs, RollbackServiceOutputs } from '../rollback-service.ts';
import { rollBackService } from './roll-back.ts';
import { followRequest } from '../service/follow-inputs.ts';

/** The work of rollback-service. */
export async function rollBackFromInputs(
  inputs: RollbackServiceInputs,
  context: ActionContext,
): Promise<Outcome<RollbackServiceOutputs>> {
  const { cluster, service: name, onTimeout, onCancel, dryRun } = inputs;
  const following = followRequest(inputs);
  const session = await context.openSession(inputs);
  const { service, status, changes, outputs, failure } = await rollBackService(
    {
      place: { cluster, service: name },
      to: inputs.toTaskDefinition,
      ...following,
      onTimeout,
      onCancel,
      dryRun,
    },
    session,
    context,
  );
  return { component: service.name, status, changes, outputs, ...(failure ? { failure } : {}) };
}
