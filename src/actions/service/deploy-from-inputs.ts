import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { DeployInputs, DeployOutputs } from '../deploy-service.ts';

/** The work of deploy-service. */
export async function deployFromInputs(
  _inputs: DeployInputs,
  _context: ActionContext,
): Promise<Outcome<DeployOutputs>> {
  throw new Error('not there yet');
}
