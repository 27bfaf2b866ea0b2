import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RunTaskInputs, RunTaskOutputs } from '../run-task.ts';

/** The work of run-task. */
export async function runFromInputs(_inputs: RunTaskInputs, _context: ActionContext): Promise<Outcome<RunTaskOutputs>> {
  throw new Error('not there yet');
}
