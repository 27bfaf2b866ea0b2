import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RollbackServiceInputs, RollbackServiceOutputs } from '../rollback-service.ts';

/** The work of rollback-service. */
export async function rollBackFromInputs(
  _inputs: RollbackServiceInputs,
  _context: ActionContext,
): Promise<Outcome<RollbackServiceOutputs>> {
  throw new Error('not there yet');
}
