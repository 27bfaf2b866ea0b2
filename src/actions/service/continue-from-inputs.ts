import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ContinueInputs, ContinueOutputs } from '../continue-deployment.ts';

/** The work of continue-deployment. */
export async function continueFromInputs(
  _inputs: ContinueInputs,
  _context: ActionContext,
): Promise<Outcome<ContinueOutputs>> {
  throw new Error('not there yet');
}
