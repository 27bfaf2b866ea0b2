import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { WatchInputs, WatchOutputs } from '../watch-deployment.ts';

/** The work of watch-deployment. */
export async function watchFromInputs(_inputs: WatchInputs, _context: ActionContext): Promise<Outcome<WatchOutputs>> {
  throw new Error('not there yet');
}
